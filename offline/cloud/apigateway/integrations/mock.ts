import type { Answer } from "../../core/answer";
import type { Integration, IntegrationResponse } from "../definition/document";
import { headersReturned } from "../request/headers";
import { type BinaryTypes, mediaTypeOf } from "../request/mediaTypes";
import { type GatewayRequest, withDefaults } from "../request/request";
import { Rejection } from "../responses/responses";
import { ContextOverrides } from "../templates/overrides";
import { compileTemplate, mapHeaders, type Template } from "../templates/template";

export type Responder = (request: GatewayRequest) => Answer | Promise<Answer>;

/**
 * An integration that answers without a backend.
 * @throws TemplateError for a template that cannot be evaluated
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export function compileMock(integration: Integration, isBinary: BinaryTypes): Responder {
  const readRequest = compileRequest(integration, isBinary);
  const compiled = Object.entries(integration.responses ?? {}).map(([pattern, response]) => ({
    pattern,
    answer: compileResponse(response),
  }));
  return (request) => {
    const overrides = new ContextOverrides();
    const [, status] = /["']?statusCode["']?\s*:\s*["']?(\d{3})/.exec(readRequest(request, { overrides })) ?? [];
    if (!status) throw failure("the request template, or the body if there is none, gives no statusCode");
    const chosen =
      compiled.find(({ pattern }) => pattern !== "default" && new RegExp(`^(?:${pattern})$`).test(status)) ??
      compiled.find(({ pattern }) => pattern === "default");
    if (!chosen) throw failure(`no response matches the status ${status}, and there is no default response`);
    return chosen.answer(request, overrides);
  };
}

/**
 * The integration's request. Templates do not apply to bytes; a body whose type has none is passed through or refused.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 */
function compileRequest(integration: Integration, isBinary: BinaryTypes): Template {
  const { requestTemplates = {}, passthroughBehavior = "when_no_match", contentHandling } = integration;
  const templates = new Map(Object.entries(requestTemplates).map(([type, text]) => [type, compileTemplate(text)]));
  const behavior = passthroughBehavior.toLowerCase();
  const refuses = behavior === "never" || (behavior === "when_no_templates" && templates.size > 0);
  return (request, scope) => {
    const type = mediaTypeOf(request.headers["content-type"]) || "application/json";
    if (contentHandling !== "CONVERT_TO_TEXT" && (contentHandling ?? isBinary(type))) {
      throw failure(`the API treats ${type} as binary; set the integration's contentHandling to CONVERT_TO_TEXT`);
    }
    const template = templates.get(type);
    if (!template && refuses) throw new Rejection("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");
    return template ? template(request, scope) : request.body.toString();
  };
}

/** A mistake in the document, which is a server error in API Gateway as well. */
function failure(why: string): Rejection {
  return new Rejection("API_CONFIGURATION_ERROR", "Internal server error", undefined, `mock integration: ${why}`);
}

function compileResponse({ statusCode, responseParameters = {}, responseTemplates = {} }: IntegrationResponse) {
  const [[mediaType, text] = ["application/json", ""]] = Object.entries(responseTemplates);
  const template = compileTemplate(text);
  return (request: GatewayRequest, overrides: ContextOverrides): Answer => {
    // The integration answers without a body, whatever the caller sends.
    const body = template(request, { body: "", overrides });
    const mapped = mapHeaders(responseParameters, "method.response.header.", request);
    const headers = headersReturned(withDefaults(mapped, overrides.responseHeaders));
    return {
      status: overrides.status ?? Number(statusCode ?? 200),
      headers: withDefaults([["Content-Type", mediaType]], headers),
      body,
    };
  };
}
