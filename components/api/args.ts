import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { LogRetentionDays } from "../observability/retention";
import type { ApiAuth, CorsArgs, OperationArgs, Validation } from "./rules/operation";

export * from "./rules/operation";

/** From where an API can be reached. */
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
  /** Made here, and left behind on destroy, as the account's other APIs log with it. One API of an account is enough. */
  Managed: "managed",
  /** The account has one. */
  Existing: "existing",
} as const;
export type CloudWatchRole = (typeof CloudWatchRole)[keyof typeof CloudWatchRole];

/** What a function's resource policy allows. */
export const PermissionScope = {
  /** The whole API: one statement for each function. */
  Api: "api",
  /** Each route: one statement for each route, about 50 at most for a function. */
  Route: "route",
} as const;
export type PermissionScope = (typeof PermissionScope)[keyof typeof PermissionScope];

/** What a route calls; a LambdaFunction is one. @open */
export interface FunctionTarget {
  /** The function's name or ARN. */
  functionName: pulumi.Input<string>;
  /** The ARN that API Gateway calls it by. */
  invokeArn: pulumi.Input<string>;
  /** The alias or version that the ARN ends in. @default none */
  qualifier?: pulumi.Input<string | undefined>;
}

/** Requests that are let through; the others get 429. */
export interface ThrottleArgs {
  /** Requests a second, over time, 0 or more. @fractional @minimum 0 @unit requests a second */
  rateLimit: number;
  /** Requests at once, 0–2,147,483,647. @minimum 0 @maximum 2147483647 @unit requests */
  burstLimit: number;
}

/** A route: an OpenAPI 3.0 operation, and what it calls. */
export interface RouteArgs extends OperationArgs {
  /** What the route calls. */
  function: FunctionTarget;
  /** Who may call the route. @default the API's */
  auth?: ApiAuth;
  /** What is checked before the function is called. @default the API's */
  validation?: Validation;
  /** How many requests it takes; an ANY route as many of each method. @default the API's */
  throttle?: ThrottleArgs;
}

/** Arguments of {@link ServerlessApi}. */
export interface ServerlessApiArgs {
  /**
   * The routes: `"GET /items/{id}"` → what it takes, answers and calls.
   * @minItems 1 @write one route at least, such as { "GET /items": { function: items, operationId: "listItems" } }
   */
  routes: Record<string, RouteArgs>;
  /** The API's name in its document. @default the component's name */
  title?: string;
  /** The version in its document. @default "1.0.0" */
  version?: string;
  /** What the API is for. @default none */
  description?: string;
  /** Who may call routes that do not say so. @default "iam" */
  auth?: ApiAuth;
  /** What is checked of requests to routes that do not say so. @default "none" */
  validation?: Validation;
  /**
   * The stage's name, the first part of the path. @default "Prod"
   * @pattern `^[\w-]{1,128}$` @write 1 to 128 letters, digits, `_` and `-`
   */
  stageName?: string;
  /** Which web pages may call the API. @default none of another origin */
  cors?: CorsArgs;
  /** How many requests each route takes. @default the account's limits */
  throttle?: ThrottleArgs;
  /** A path, such as `/openapi.json`, that answers the API's document without a function. @default none */
  documentPath?: string;
  /** Trace requests with X-Ray. @default true */
  tracing?: boolean;
  /** Days that logs are kept, of access and of errors, one of CloudWatch's choices; 0 keeps them for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /** Customer key of the logs; its policy must allow CloudWatch Logs. @default AWS's own keys */
  logKmsKeyArn?: pulumi.Input<string>;
  /** Who brings the role that API Gateway logs with. @default "managed" */
  cloudWatchRole?: CloudWatchRole;
  /** What the functions' policies allow. @default "api" */
  permissions?: PermissionScope;
  /** From where the API can be reached. @default "REGIONAL" */
  endpointType?: EndpointType;
  /** VPC endpoints of a private API. @default none */
  vpcEndpointIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Who may call the API at all, as JSON. @default everybody that the routes let in */
  resourcePolicy?: pulumi.Input<string>;
  /** Answers from this many bytes on are compressed, 0–10,485,760. @minimum 0 @maximum 10485760 @unit bytes @default none */
  minimumCompressionSize?: number;
  /** Media types passed on as bytes (base64 in the event). @default none */
  binaryMediaTypes?: string[];
  /** Leave only custom domains as a way in. @default false */
  disableExecuteApiEndpoint?: boolean;
  /** SNS topics told of answers of 500 and above and of slow answers; an empty list is the same as none. @default none */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that has them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** More arguments of the REST API itself; they win over this component's, `body` aside. @default none */
  restApiArgs?: Partial<aws.apigateway.RestApiArgs>;
}
