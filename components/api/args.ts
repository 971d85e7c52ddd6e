import type * as apigateway from "@pulumi/aws/apigateway";
import type * as pulumi from "@pulumi/pulumi";
import type { LogRetentionDays } from "../observability/retention";
import type { AuthorizerArgs } from "./authorizerArgs";
import type { CacheSize, CanaryArgs, DomainArgs, EndpointAccessMode, WebAclArgs } from "./edgeArgs";
import type { RouteArgs, ThrottleArgs } from "./routeArgs";
import type { ApiAuth, ContactArgs, CorsArgs, GatewayResponseArgs, LicenseArgs, Validation } from "./rules/operation";
import type { ApiKeySource, UsagePlanArgs } from "./usagePlanArgs";

export * from "./authorizerArgs";
export * from "./edgeArgs";
export * from "./routeArgs";
export * from "./rules/operation";
export * from "./targetArgs";
export * from "./usagePlanArgs";

/** Where an API can be reached from. */
export const EndpointType = {
  Regional: "REGIONAL",
  /** Through CloudFront's edge locations. */
  Edge: "EDGE",
  /** From VPC endpoints only; needs a `resourcePolicy`. */
  Private: "PRIVATE",
} as const;
export type EndpointType = (typeof EndpointType)[keyof typeof EndpointType];

/** The role that API Gateway logs with: one for each account and region. */
export const CloudWatchRole = {
  /** Created here, and kept on destroy because the account's other APIs log with it. One API per account is enough. */
  Managed: "managed",
  /** The account already has one. */
  Existing: "existing",
} as const;
export type CloudWatchRole = (typeof CloudWatchRole)[keyof typeof CloudWatchRole];

/** What a function's resource policy allows. */
export const PermissionScope = {
  /** The whole API: one statement for each function. */
  Api: "api",
  /** Each route: one statement for each route, at most about 50 for a function. */
  Route: "route",
} as const;
export type PermissionScope = (typeof PermissionScope)[keyof typeof PermissionScope];

/** Arguments of {@link ServerlessApi}. */
export interface ServerlessApiArgs {
  /**
   * The routes by method and path, such as `"GET /items/{id}"`.
   * @minItems 1 @write at least one route, such as { "GET /items": { function: items, operationId: "listItems" } }
   */
  routes: Record<string, RouteArgs>;
  /** The API's name in its document. @default the component's name */
  title?: string;
  /** The API's version in its document. @default "1.0.0" */
  version?: string;
  /** What the API is for. @default none */
  description?: string;
  /** The licence that the API's document names. @default none */
  license?: LicenseArgs;
  /** Whom the API's document names for questions. @default nobody */
  contact?: ContactArgs;
  /** What the tags of routes stand for; a tag that no route has is left out of the document. @default names only */
  tagDescriptions?: Record<string, string>;
  /** Who may call routes that do not set `auth`: `iam`, `none` or the name of an authorizer. @default "iam" */
  auth?: string;
  /** What can check callers, by the names that `auth` may be. @default none */
  authorizers?: Record<string, AuthorizerArgs>;
  /** Whether routes that do not set `apiKeyRequired` ask for an API key as well. @default false */
  apiKeyRequired?: boolean;
  /** Where callers' API keys are found. @default "HEADER" */
  apiKeySource?: ApiKeySource;
  /** Who may call the routes that ask for an API key, and how often, by names of your own. @default none */
  usagePlans?: Record<string, UsagePlanArgs>;
  /** What is checked in requests to routes that do not set `validation`. @default "none" */
  validation?: Validation;
  /**
   * The stage's name, the first part of the path. @default "Prod"
   * @pattern `^[\w-]{1,128}$` @write 1 to 128 letters, digits, `_` and `-`
   */
  stageName?: string;
  /** Which web pages may call the API. @default only those of its own origin */
  cors?: CorsArgs;
  /** Limits on the requests to each route. @default the account's limits */
  throttle?: ThrottleArgs;
  /** A path, such as `/openapi.json`, that returns the API's document without a function. @default none */
  documentPath?: string;
  /** Who may read the document at `documentPath`. @default as `auth` says */
  documentAuth?: ApiAuth;
  /** Trace requests with X-Ray. @default true */
  tracing?: boolean;
  /**
   * The format of a line of the access logs, with API Gateway's variables. @default JSON, without what callers can write
   * @pattern `^.*\$context\.requestId\b.*$` @write one line that contains $context.requestId
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
   */
  accessLogFormat?: string;
  /** Days that access and error logs are kept, one of CloudWatch's choices; 0 keeps them for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /** Customer key of the logs; its policy must allow CloudWatch Logs. @default AWS's own keys */
  logKmsKeyArn?: pulumi.Input<string>;
  /** Who provides the role that API Gateway logs with. @default "managed" */
  cloudWatchRole?: CloudWatchRole;
  /** What the functions' policies allow. @default "api" */
  permissions?: PermissionScope;
  /** Where the API can be reached from. @default "REGIONAL" */
  endpointType?: EndpointType;
  /**
   * The TLS versions and ciphers that callers may use, such as `SecurityPolicy_TLS13_1_3_2025_09`; those that end in
   * `_EDGE` are for `EDGE`, all others that begin with `SecurityPolicy_` are not. @default AWS's own choice
   * @pattern `^(?:TLS_1_[02]|SecurityPolicy_\w+)$`
   * @write the name of a policy, such as SecurityPolicy_TLS13_1_3_2025_09
   * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html
   */
  securityPolicy?: string;
  /**
   * Whether requests must name the API's own endpoint in their TLS handshake and `Host` header; with a policy that begins
   * with `SecurityPolicy_` only. @default "BASIC" with such a policy
   */
  endpointAccessMode?: EndpointAccessMode;
  /** VPC endpoints of a private API. @default none */
  vpcEndpointIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** The API's resource policy, as JSON. @default everybody whom the routes allow */
  resourcePolicy?: pulumi.Input<string>;
  /**
   * Responses of at least this many bytes are compressed, 0–10,485,760. @minimum 0 @maximum 10485760 @unit bytes
   * @default none
   */
  minimumCompressionSize?: number;
  /** Media types passed as bytes (base64 in the event). @default none */
  binaryMediaTypes?: string[];
  /** Make the API reachable through custom domains only. @default false */
  disableExecuteApiEndpoint?: boolean;
  /** A domain of the API's own, to which `url` then refers. @default none */
  domain?: DomainArgs;
  /** A web application firewall in front of the stage. @default none */
  waf?: WebAclArgs;
  /** The size of the cache for the routes that have a `cache`. A change empties it. @default there is no cache */
  cacheSize?: CacheSize;
  /** The certificate that API Gateway shows to the web servers it calls: an `aws.apigateway.ClientCertificate`. @default none */
  clientCertificateId?: pulumi.Input<string>;
  /** Give the API's new definition to a part of the requests first. @default it gets all requests */
  canary?: CanaryArgs;
  /**
   * Variables of the stage by name, which events, templates and the ARNs of integrations can contain. Names have letters,
   * digits and `_`; values have these and -.~:/?#&=,
   * @default none
   */
  stageVariables?: Record<string, pulumi.Input<string>>;
  /**
   * API Gateway's own responses by type, such as `THROTTLED`.
   * @default problems (RFC 9457), with the headers of CORS
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
   */
  gatewayResponses?: Record<string, GatewayResponseArgs>;
  /**
   * SNS topics notified of 5xx responses, of slow responses, and when a quarter of the responses are 4xx; an empty list
   * is the same as none. @default none
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Further arguments of the REST API itself; they override this component's, except `body`. @default none */
  restApiArgs?: Partial<apigateway.RestApiArgs>;
}
