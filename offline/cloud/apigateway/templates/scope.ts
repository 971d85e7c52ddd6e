import type { GatewayRequest } from "../request/request";
import type { ContextOverrides } from "./overrides";

/** The part of a gateway response's context that describes the error. */
export interface ErrorContext {
  message: string;
  responseType: string;
  validationErrorString?: string;
}

/** What a template sees besides the request. */
interface TemplateScope {
  /** What `$input` reads: in the template of an integration's response, the integration's body. @default the request's */
  body?: Buffer | string;
  /** What `$context` reads. @default the request's, as for REST APIs */
  context?: object;
  /** What `$context.error` describes, in a gateway response. */
  error?: ErrorContext;
  /** What `$context.requestOverride` and `$context.responseOverride` set. @default nothing that outlives the template */
  overrides?: ContextOverrides;
}

/** @throws TemplateError if the template cannot be evaluated to its end */
export type Template = (request: GatewayRequest, scope?: TemplateScope) => string;

/** A template has mistakes, or takes too long. The route answers 501 in the first case, and 500 in the second. */
export class TemplateError extends Error {}
