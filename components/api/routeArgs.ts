import type * as pulumi from "@pulumi/pulumi";
import type { OperationArgs, ResponseTransferMode, RouteCacheArgs, Validation } from "./rules/operation";
import type { HttpTargetArgs, MockTargetArgs, ServiceTargetArgs } from "./targetArgs";

/** What a route calls; a LambdaFunction is one. @open */
export interface FunctionTarget {
  /** The function's name or ARN. */
  functionName: pulumi.Input<string>;
  /** The ARN with which API Gateway calls it. */
  invokeArn: pulumi.Input<string>;
  /** The alias or version that the ARN ends in. @default none */
  qualifier?: pulumi.Input<string | undefined>;
}

/** Limits on requests; API Gateway answers those beyond them with 429. */
export interface ThrottleArgs {
  /** Sustained requests per second, 0 or more. @fractional @minimum 0 @unit requests a second */
  rateLimit: number;
  /** Requests at once, 0–2,147,483,647. @minimum 0 @maximum 2147483647 @unit requests */
  burstLimit: number;
}

/**
 * A scope of OAuth 2.0.
 * @pattern `^[\x21\x23-\x5b\x5d-\x7e]+$` @write a scope such as items/write, without spaces and quotes
 * @see RFC 6749, section 3.3
 */
export type OAuthScope = string;

/** A route: an OpenAPI 3.0 operation and what it calls: exactly one of `function`, `mock`, `http` and `service`. */
export interface RouteArgs extends OperationArgs {
  /** A Lambda function. */
  function?: FunctionTarget;
  /** Nothing: API Gateway itself answers. */
  mock?: MockTargetArgs;
  /** A web server. */
  http?: HttpTargetArgs;
  /** An AWS service. */
  service?: ServiceTargetArgs;
  /** Who may call the route: `iam`, `none` or the name of an authorizer. @default the API's */
  auth?: string;
  /**
   * The OAuth scopes of which a caller's token must have one, for an authorizer that reads tokens (`jwt` or `cognito`).
   * Cognito then expects an access token instead of an ID token. @default none
   */
  scopes?: OAuthScope[];
  /** Whether callers also need an API key of one of the API's `usagePlans`. @default the API's */
  apiKeyRequired?: boolean;
  /** What is checked before the function is called. @default the API's */
  validation?: Validation;
  /** Limits on its requests; for an ANY route, on those of each method. @default the API's */
  throttle?: ThrottleArgs;
  /** Keep responses in the API's cache, whose size is the API's `cacheSize`; only for GET. @default they are not kept */
  cache?: RouteCacheArgs;
  /** How the response reaches the caller. @default "BUFFERED" */
  responseTransferMode?: ResponseTransferMode;
  /**
   * How long API Gateway waits for the function, 50–300,000, or to 900,000 with `STREAM`. Over 29,000 it must be a
   * regional or private API, and unless the response is streamed, the account's quota must allow it.
   * @minimum 50 @maximum 900000 @unit milliseconds @default 29000
   * @see https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
   */
  timeoutInMillis?: number;
  /**
   * Where a request has the tenant for a function whose `tenancy` is `PER_TENANT`: `context.` and a variable, such as
   * `context.identity.accountId`, or `method.request.header.`, `method.request.querystring.` or `method.request.path.`
   * and a parameter of the route, in which callers can write any tenant.
   * @pattern `^(?:context(?:\.\w+)+|method\.request\.(?:header|querystring|path)\.[\w:.$-]+)$`
   * @write where the tenant is, such as context.identity.accountId or method.request.path.tenant
   * @default nowhere, so such a function refuses the call
   * @see https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation-invoke.html
   */
  tenantId?: string;
}
