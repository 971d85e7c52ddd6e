import type * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import type * as pulumi from "@pulumi/pulumi";
import type { KmsKeyArn } from "../../kms/keyArn";
import type { LogRetentionDays } from "../../observability/retention";
import type {
  ApiAuth,
  ApiKeySource,
  CloudWatchRole,
  DomainArgs,
  FunctionTarget,
  ThrottleArgs,
  UsagePlanArgs,
} from "../args";

/** A route of a WebSocket API: the function that it calls. */
export interface WebSocketRouteArgs {
  /** What the route calls. */
  function: FunctionTarget;
  /** Send the `body` that the function returns back to the caller; not for `$disconnect`. @default false */
  routeResponse?: boolean;
  /** Limits on the route's messages or, for `$connect`, on new connections. @default the API's */
  throttle?: ThrottleArgs;
  /**
   * How long API Gateway waits for the function, 50–29,000. @minimum 50 @maximum 29000 @unit milliseconds @default 29000
   */
  timeoutInMillis?: number;
}

/** A function that decides who may connect. API Gateway does not cache its answers, so each connection calls it. */
export interface WebSocketAuthorizerArgs {
  /** The function. It returns a principal and a policy. */
  function: FunctionTarget;
  /**
   * What a caller must send, or API Gateway answers 401 without calling the function: `route.request.querystring.` or
   * `route.request.header.` and a name. Browsers cannot set headers.
   * @default nothing
   */
  identitySources?: IdentitySource[];
}

/**
 * A place in the request for a connection.
 * @pattern `^(?:route\.request\.(?:header|querystring)\.[\w-]+|context\.[\w.]+|stageVariables\.\w+)$`
 * @write such as route.request.querystring.token or route.request.header.Authorization
 */
export type IdentitySource = string;

/** A table for the connections: its items have a `connectionId`, and `expiresAt`, in epoch seconds. */
export interface ConnectionsArgs {
  /** A customer-managed KMS key. @default the key that AWS owns: encrypted, without a charge */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
}

/** Arguments of {@link WebSocketApi}. */
export interface WebSocketApiArgs {
  /**
   * The routes by their keys: `$connect`, `$disconnect`, `$default` for messages that no other route takes, and keys of
   * your own, which `routeSelectionExpression` selects.
   * @minItems 1 @write at least one route, such as { $default: { function: chat } }
   */
  routes: Record<string, WebSocketRouteArgs>;
  /**
   * Where a message says which route it is for: by default `{"action":"send"}` is for the route `send`.
   * @pattern `^\$(?:request\.body\.[\w.-]+$|\{request\.body\.[\w.-]+\})`
   * @write where messages have the route's key, such as $request.body.action
   * @default "$request.body.action"
   */
  routeSelectionExpression?: string;
  /**
   * Who may connect, and then send messages. Both `iam` and an `authorizer` need a `$connect` route.
   * @default "iam", unless there is an `authorizer`
   */
  auth?: ApiAuth;
  /** A function that decides who may connect, instead of `auth`. @default none */
  authorizer?: WebSocketAuthorizerArgs;
  /** Whether callers need an API key as well to connect, for which there must be a `$connect` route. @default false */
  apiKeyRequired?: boolean;
  /** Where callers' API keys are found; browsers cannot set headers. @default "HEADER" */
  apiKeySource?: ApiKeySource;
  /**
   * Whose API keys let them connect, and how often, by names of your own. Messages do not count, so `methodThrottles` is
   * not for WebSocket APIs. @default none
   */
  usagePlans?: Record<string, UsagePlanArgs>;
  /** Create a table for the connections, which `access()` then includes; `{}` is enough. @default none */
  connections?: ConnectionsArgs;
  /**
   * The stage's name, the path of the URL. @default "Prod"
   * @pattern `^[\w-]{1,128}$` @write 1 to 128 letters, digits, `_` and `-`
   */
  stageName?: string;
  /** What the API is for. @default none */
  description?: string;
  /** Limits on each route. @default 10,000 a second and 5,000 at once, the limits of most accounts */
  throttle?: ThrottleArgs;
  /** Days that access and error logs are kept, one of CloudWatch's choices; 0 keeps them for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /** Customer key of the logs; its policy must allow CloudWatch Logs. @default AWS's own keys */
  logKmsKeyArn?: pulumi.Input<string>;
  /** Who provides the role that API Gateway logs with. @default "managed" */
  cloudWatchRole?: CloudWatchRole;
  /** Make the API reachable through custom domains only. @default false */
  disableExecuteApiEndpoint?: boolean;
  /**
   * A domain of the API's own, to which `url` then refers; it cannot be that of a REST or an HTTP API. With
   * `disableExecuteApiEndpoint`, functions send to connections there too. @default none
   */
  domain?: DomainArgs;
  /**
   * SNS topics notified of failed functions, of API Gateway's own errors and of slow functions; an empty list is the
   * same as none. @default none
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Further arguments of the API itself; they override this component's, except what it wires up. @default none */
  apiArgs?: Partial<apigatewayv2.ApiArgs>;
}
