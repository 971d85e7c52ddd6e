import type { Graph } from "../engine/graph";
import { hideSecrets } from "../engine/query";
import { mapValues, redact } from "../engine/values";

/** The graph as one JSON document. Secrets are "[secret]", unknown values "[unknown]". */
export function renderJson(given: Graph): string {
  const graph = hideSecrets(given);
  const { project, stack, region, diagnostics, policyPacks } = graph;
  const resources = graph.resources.map((resource) => ({
    ...resource,
    inputs: mapValues(resource.inputs, redact),
    outputs: mapValues(resource.outputs, redact),
  }));
  const outputs = mapValues(graph.outputs, redact);
  const document = { project, stack, region, resources, outputs, diagnostics, policyPacks };
  return `${JSON.stringify(document, null, 2)}\n`;
}
