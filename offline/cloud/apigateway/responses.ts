import type { Document, GatewayResponse } from "./document";
import { type GatewayAnswer, type GatewayRequest, withDefaults } from "./request";
import { compileTemplate, type ErrorContext, mapHeaders, type Template, TemplateError } from "./template";

/**
 * The answers that API Gateway itself generates, with their default status.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const DEFAULT_STATUS = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  EXPIRED_TOKEN: 403,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  REQUEST_TOO_LARGE: 413,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  /** The function failed, or did not return a response. */
  DEFAULT_5XX: 502,
};

export type ResponseType = keyof typeof DEFAULT_STATUS;

/** Ends a request with one of the gateway's own answers. */
export class Rejection extends Error {
  constructor(
    readonly type: ResponseType,
    message: string,
    readonly validationErrorString?: string,
    /** For the log only, not for the caller. */
    readonly explanation?: string,
  ) {
    super(message);
  }
}

interface CompiledResponse {
  status?: number;
  parameters: Record<string, string>;
  templates: [mediaType: string, template: Template][];
}

/** The gateway's own answers, as a document customizes them. */
export class GatewayResponses {
  /** Why some of them keep their default form, one sentence each. */
  readonly problems: string[] = [];
  private readonly responses = new Map<string, CompiledResponse>();

  constructor(document: Document) {
    for (const [type, response] of Object.entries(document["x-amazon-apigateway-gateway-responses"] ?? {})) {
      try {
        this.responses.set(type, compile(response));
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        this.problems.push(`gateway response ${type} keeps its default form: ${error.message}`);
      }
    }
  }

  answer({ type, message, validationErrorString }: Rejection, request: GatewayRequest): GatewayAnswer {
    const status = DEFAULT_STATUS[type];
    const own = this.responses.get(type);
    const fallback = this.responses.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
    const response = own ?? fallback;
    const error: ErrorContext = { message, responseType: type, validationErrorString };
    const [mediaType, template] = chooseTemplate(response?.templates ?? [], request.headers.accept);
    return {
      status: own?.status ?? fallback?.status ?? status,
      headers: withDefaults(
        [
          ["Content-Type", mediaType],
          ["x-amzn-ErrorType", type],
        ],
        mapHeaders(response?.parameters ?? {}, "gatewayresponse.header.", request),
      ),
      body: template(request, error),
    };
  }
}

const DEFAULT_TEMPLATE: [string, Template] = [
  "application/json",
  (_request, error) => JSON.stringify({ message: error?.message || null }),
];

function chooseTemplate(templates: [string, Template][], accept = ""): [string, Template] {
  const wanted = accept.split(",").map((type) => type.replace(/;.*/, "").trim());
  return (
    templates.find(([type]) => wanted.includes(type)) ??
    templates.find(([type]) => type === "application/json") ??
    templates[0] ??
    DEFAULT_TEMPLATE
  );
}

function compile({ statusCode, responseParameters = {}, responseTemplates = {} }: GatewayResponse): CompiledResponse {
  return {
    status: statusCode === undefined ? undefined : Number(statusCode),
    parameters: responseParameters,
    templates: Object.entries(responseTemplates).map(([type, text]) => [type, compileTemplate(text)]),
  };
}
