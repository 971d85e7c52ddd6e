import { corsHeaders, quoted } from "./cors";
import type { Route } from "./document";
import type { CorsArgs, GatewayResponseArgs, JsonSchema, ResponseArgs } from "./operation";

/** A kind of response; `detail` replaces API Gateway's message where that would mislead. */
type Answer = [status: number, title: string, detail?: string];

/** API Gateway's own responses. @see "Gateway response types for API Gateway" */
const answers: Record<string, Answer> = {
  ACCESS_DENIED: [403, "You are not allowed to do this"],
  API_CONFIGURATION_ERROR: [500, "The request failed"],
  AUTHORIZER_CONFIGURATION_ERROR: [500, "The request failed"],
  AUTHORIZER_FAILURE: [500, "The request failed"],
  BAD_REQUEST_BODY: [400, "The body is not valid"],
  BAD_REQUEST_PARAMETERS: [400, "A parameter is not valid"],
  EXPIRED_TOKEN: [403, "The credentials have expired"],
  INTEGRATION_FAILURE: [504, "The service did not answer"],
  INTEGRATION_TIMEOUT: [504, "The service did not answer in time"],
  INVALID_API_KEY: [403, "The API key is not valid"],
  INVALID_SIGNATURE: [403, "The signature is not valid"],
  MISSING_AUTHENTICATION_TOKEN: [403, "The request is not signed, or there is no such resource"],
  QUOTA_EXCEEDED: [429, "The quota is used up"],
  REQUEST_TOO_LARGE: [413, "The content is too large"],
  RESOURCE_NOT_FOUND: [404, "There is no such resource"],
  THROTTLED: [429, "Too many requests"],
  UNAUTHORIZED: [401, "The request has no valid credentials"],
  UNSUPPORTED_MEDIA_TYPE: [415, "The content type is not supported"],
  WAF_FILTERED: [403, "The request was refused"],
};

/** The names of all kinds of response. */
export const responseTypes = ["DEFAULT_4XX", "DEFAULT_5XX", ...Object.keys(answers)];

const noSuchResource: Answer = [404, "There is no such resource", "No operation has this method and path."];

/**
 * API Gateway's own responses as problems (RFC 9457), readable by pages of other origins.
 * @param signed whether any route requires signed requests: if none does, a missing signature can only mean a missing
 * route
 * @param own what the API says itself, by type
 */
export function gatewayResponses(
  cors: CorsArgs | undefined,
  signed: boolean,
  own: Record<string, GatewayResponseArgs> = {},
): Record<string, object> {
  const known = { ...answers };
  if (!signed) known.MISSING_AUTHENTICATION_TOKEN = noSuchResource;
  const headers = { "Content-Type": "application/problem+json", ...(cors ? corsHeaders(cors) : {}) };
  const response = (type: string, template: string, statusCode?: number, more: Record<string, string> = {}) => ({
    statusCode: own[type]?.statusCode ?? statusCode,
    responseParameters: headerMappings({ ...headers, ...more, ...own[type]?.headers }),
    responseTemplates: own[type]?.templates ?? { "application/json": template },
  });
  const entries = Object.entries(known).map(([type, [status, title, detail]]) => {
    const more = type === "THROTTLED" ? { "Retry-After": "1" } : undefined;
    return [type, response(type, problemTemplate(title, own[type]?.statusCode ?? status, detail), status, more)];
  });
  return {
    DEFAULT_4XX: response("DEFAULT_4XX", problemTemplate("The request was refused")),
    DEFAULT_5XX: response("DEFAULT_5XX", problemTemplate("The request failed")),
    ...Object.fromEntries(entries),
  };
}

function headerMappings(headers: Record<string, string>): Record<string, string> {
  const mappings = Object.entries(quoted(headers)).map(([name, value]) => [`gatewayresponse.header.${name}`, value]);
  return Object.fromEntries(mappings);
}

/**
 * These templates only replace variables: `messageString` is a quoted string, as in API Gateway's own default.
 * `validationErrorString` is left out because it contains quotes and the caller's text, which cannot be escaped here; a
 * function that checks the body itself can say in detail what is wrong.
 * @see "x-amazon-apigateway-gateway-responses.responseTemplates object"
 */
function problemTemplate(title: string, status?: number, detail = ownMessage): string {
  const type = "urn:problem:gateway:$context.error.responseType";
  const document = { type, title, status, detail, requestId: "$context.requestId" };
  return JSON.stringify(document).replace(JSON.stringify(ownMessage), () => ownMessage);
}

/** A variable whose value includes its quotes. */
const ownMessage = "$context.error.messageString";

const problem: JsonSchema = {
  title: "GatewayProblem",
  type: "object",
  description: "RFC 9457, as API Gateway writes it before or after a function is called",
  required: ["type", "title", "detail", "requestId"],
  properties: {
    type: { type: "string", description: "The kind of problem: urn:problem:gateway: and API Gateway's name for it" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    requestId: { type: "string" },
  },
  example: {
    type: "urn:problem:gateway:THROTTLED",
    title: "Too many requests",
    status: 429,
    detail: "Too Many Requests",
    requestId: "9f3b8e0c-4f0e-4c55-9a63-8c1d2f0a7b5e",
  },
};

/** A response in a document's components. */
export interface NamedResponse {
  name: string;
  response: ResponseArgs;
}

function named(name: string, description: string, more: Partial<ResponseArgs> = {}): NamedResponse {
  const content = { "application/problem+json": { schema: problem } };
  return { name, response: { description, content, ...more } };
}

const retryAfter = { description: "Seconds to wait", schema: { type: "integer" } };

/** What API Gateway answers to callers who may not call a route. */
export function refusalsOf(
  { auth, apiKeyRequired }: Pick<Route, "auth" | "apiKeyRequired">,
  describe: (name: string, description: string) => NamedResponse,
): Record<string, NamedResponse> {
  if (auth === "iam")
    return { 403: describe("Forbidden", "The request is not signed by an identity that may send it") };
  const isAuthorized = auth !== "none";
  return {
    ...(isAuthorized && { 401: describe("Unauthorized", "The request has no valid token") }),
    ...((isAuthorized || apiKeyRequired) && { 403: describe("NotAllowed", "The caller may not send this request") }),
  };
}

/** What API Gateway itself may answer to a route, by status. @see "Amazon API Gateway quotas and important notes" */
export function gatewayStatuses({ validation, operation, ...route }: Route): Record<string, NamedResponse> {
  return {
    ...(validation !== "none" && { 400: named("BadRequest", "The request is not as this document describes it") }),
    ...refusalsOf(route, named),
    ...(operation.requestBody && { 413: named("ContentTooLarge", "The body is larger than 10 MB") }),
    429: named("TooManyRequests", "Too many requests at once", { headers: { "Retry-After": retryAfter } }),
    431: named("HeadersTooLarge", "Request line and headers are larger than 10,240 bytes together", { content: {} }),
    502: named("BadGateway", "The function failed"),
    504: named("GatewayTimeout", "The function did not respond in time"),
  };
}
