import type { Graph } from "../../../engine/graph";
import {
  asMap,
  asNumber,
  asStrings,
  asText,
  asTexts,
  isMap,
  ownResources,
  type PlainResource,
  type Settings,
} from "../../core/resources";
import type { Document, GatewayResponse, Integration, IntegrationResponse, Operation, Parameter } from "./document";

/** The name of the security scheme that stands for an API key. */
export const API_KEY = "api_key";

/**
 * What `Method`, `Integration` and the other resources of an API say, as the document that an OpenAPI body would be.
 * @param api the id of the REST API
 * @param root the id of its root resource
 */
export function documentOfResources(graph: Graph, api: string, root: unknown): Document {
  const of = (type: string, key?: string) => resourcesOf(graph, api, type, key).map(({ settings }) => settings);
  const paths: Record<string, Record<string, Operation>> = {};
  const integrations = new Map(of("integration").map((settings) => [methodKey(settings), settings]));
  const responses = of("integrationResponse");
  const pathOf = pathsOf(graph, api, root);
  for (const method of of("method")) {
    const key = methodKey(method);
    const integration = integrations.get(key);
    const path = pathOf.get(method.resourceId);
    if (path === undefined) continue;
    paths[path] = {
      ...paths[path],
      [documentMethod(method.httpMethod)]: {
        ...operationOf(method),
        ...(integration && {
          "x-amazon-apigateway-integration": integrationOf(
            integration,
            responses.filter((response) => methodKey(response) === key),
          ),
        }),
      },
    };
  }
  return {
    paths: paths as Document["paths"],
    components: {
      schemas: Object.fromEntries(of("model").map((model) => [String(model.name), schemaOf(model)])),
      securitySchemes: {
        [API_KEY]: apiKeyScheme,
        ...Object.fromEntries(of("authorizer").map((authorizer) => [String(authorizer.id), schemeOf(authorizer)])),
      },
    },
    "x-amazon-apigateway-request-validators": Object.fromEntries(
      of("requestValidator").map(({ id, validateRequestBody, validateRequestParameters }) => [
        String(id),
        {
          validateRequestBody: validateRequestBody === true,
          validateRequestParameters: validateRequestParameters === true,
        },
      ]),
    ),
    "x-amazon-apigateway-gateway-responses": Object.fromEntries(
      of("response", "restApiId").map((response) => [String(response.responseType), gatewayResponseOf(response)]),
    ),
  };
}

/** The resources of an API that have a type, such as `method`. */
export function resourcesOf(graph: Graph, api: string, type: string, key = "restApi"): PlainResource[] {
  const token = `aws:apigateway/${type}:${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  return ownResources(graph, token).filter(({ settings }) => settings[key] === api);
}

/** The models that every API has. Recorded from AWS by localstack, 2024-10. */
export const BUILT_IN_MODELS = {
  Empty: { type: "object" },
  Error: { type: "object", properties: { message: { type: "string" } } },
};

/** How a document says that a route needs an API key. */
export const apiKeyScheme = { type: "apiKey", name: "x-api-key", in: "header" };

/** A document with the additions of another one, which takes precedence method by method. */
export function mergeDocuments(document: Document, additions: Document): Document {
  const merged: Settings = { ...document };
  for (const [key, value] of Object.entries(additions)) merged[key] = mergeMaps(merged[key], value, 3);
  return merged;
}

/** Merges maps down to a depth: paths to their methods, and components to their schemas. */
function mergeMaps(old: unknown, value: unknown, depth: number): unknown {
  if (depth === 0 || !isMap(old) || !isMap(value)) return value;
  const both = Object.entries(value).map(([key, inner]) => [key, mergeMaps(old[key], inner, depth - 1)]);
  return { ...old, ...Object.fromEntries(both) };
}

/** A method as the key of a path item. */
export function documentMethod(method: unknown): string {
  const lower = String(method).toLowerCase();
  return lower === "any" ? "x-amazon-apigateway-any-method" : lower;
}

function methodKey({ resourceId, httpMethod }: Settings): string {
  return `${resourceId} ${httpMethod}`;
}

/** The paths of an API's resources by their ids, without those below a resource that the program does not own. */
export function pathsOf(graph: Graph, api: string, root: unknown): Map<unknown, string> {
  const resources = new Map(resourcesOf(graph, api, "resource").map(({ settings }) => [settings.id, settings]));
  const pathOf = (id: unknown): string | undefined => {
    if (id === root) return "/";
    const resource = resources.get(id);
    const parent = resource && pathOf(resource.parentId);
    return parent === undefined ? undefined : `${parent === "/" ? "" : parent}/${resource?.pathPart}`;
  };
  return new Map(
    [root, ...resources.keys()].flatMap((id) => {
      const path = pathOf(id);
      return path === undefined ? [] : [[id, path]];
    }),
  );
}

function operationOf(method: Settings): Operation {
  const authorization = asText(method.authorization)?.toUpperCase();
  const authorizer = asText(method.authorizerId);
  const validator = asText(method.requestValidatorId);
  const models = Object.entries(asStrings(method.requestModels));
  const content = models.map(([type, model]) => [type, { schema: { $ref: `#/components/schemas/${model}` } }]);
  const security = [
    ...(authorizer && authorization !== "NONE" ? [{ [authorizer]: asTexts(method.authorizationScopes) }] : []),
    ...(method.apiKeyRequired === true ? [{ [API_KEY]: [] }] : []),
  ];
  return {
    ...(asText(method.operationName) && { operationId: asText(method.operationName) }),
    ...(authorization === "AWS_IAM" && { "x-amazon-apigateway-auth": { type: "AWS_IAM" } }),
    ...(security.length > 0 && { security }),
    ...(validator && { "x-amazon-apigateway-request-validator": validator }),
    ...(content.length > 0 && { requestBody: { content: Object.fromEntries(content) } }),
    parameters: Object.entries(asMap(method.requestParameters)).flatMap(([name, required]) =>
      parameterOf(name, required === true),
    ),
  };
}

const PLACES: Record<string, Parameter["in"]> = { header: "header", path: "path", querystring: "query" };

/** Such as `method.request.querystring.page`. */
function parameterOf(name: string, required: boolean): Parameter[] {
  const [, place = "", parameter = ""] = /^method\.request\.(\w+)\.(.+)$/.exec(name) ?? [];
  const where = PLACES[place];
  return where ? [{ name: parameter, in: where, required }] : [];
}

function integrationOf(settings: Settings, responses: Settings[]): Integration {
  const timeout = asNumber(settings.timeoutMilliseconds);
  return {
    type: asText(settings.type),
    uri: asText(settings.uri),
    httpMethod: asText(settings.integrationHttpMethod),
    connectionType: asText(settings.connectionType),
    ...(timeout && { timeoutInMillis: timeout }),
    responseTransferMode: asText(settings.responseTransferMode) || undefined,
    requestTemplates: asStrings(settings.requestTemplates),
    requestParameters: asStrings(settings.requestParameters),
    passthroughBehavior: asText(settings.passthroughBehavior) || undefined,
    ...contentHandlingOf(settings),
    responses: Object.fromEntries(
      responses.map((response) => [asText(response.selectionPattern) || "default", integrationResponseOf(response)]),
    ),
  };
}

function integrationResponseOf(settings: Settings): IntegrationResponse {
  const { statusCode, responseParameters, responseTemplates } = settings;
  return {
    statusCode: asText(statusCode),
    responseParameters: asStrings(responseParameters),
    responseTemplates: asStrings(responseTemplates),
    ...contentHandlingOf(settings),
  };
}

function contentHandlingOf({ contentHandling }: Settings): Pick<Integration, "contentHandling"> {
  return contentHandling === "CONVERT_TO_TEXT" || contentHandling === "CONVERT_TO_BINARY" ? { contentHandling } : {};
}

function gatewayResponseOf({ statusCode, responseParameters, responseTemplates }: Settings): GatewayResponse {
  return {
    ...(asText(statusCode) && { statusCode: asText(statusCode) }),
    responseParameters: asStrings(responseParameters),
    responseTemplates: asStrings(responseTemplates),
  };
}

function schemeOf(authorizer: Settings) {
  const type = (asText(authorizer.type) || "TOKEN").toLowerCase();
  const identitySource = asText(authorizer.identitySource) || "method.request.header.Authorization";
  return {
    type: "apiKey",
    in: "header",
    name: type === "request" ? "Unused" : identitySource.replace(/^method\.request\.header\./, ""),
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
      type,
      identitySource,
      authorizerUri: asText(authorizer.authorizerUri),
      identityValidationExpression: asText(authorizer.identityValidationExpression) || undefined,
      authorizerResultTtlInSeconds: asNumber(authorizer.authorizerResultTtlInSeconds),
      providerARNs: asTexts(authorizer.providerArns),
    },
  };
}

/** A model's schema. Its references stay valid inside the document, where they start at the document. */
function schemaOf({ name, schema }: Settings): object {
  const parsed: unknown = parseSchema(asText(schema) || "{}");
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === "$ref" && typeof inner === "string" ? moveReference(inner, String(name)) : convert(inner),
      ]),
    );
  };
  return asMap(convert(parsed));
}

/** AWS refuses a model that is not JSON, as the start says; here it accepts everything. */
function parseSchema(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html for references to models */
function moveReference(reference: string, model: string): string {
  return reference
    .replace(/^#/, `#/components/schemas/${model}`)
    .replace(/^https:\/\/apigateway\.[^/]+\/restapis\/[^/]+\/models\/([^/]+)$/, "#/components/schemas/$1");
}
