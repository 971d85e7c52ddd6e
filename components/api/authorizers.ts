import type * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { isLater } from "../schema/check";
import type {
  AuthorizerArgs,
  CognitoAuthorizerArgs,
  FunctionTarget,
  JwtAuthorizerArgs,
  LambdaAuthorizerArgs,
} from "./args";
import { AuthorizerPayload, JwtAlgorithm, LambdaAuthorizerType } from "./args";
import { permitCall } from "./permissions";
import { type Authorizer, headerSource, headersOf, httpSource, placeOf } from "./rules/authorizer";

type Authorizers = Record<string, AuthorizerArgs>;

/** The functions that an API calls to authorize requests, by the authorizers' names. */
export type AuthorizerFunctions = Record<string, FunctionTarget>;

/** What API Gateway does not find in a request, or gets from a function, unless an authorizer says otherwise. */
export const defaultSources = [headerSource("Authorization")];
export const defaultAlgorithms = [JwtAlgorithm.Rs256];

/** What callers need to know of authorizers. */
export function describeAuthorizers(authorizers: Authorizers = {}): Record<string, Authorizer> {
  const described = Object.entries(authorizers).map(([name, { jwt, cognito, lambda }]) => {
    const sources = lambda ? (lambda.identitySources ?? defaultSources) : [tokenSource(jwt ?? cognito ?? {})];
    return [name, { ...placeOf(sources), headers: headersOf(sources), isJwt: !lambda, issuer: onlyIssuer(jwt) }];
  });
  return Object.fromEntries(described);
}

function tokenSource({ header = "Authorization" }: { header?: string }): string {
  return headerSource(header);
}

function onlyIssuer(jwt: JwtAuthorizerArgs | undefined): string | undefined {
  const [first, ...others] = jwt?.issuers ?? [];
  return first && others.length === 0 && !isLater(first.issuer) ? (first.issuer as string) : undefined;
}

/** The functions that authorizers name themselves. */
export function givenFunctions(authorizers: Authorizers = {}): AuthorizerFunctions {
  return Object.fromEntries(
    Object.entries(authorizers).flatMap(([name, { lambda }]) => (lambda ? [[name, lambda.function]] : [])),
  );
}

/**
 * The security schemes with which a REST API is deployed.
 * @see "x-amazon-apigateway-authorizer object"
 */
export function restSchemes(
  authorizers: Authorizers = {},
  functions: AuthorizerFunctions,
): pulumi.Output<Record<string, object>> {
  return schemesOf(authorizers, ({ jwt, cognito, lambda }, name) => {
    const uri = functions[name]?.invokeArn;
    if (lambda) return lambdaScheme(lambda, uri);
    if (cognito) return cognitoScheme(cognito);
    if (!jwt) return {};
    // What the function allows is never kept, so that a token is refused as soon as it has expired.
    if (uri) return lambdaScheme({ identitySources: [tokenSource(jwt)], resultTtlInSeconds: 0 }, uri);
    return scheme(headersOf([tokenSource(jwt)])[0], "jwt", {
      type: "jwt",
      identitySource: tokenSource(jwt),
      jwtConfiguration: {
        issuers: jwt.issuers.map(({ issuer, audiences, additionalClaims = {} }) => ({
          issuer,
          audiences,
          additionalClaims: Object.entries(additionalClaims).map(([claimName, { expectedValues, required }]) => ({
            claimName,
            format: "SINGLE_STRING",
            required,
            expectedValues,
          })),
        })),
        defaultAlgorithms: jwt.algorithms ?? defaultAlgorithms,
      },
    });
  });
}

/**
 * The security schemes with which an HTTP API is imported.
 * @see "x-amazon-apigateway-authorizer examples for HTTP APIs"
 */
export function httpSchemes(authorizers: Authorizers = {}): pulumi.Output<Record<string, object>> {
  return schemesOf(authorizers, ({ jwt, lambda }) => {
    if (lambda) {
      const { identitySources = defaultSources, payloadVersion, simpleResponses, resultTtlInSeconds } = lambda;
      return scheme(undefined, undefined, {
        type: "request",
        identitySource: identitySources.map(httpSource).join(", "),
        authorizerUri: lambda.function.invokeArn,
        authorizerPayloadFormatVersion: payloadVersion ?? AuthorizerPayload.V1,
        authorizerResultTtlInSeconds: resultTtlInSeconds ?? defaultTtl,
        enableSimpleResponses: simpleResponses,
      });
    }
    const [only] = jwt?.issuers ?? [];
    if (!jwt || !only) return {};
    const jwtConfiguration = { issuer: only.issuer, audience: only.audiences };
    const authorizer = { type: "jwt", identitySource: httpSource(tokenSource(jwt)), jwtConfiguration };
    return { type: "oauth2", "x-amazon-apigateway-authorizer": authorizer };
  });
}

/** The default differs between the kinds of API and the ways to declare them, so it is always written. */
const defaultTtl = 300;

function schemesOf(authorizers: Authorizers, schemeOf: (args: AuthorizerArgs, name: string) => object) {
  const schemes = Object.entries(authorizers).map(([name, args]) => [name, schemeOf(args, name)]);
  return pulumi.output(Object.fromEntries(schemes) as Record<string, object>);
}

/** @param header the one that callers write, if there is one */
function scheme(header: string | undefined, kind: string | undefined, authorizer: object): object {
  return {
    type: "apiKey",
    name: header ?? "Unused",
    in: "header",
    "x-amazon-apigateway-authtype": kind,
    "x-amazon-apigateway-authorizer": authorizer,
  };
}

function cognitoScheme({ userPoolArns, ...cognito }: CognitoAuthorizerArgs): object {
  const type = "cognito_user_pools";
  const identitySource = tokenSource(cognito);
  return scheme(headersOf([identitySource])[0], type, { type, identitySource, providerARNs: userPoolArns });
}

function lambdaScheme(args: Omit<LambdaAuthorizerArgs, "function">, authorizerUri?: pulumi.Input<string>): object {
  const { type = LambdaAuthorizerType.Request, identitySources = defaultSources } = args;
  return scheme(headersOf(identitySources)[0], "custom", {
    type,
    authorizerUri,
    identitySource: identitySources.join(", ") || undefined,
    identityValidationExpression: args.validationExpression,
    authorizerResultTtlInSeconds: args.resultTtlInSeconds ?? defaultTtl,
  });
}

/** The end of the name of a function's permission, which routes' operations cannot have. */
export function authorizerPermission(authorizer: string): string {
  return `authorizer-${authorizer}`;
}

/** Lets an API call the functions that authorize its requests. */
export function permitAuthorizers(
  name: string,
  functions: AuthorizerFunctions,
  executionArn: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): lambda.Permission[] {
  const sourceArn = pulumi.interpolate`${executionArn}/authorizers/*`;
  return Object.entries(functions).map(([authorizer, target]) =>
    permitCall(`${name}-${authorizerPermission(authorizer)}`, target, sourceArn, opts),
  );
}
