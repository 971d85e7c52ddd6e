import { parse } from "yaml";
import type { Graph } from "../../../engine/graph";
import { asMap, asText, ownResources, type Settings } from "../../core/resources";

/**
 * The parts of an OpenAPI document, with API Gateway's extensions, that say how to serve requests.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export interface Document {
  info?: { title?: string };
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

/** Who may call a route: whoever signs the request, passes an authorizer or has an API key, or anyone. */
export type Auth = "iam" | "authorizer" | "key" | "none";

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

/** An API's OpenAPI body: its own, unless a resource of its own puts another one in its place. */
export function bodyOf({ id, body }: Settings, graph: Graph): string | undefined {
  const put = ownResources(graph, "aws:apigateway/restApiPut:RestApiPut").findLast(
    ({ settings }) => settings.restApiId === id,
  );
  return asText(put?.settings.body) ?? asText(body);
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
