import type { Answer } from "../../core/answer";
import type { Integration, IntegrationResponse } from "../definition/document";
import { headersReturned } from "../request/headers";
import { type BinaryTypes, mediaTypeOf } from "../request/mediaTypes";
import { type GatewayRequest, withDefaults } from "../request/request";
import { chooseTemplate, Rejection } from "../responses/responses";
import { ContextOverrides } from "../templates/overrides";
import { compileTemplate, mapHeaders, type Template } from "../templates/template";

export type Responder = (request: GatewayRequest) => Answer | Promise<Answer>;

type Pairs = Answer["headers"];

/** An integration's request, as its templates and parameters make it. */
export interface IntegrationRequest {
  /** Text, or bytes that no template has changed. */
  body: string | Buffer;
  headers: Pairs;
  query: Pairs;
  /** Values for `{name}` in the integration's URI. */
  path: Pairs;
}

/** What a backend answers. */
export interface BackendAnswer {
  /** What the patterns of the responses are compared with: a status, or the message of a function's error. @default nothing: the default response is chosen */
  outcome?: string;
  headers: Pairs;
  body: string | Buffer;
}

/** Sends an integration's request to where it belongs. @throws Rejection if nothing answers */
export type Backend = (sent: IntegrationRequest, request: GatewayRequest) => BackendAnswer | Promise<BackendAnswer>;

/**
 * An integration that is not a proxy: it maps the request, calls a backend and maps the backend's answer.
 * @throws TemplateError for a template that cannot be evaluated
 */
export function compileIntegration(integration: Integration, isBinary: BinaryTypes, backend: Backend): Responder {
  const mapRequest = compileRequest(integration, isBinary);
  const responses = Object.entries(integration.responses ?? {}).map(([pattern, response]) => ({
    matches: new RegExp(`^(?:${pattern})$`),
    isDefault: pattern === "default",
    map: compileResponse(response, isBinary),
  }));
  return async (request) => {
    const overrides = new ContextOverrides();
    const answer = await backend(mapRequest(request, overrides), request);
    const { outcome } = answer;
    const chosen =
      responses.find(({ matches, isDefault }) => !isDefault && outcome !== undefined && matches.test(outcome)) ??
      responses.find(({ isDefault }) => isDefault);
    if (!chosen) throw misconfigured(`no response matches ${outcome ?? "success"}, and there is no default response`);
    return chosen.map(request, answer, overrides);
  };
}

/** A mistake in the definition that AWS accepts, and answers with a server error. */
export function misconfigured(why: string): Rejection {
  return new Rejection("API_CONFIGURATION_ERROR", "Internal server error", undefined, `integration: ${why}`);
}

/**
 * Templates do not apply to bytes; a body whose type has none is passed through or refused.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
function compileRequest(integration: Integration, isBinary: BinaryTypes) {
  const { requestTemplates = {}, requestParameters = {}, contentHandling } = integration;
  const templates = new Map(Object.entries(requestTemplates).map(([type, text]) => [type, compileTemplate(text)]));
  const behavior = integration.passthroughBehavior?.toLowerCase();
  const refuses = behavior === "never" || (behavior === "when_no_templates" && templates.size > 0);
  return (request: GatewayRequest, overrides: ContextOverrides): IntegrationRequest => {
    const type = mediaTypeOf(request.headers["content-type"]) || "application/json";
    const content = converted(request.body, { isBinary: isBinary(type), contentHandling });
    const template = templates.get(type);
    if (!template && refuses) throw new Rejection("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");
    if (template && typeof content !== "string") {
      const remedy = "set the integration's contentHandling to CONVERT_TO_TEXT";
      throw misconfigured(`a template does not apply to bytes, and the API treats ${type} as binary; ${remedy}`);
    }
    const body = template ? template(request, { body: content, overrides }) : content;
    const mapped = (place: string) => mapHeaders(requestParameters, `integration.request.${place}.`, request);
    return {
      body,
      headers: withDefaults(mapped("header"), overrides.requestHeaders),
      query: withDefaults(mapped("querystring"), overrides.querystring),
      path: withDefaults(mapped("path"), overrides.path),
    };
  };
}

function compileResponse(response: IntegrationResponse, isBinary: BinaryTypes) {
  const { statusCode, responseParameters = {}, responseTemplates = {}, contentHandling } = response;
  const templates = Object.entries(responseTemplates).map(([type, text]): [string, Template] => [
    type,
    compileTemplate(text),
  ]);
  return (request: GatewayRequest, { headers, body }: BackendAnswer, overrides: ContextOverrides): Answer => {
    const type = headers.find(([name]) => /^content-type$/i.test(name))?.[1];
    const content = converted(body, {
      isBinary: isBinary(type),
      contentHandling: contentHandling ?? (isBinary(request.headers.accept) ? undefined : "CONVERT_TO_TEXT"),
    });
    const [mediaType, template] = chooseTemplate(templates, request.headers.accept) ?? ["application/json"];
    const mapped = mapHeaders(responseParameters, "method.response.header.", request, { headers, body });
    const answer = template && typeof content === "string" ? template(request, { body: content, overrides }) : content;
    return {
      status: overrides.status ?? Number(statusCode ?? 200),
      headers: withDefaults(
        [["Content-Type", mediaType]],
        headersReturned(withDefaults(mapped, overrides.responseHeaders)),
      ),
      body: answer,
    };
  };
}

/** Text from bytes is Base64, and so is text that becomes bytes. */
function converted(
  content: string | Buffer,
  { isBinary, contentHandling }: { isBinary: boolean } & Pick<Integration, "contentHandling">,
): string | Buffer {
  const bytes = Buffer.from(content);
  if (isBinary) return contentHandling === "CONVERT_TO_TEXT" ? bytes.toString("base64") : bytes;
  return contentHandling === "CONVERT_TO_BINARY" ? Buffer.from(bytes.toString(), "base64") : bytes.toString();
}
