import type { Route } from "./document";
import { type NamedResponse, refusalsOf } from "./gatewayResponses";
import type { JsonSchema, MediaTypeArgs } from "./operation";

const message: JsonSchema = {
  title: "GatewayMessage",
  type: "object",
  description: "As an HTTP API of API Gateway writes it before or after a function is called",
  required: ["message"],
  properties: { message: { type: "string" } },
  example: { message: "Too Many Requests" },
};

const messageContent: Record<string, MediaTypeArgs> = { "application/json": { schema: message } };

function named(name: string, description: string, content = messageContent): NamedResponse {
  return { name, response: { description, content } };
}

/**
 * What an HTTP API itself may answer to a route, by status; unlike a REST API's responses, these cannot be changed.
 * @see "Amazon API Gateway quotas and important notes" and "Troubleshooting issues with HTTP API Lambda integrations"
 */
export function httpStatuses(route: Route): Record<string, NamedResponse> {
  return {
    ...refusalsOf(route, named),
    ...(route.operation.requestBody && { 413: named("ContentTooLarge", "The body is larger than 10 MB") }),
    429: named("TooManyRequests", "Too many requests at once"),
    431: named("HeadersTooLarge", "Request line and headers are larger than 10,240 bytes together", {}),
    500: named("FunctionFailed", "The function failed"),
    503: named("ServiceUnavailable", "The function did not respond in time"),
  };
}
