import type { Answer } from "../../core/answer";
import type { Document, GatewayResponse } from "../definition/document";
import { type GatewayRequest, withDefaults } from "../request/request";
import { compileTemplate, type ErrorContext, mapHeaders, type Template, TemplateError } from "../templates/template";

/**
 * The answers that API Gateway itself generates, with their default status and the error that they name.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const TYPES = {
  ACCESS_DENIED: [403, "AccessDeniedException"],
  API_CONFIGURATION_ERROR: [500, "InternalServerErrorException"],
  AUTHORIZER_CONFIGURATION_ERROR: [500, "AuthorizerConfigurationException"],
  AUTHORIZER_FAILURE: [500, "AuthorizerConfigurationException"],
  BAD_REQUEST_BODY: [400, "BadRequestException"],
  BAD_REQUEST_PARAMETERS: [400, "BadRequestException"],
  EXPIRED_TOKEN: [403, "ExpiredTokenException"],
  /** The documentation says 504; AWS answers 500. */
  INTEGRATION_FAILURE: [500, "InternalServerErrorException"],
  INTEGRATION_TIMEOUT: [504, "InternalServerErrorException"],
  INVALID_API_KEY: [403, "ForbiddenException"],
  INVALID_SIGNATURE: [403, "InvalidSignatureException"],
  MISSING_AUTHENTICATION_TOKEN: [403, "MissingAuthenticationTokenException"],
  QUOTA_EXCEEDED: [429, "LimitExceededException"],
  REQUEST_TOO_LARGE: [413, "RequestEntityTooLargeException"],
  THROTTLED: [429, "TooManyRequestsException"],
  UNAUTHORIZED: [401, "UnauthorizedException"],
  UNSUPPORTED_MEDIA_TYPE: [415, "BadRequestException"],
  /** The function failed, or did not return a response. */
  DEFAULT_5XX: [502, "InternalServerErrorException"],
} as const;

export type ResponseType = keyof typeof TYPES;

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

/** Ends a request that IAM's policies do not allow. */
export class IamRejection extends Rejection {
  constructor(message: string) {
    super("ACCESS_DENIED", message);
  }
}

/** Ends a request whose integration takes longer than it may. */
export function timedOut(): Rejection {
  return new Rejection("INTEGRATION_TIMEOUT", "Endpoint request timed out");
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

  answer(rejection: Rejection, request: GatewayRequest): Answer {
    const { type, message, validationErrorString } = rejection;
    const [status, errorType] = TYPES[type];
    const own = this.responses.get(type);
    const fallback = this.responses.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
    const response = own ?? fallback;
    const error: ErrorContext = { message, responseType: type, validationErrorString };
    const standard = rejection instanceof IamRejection ? IAM_TEMPLATE : DEFAULT_TEMPLATE;
    const [mediaType, template] = chooseTemplate(response?.templates ?? [], request.headers.accept) ?? standard;
    return {
      status: own?.status ?? fallback?.status ?? status,
      headers: withDefaults(
        [
          ["Content-Type", mediaType],
          ["x-amzn-ErrorType", errorType],
        ],
        mapHeaders(response?.parameters ?? {}, "gatewayresponse.header.", request),
      ),
      body: template(request, { error }),
    };
  }
}

const DEFAULT_TEMPLATE: [string, Template] = [
  "application/json",
  (_request, { error } = {}) => JSON.stringify({ message: error?.message || null }),
];

/** IAM's own answers write the name in another way. */
const IAM_TEMPLATE: [string, Template] = [
  "application/json",
  (_request, { error } = {}) => JSON.stringify({ Message: error?.message }),
];

/** The template for what a caller accepts, or else for JSON, or else the first. */
export function chooseTemplate(templates: [string, Template][], accept = ""): [string, Template] | undefined {
  const wanted = accept.split(",").map((type) => type.replace(/;.*/, "").trim());
  return (
    templates.find(([type]) => wanted.includes(type)) ??
    templates.find(([type]) => type === "application/json") ??
    templates[0]
  );
}

function compile({ statusCode, responseParameters = {}, responseTemplates = {} }: GatewayResponse): CompiledResponse {
  return {
    status: statusCode === undefined ? undefined : Number(statusCode),
    parameters: responseParameters,
    templates: Object.entries(responseTemplates).map(([type, text]) => [type, compileTemplate(text)]),
  };
}
