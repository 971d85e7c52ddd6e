import { parse } from "yaml";
import type { Graph } from "../../../engine/graph";
import { asList, asMap, asStrings, asText, ownResources, type Settings } from "../../core/resources";

/**
 * The parts of an OpenAPI document, with API Gateway's extensions, that say how to serve requests.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export interface Document {
  info?: { title?: string };
  /** Of OpenAPI 3.0. */
  servers?: { url?: string; variables?: object }[];
  /** Of Swagger 2.0. */
  basePath?: string;
  paths?: Record<string, PathItem>;
  security?: SecurityRequirement[];
  components?: { securitySchemes?: Record<string, SecurityScheme>; [name: string]: unknown };
  /** Where Swagger 2.0 has its security schemes. */
  securityDefinitions?: Record<string, SecurityScheme>;
  definitions?: Record<string, unknown>;
  "x-amazon-apigateway-api-key-source"?: string;
  "x-amazon-apigateway-auth"?: { type?: string };
  "x-amazon-apigateway-binary-media-types"?: string[];
  "x-amazon-apigateway-gateway-responses"?: Record<string, GatewayResponse>;
  "x-amazon-apigateway-minimum-compression-size"?: number;
  "x-amazon-apigateway-policy"?: object;
  "x-amazon-apigateway-request-validator"?: string;
  "x-amazon-apigateway-request-validators"?: Record<string, RequestValidator>;
}

/** A method in lower case, `x-amazon-apigateway-any-method`, or `parameters` that all methods share. */
export type PathItem = Record<string, Operation> & { parameters?: never };

export interface Operation {
  operationId?: string;
  security?: SecurityRequirement[];
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, { schema?: object }> };
  "x-amazon-apigateway-auth"?: { type?: string };
  "x-amazon-apigateway-integration"?: Integration;
  "x-amazon-apigateway-request-validator"?: string;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header" | "cookie" | "body";
  required?: boolean;
  /** Of the body, in Swagger 2.0. */
  schema?: object;
}

type SecurityRequirement = Record<string, string[]>;

export interface SecurityScheme {
  type?: string;
  in?: string;
  name?: string;
  "x-amazon-apigateway-authtype"?: string;
  "x-amazon-apigateway-authorizer"?: Authorizer;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html */
export interface Authorizer {
  /** `token`, `request`, `cognito_user_pools` or `jwt`. */
  type?: string;
  authorizerUri?: string;
  /** Expressions such as `method.request.header.Authorization`, separated by commas. */
  identitySource?: string;
  identityValidationExpression?: string;
  /** How long the answers of a Lambda authorizer are kept. @default 300 */
  authorizerResultTtlInSeconds?: number;
  /** The ARNs of user pools. */
  providerARNs?: string[];
  /** Of a JWT authorizer: `issuers` and `defaultAlgorithms`. */
  jwtConfiguration?: object;
}

interface RequestValidator {
  validateRequestBody?: boolean;
  validateRequestParameters?: boolean;
}

export interface Integration {
  type?: string;
  uri?: string;
  /** The method of the integration's request. */
  httpMethod?: string;
  /** @default "INTERNET" */
  connectionType?: string;
  /** Instead of a type and a URI: files of this machine, which a component uploads when it is deployed. */
  files?: LocalFiles;
  timeoutInMillis?: number;
  /** @default "BUFFERED" */
  responseTransferMode?: string;
  requestTemplates?: Record<string, string>;
  /** Where the headers of the integration's request come from. For a proxy integration, only the tenant's is emulated. */
  requestParameters?: Record<string, string>;
  /** What happens to a body whose type has no template. @default "when_no_match": it is passed through */
  passthroughBehavior?: string;
  /** Converts the body to text or bytes. @default unchanged, as the API's binary types decide */
  contentHandling?: "CONVERT_TO_TEXT" | "CONVERT_TO_BINARY";
  /** By a pattern for the integration's status, or `default`. */
  responses?: Record<string, IntegrationResponse>;
}

export interface LocalFiles {
  /** An absolute path: of a file, or of the folder that contains the path parameter `proxy`. */
  path: string;
  /** @default guessed from the file's name */
  contentType?: string;
}

export interface IntegrationResponse {
  statusCode?: string | number;
  responseParameters?: Record<string, string>;
  responseTemplates?: Record<string, string>;
  contentHandling?: "CONVERT_TO_TEXT" | "CONVERT_TO_BINARY";
}

export interface GatewayResponse {
  statusCode?: string | number;
  responseParameters?: Record<string, string>;
  responseTemplates?: Record<string, string>;
}

const ENDPOINT = "x-amazon-apigateway-endpoint-configuration";

/** Whether an API answers only at its domains. OpenAPI 3.0 has the extension in the server, Swagger 2.0 in the document. */
export function disablesEndpoint({ disableExecuteApiEndpoint }: Settings, document: object): boolean {
  if (typeof disableExecuteApiEndpoint === "boolean") return disableExecuteApiEndpoint;
  const { servers, [ENDPOINT]: endpoint } = asMap(document);
  return asMap(asList(servers)[0]?.[ENDPOINT] ?? endpoint).disableExecuteApiEndpoint === true;
}

/** What has an API's OpenAPI body: the API itself, unless a resource of its own puts another one in its place. */
export function importOf(settings: Settings, graph: Graph): Settings {
  const puts = ownResources(graph, "aws:apigateway/restApiPut:RestApiPut");
  const put = puts.findLast(({ settings: { restApiId } }) => restApiId === settings.id);
  return asText(put?.settings.body) ? (put?.settings ?? settings) : settings;
}

/** Reads the body of an API, JSON or YAML. Returns why it cannot be served as text. */
export function parseDocument(body: string): Document | string {
  try {
    const document: unknown = body.trimStart().startsWith("{") ? JSON.parse(body) : parse(body);
    return Object.keys(asMap(asMap(document).paths)).length > 0
      ? (document as Document)
      : "its OpenAPI body has no paths";
  } catch (error) {
    return `its OpenAPI body is neither JSON nor YAML: ${(error as Error).message}`;
  }
}

/**
 * A document with the paths that its API has: an import with the parameter `basepath` puts them below the document's own
 * base path (`prepend`), or below that without its first part (`split`).
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html
 */
export function withBasePath(document: Document, { parameters }: Settings): Document {
  const { basepath } = asStrings(parameters);
  if (basepath !== "prepend" && basepath !== "split") return document;
  const parts = basePathOf(document).split("/").filter(Boolean);
  const prefix = parts
    .slice(basepath === "split" ? 1 : 0)
    .map((part) => `/${part}`)
    .join("");
  const pathOf = (path: string) => (path === "/" ? prefix || "/" : prefix + path);
  const items = Object.entries(document.paths ?? {}).map(([path, item]) => [pathOf(path), item]);
  return { ...document, paths: Object.fromEntries(items) };
}

/** In OpenAPI 3.0 it is the path of the first server. */
function basePathOf({ basePath, servers: [server] = [] }: Document): string {
  if (basePath !== undefined) return basePath;
  const variables = asMap(server?.variables);
  const url = (server?.url ?? "").replace(/\{(\w+)\}/g, (_, name) => asText(asMap(variables[name]).default) ?? "");
  return url.replace(/^[a-z]+:\/\/[^/]*/i, "");
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];
const ANY_METHOD = "x-amazon-apigateway-any-method";

/** The operations of a path, by method in upper case or `ANY`. */
export function operationsOf(item: PathItem): [string, Operation][] {
  return Object.entries(item)
    .filter(([method]) => METHODS.includes(method) || method === ANY_METHOD)
    .map(([method, operation]) => [method === ANY_METHOD ? "ANY" : method.toUpperCase(), operation]);
}

/** The security schemes of OpenAPI 3 or Swagger 2.0. */
export function schemesOf({ components, securityDefinitions }: Document): Record<string, SecurityScheme> {
  return { ...securityDefinitions, ...components?.securitySchemes };
}

/** The document uses something that is not emulated: its route says so instead of answering wrongly. */
export class NotServable extends Error {}
