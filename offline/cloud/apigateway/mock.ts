import type { Integration, IntegrationResponse } from "./document";
import { type GatewayAnswer, type GatewayRequest, withDefaults } from "./request";
import { Rejection } from "./responses";
import { compileTemplate, mapHeaders } from "./template";

export type Responder = (request: GatewayRequest) => GatewayAnswer | Promise<GatewayAnswer>;

/**
 * An integration that answers without a backend.
 * @throws TemplateError for a template that cannot be evaluated
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export function compileMock({ requestTemplates = {}, responses = {} }: Integration): Responder {
  const requestTemplate = compileTemplate(
    requestTemplates["application/json"] ?? Object.values(requestTemplates)[0] ?? "",
  );
  const compiled = Object.entries(responses).map(([pattern, response]) => ({
    pattern,
    answer: compileResponse(response),
  }));
  return (request) => {
    const status = readStatus(requestTemplate(request));
    const chosen =
      compiled.find(({ pattern }) => pattern !== "default" && new RegExp(`^(?:${pattern})$`).test(status)) ??
      compiled.find(({ pattern }) => pattern === "default");
    if (!chosen) throw new Rejection("DEFAULT_5XX", "Internal server error");
    return chosen.answer(request);
  };
}

function readStatus(text: string): string {
  const [, status] = /["']?statusCode["']?\s*:\s*["']?(\d{3})/.exec(text) ?? [];
  if (!status) throw new Rejection("DEFAULT_5XX", "Internal server error");
  return status;
}

function compileResponse({ statusCode, responseParameters = {}, responseTemplates = {} }: IntegrationResponse) {
  const [[mediaType, text] = ["application/json", ""]] = Object.entries(responseTemplates);
  const template = compileTemplate(text);
  return (request: GatewayRequest): GatewayAnswer => ({
    status: Number(statusCode ?? 200),
    headers: withDefaults(
      [["Content-Type", mediaType]],
      mapHeaders(responseParameters, "method.response.header.", request),
    ),
    body: template(request),
  });
}
