import type { Graph } from "../../../engine/graph";
import { asStrings, asText, isMap } from "../../core/resources";
import type { Document } from "./document";
import { BUILT_IN_MODELS, resourcesOf } from "./resources";

/** What AWS refuses when the resources of an API are deployed, one sentence each. */
export function refusalsOf(graph: Graph, api: string, { components, definitions }: Document): string[] {
  const models = Object.keys({ ...BUILT_IN_MODELS, ...definitions, ...(components?.schemas ?? {}) });
  const refusals = [
    ...resourcesOf(graph, api, "integration").map(({ name, settings }) => {
      const type = asText(settings.type) ?? "";
      if (!NEEDS_METHOD.test(type) || asText(settings.integrationHttpMethod)) return undefined;
      const remedy = type === "AWS_PROXY" ? 'set it to "POST"' : "set it to the method of the backend";
      return `Integration ${name}: the type ${type} needs an integrationHttpMethod; ${remedy}`;
    }),
    ...resourcesOf(graph, api, "model").map(({ name, settings }) => {
      const why = /json/i.test(asText(settings.contentType) ?? "json") && faultOf(asText(settings.schema) || "{}");
      return why ? `Model ${name}: its schema is ${why}` : undefined;
    }),
    ...resourcesOf(graph, api, "method").map(({ name, settings }) => {
      const unknown = Object.values(asStrings(settings.requestModels)).filter((model) => !models.includes(model));
      if (unknown.length === 0) return undefined;
      return `Method ${name}: its requestModels name ${unknown.join(", ")}, but the API's models are ${models.join(", ")}`;
    }),
  ];
  return refusals.flatMap((refusal) => (refusal ? [`AWS refuses ${refusal}`] : []));
}

/**
 * The types whose integrations have a request. Recorded from AWS by localstack, 2024-06, but for `AWS_PROXY`.
 * @see https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/integration/#integrationhttpmethod_nodejs
 */
const NEEDS_METHOD = /^(?:AWS|HTTP)(?:_PROXY)?$/;

function faultOf(schema: string): string | undefined {
  try {
    return isMap(JSON.parse(schema)) ? undefined : "not a JSON object";
  } catch (error) {
    return `not JSON: ${(error as Error).message}`;
  }
}
