import type * as pulumi from "@pulumi/pulumi";
import type { FunctionTarget } from "./routeArgs";
import type { CorsHeader } from "./rules/operation";

/** How a JSON Web Token may be signed. */
export const JwtAlgorithm = {
  Rs256: "RS256",
  Rs384: "RS384",
  Rs512: "RS512",
  Es256: "ES256",
  Es384: "ES384",
  Es512: "ES512",
} as const;
export type JwtAlgorithm = (typeof JwtAlgorithm)[keyof typeof JwtAlgorithm];

/** What a token must say besides the usual. */
export interface JwtClaimArgs {
  /** The values of which the claim must be exactly one, 1 or more. @minItems 1 @default any text */
  expectedValues?: string[];
  /** Whether a token without the claim is refused. @default false */
  required?: boolean;
}

/** Who issues tokens, and for whom. */
export interface JwtIssuerArgs {
  /**
   * The issuer's URL, exactly as tokens have it in `iss`: https, without user, query and fragment. At
   * `/.well-known/openid-configuration` below it, it must publish where its keys are.
   */
  issuer: pulumi.Input<string>;
  /** The values of which a token's `aud` must contain one, 1 or more. @minItems 1 @write the API's name at the issuer */
  audiences: pulumi.Input<string>[];
  /** Further claims by name, which must be text. @default none */
  additionalClaims?: Record<string, JwtClaimArgs>;
}

/** JSON Web Tokens, which API Gateway itself verifies. */
export interface JwtAuthorizerArgs {
  /**
   * The issuers that are trusted; an HTTP API trusts one.
   * @minItems 1 @write at least one issuer, such as { issuer: "https://login.example.com", audiences: ["items"] }
   */
  issuers: JwtIssuerArgs[];
  /** How tokens may be signed; HTTP APIs accept only RSA, and leave no choice. @minItems 1 @default ["RS256"] */
  algorithms?: JwtAlgorithm[];
  /** The header that has the token. @default "Authorization" */
  header?: CorsHeader;
  /**
   * Let API Gateway verify the tokens. AWS documents the members of a REST API's JWT authorizer for its own API
   * (`JwtConfiguration`), but not how an OpenAPI document writes them: this component writes them under the same names,
   * and lets a deployment fail rather than leave a part out. With `false` a small function verifies instead, for REST
   * APIs only: each request then also calls the function.
   * @default true
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-create.html
   */
  native?: boolean;
}

/** The users of Cognito user pools, on REST APIs; HTTP APIs read Cognito's tokens with `jwt`. */
export interface CognitoAuthorizerArgs {
  /** ARNs of the pools, 1 or more. @minItems 1 @write the ARN of a user pool */
  userPoolArns: pulumi.Input<string>[];
  /** The header that has the token. @default "Authorization" */
  header?: CorsHeader;
}

/** What a function that authorizes gets. */
export const LambdaAuthorizerType = {
  /** The request without its body. */
  Request: "request",
  /** One header, on REST APIs only. */
  Token: "token",
} as const;
export type LambdaAuthorizerType = (typeof LambdaAuthorizerType)[keyof typeof LambdaAuthorizerType];

/** The form of what an HTTP API sends to a function that authorizes. */
export const AuthorizerPayload = {
  /** As REST APIs send it. */
  V1: "1.0",
  V2: "2.0",
} as const;
export type AuthorizerPayload = (typeof AuthorizerPayload)[keyof typeof AuthorizerPayload];

/**
 * A part of a request that identifies the caller.
 * @pattern `^(?:method\.request\.(?:header|querystring)\.[\w.:$!#%&*+^|~-]+|(?:context|stageVariables)\.[\w.]+)$`
 * @write method.request.header. or method.request.querystring. and a name, or a variable of context or stageVariables
 */
export type RequestSource = string;

/** A function of your own. */
export interface LambdaAuthorizerArgs {
  /** The function, which may be called by this API. */
  function: FunctionTarget;
  /** What the function gets. @default "request" */
  type?: LambdaAuthorizerType;
  /**
   * What must be in a request, or it is refused without a call; results are kept for each combination of their values.
   * Also HTTP APIs are given them as REST APIs write them. `token` has one header.
   * @default ["method.request.header.Authorization"]
   */
  identitySources?: RequestSource[];
  /** How long a result is kept, 0–3,600; 0 asks each time. @minimum 0 @maximum 3600 @unit seconds @default 300 */
  resultTtlInSeconds?: number;
  /** A regular expression for the token of a `token` authorizer; others are refused without a call. @default any text */
  validationExpression?: string;
  /** The form of the function's event on an HTTP API. @default "1.0", that of REST APIs */
  payloadVersion?: AuthorizerPayload;
  /**
   * Let the function of an HTTP API answer with `{ isAuthorized }` instead of an IAM policy; with `payloadVersion` 2.0.
   * @default false
   */
  simpleResponses?: boolean;
}

/**
 * What checks the callers of routes whose `auth` is its name. Give exactly one of the properties.
 */
export interface AuthorizerArgs {
  /** JSON Web Tokens of OpenID Connect issuers. */
  jwt?: JwtAuthorizerArgs;
  /** Users of Cognito user pools. */
  cognito?: CognitoAuthorizerArgs;
  /** Whatever a function of your own lets in. */
  lambda?: LambdaAuthorizerArgs;
}
