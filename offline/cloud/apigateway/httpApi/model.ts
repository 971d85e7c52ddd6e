import type { Cors } from "../../core/payload/cors";

/** An HTTP API of the program, with everything that is needed to serve its stages. */
export interface HttpApiModel {
  name: string;
  id: string;
  account: string;
  region: string;
  /** Whether only its domains serve it. */
  isEndpointDisabled: boolean;
  cors?: Cors;
  routes: HttpRoute[];
  /** The stage `$default` comes first. */
  stages: HttpStageModel[];
}

export interface HttpRoute {
  /** Such as `GET /items/{id}`, or `$default`. */
  key: string;
  authorization: {
    /** `NONE`, `AWS_IAM`, `CUSTOM` or `JWT`. */
    type: string;
    authorizer?: HttpAuthorizer;
    scopes: string[];
  };
  integration?: HttpIntegration;
}

export interface HttpAuthorizer {
  name: string;
  /** `REQUEST` or `JWT`. */
  type: string;
  /** Of a function. */
  uri?: string;
  payloadVersion: string;
  /** Whether the function says yes or no instead of returning a policy. */
  simple: boolean;
  /** Such as `$request.header.Authorization`. */
  sources: string[];
  /** How long its answers are kept, in seconds; 0 if they are not. */
  ttl: number;
  issuer?: string;
  audiences: string[];
}

export interface HttpIntegration {
  /** `AWS_PROXY` or `HTTP_PROXY`. */
  type: string;
  /** Such as `SQS-SendMessage`. */
  subtype?: string;
  uri?: string;
  /** Of the request to an HTTP server. @default the caller's */
  method?: string;
  payloadVersion: string;
  connectionType?: string;
  /** In milliseconds. */
  timeout: number;
  requestParameters: Record<string, string>;
  /** By the status of the integration's response. */
  responseParameters: Record<string, Record<string, string>>;
}

export interface HttpStageModel {
  name: string;
  variables: Record<string, string>;
  throttling: Throttling;
  /** By route key. */
  throttlingOf: Record<string, Throttling>;
}

/** @default no limit */
export interface Throttling {
  rate?: number;
  burst?: number;
}

export const DEFAULT_TIMEOUT = 30_000;
