import type { Invoker, Target } from "../../core/invoker";
import type { Auth } from "../../core/served";
import { type Document, NotServable, type Operation, type SecurityScheme, schemesOf } from "../definition/document";
import type { ApiModel, StageModel } from "../definition/model";
import type { GatewayRequest } from "../request/request";
import type { ResourcePolicy } from "./access";
import type { Answers } from "./answers";
import { compileKeyCheck, keySourceOf } from "./apiKeys";
import { compileJwtAuthorizer, type JwtAuthorizer } from "./jwt";
import type { KeySets } from "./keySets";
import { compileLambdaAuthorizer } from "./lambda";
import type { SignatureCheck } from "./signature";
import { cognitoSettings, jwtSettings } from "./tokenSettings";
import { type Tokens, textsOf } from "./tokens";
import type { Usage } from "./usage";

export interface Authorization {
  auth: Auth;
  /** Lets a request pass. Throws a Rejection if it may not. */
  authorize?(request: GatewayRequest): void | Promise<void>;
  /** The tokens that it accepts, if any. */
  tokens?: Tokens;
}

/** What authorizations share. */
export interface Guards {
  checkSignature: SignatureCheck;
  keySets: KeySets;
  usage: Usage;
}

interface Surroundings extends Guards {
  api: ApiModel;
  stage: StageModel;
  policy: ResourcePolicy;
  functions: Invoker;
  /** The function that a URI names. @throws NotServable if there is none */
  targetOf(uri: string): Target;
  /** What the Lambda authorizer of a name has answered. */
  answersOf(authorizer: string): Answers<unknown>;
}

type Check = NonNullable<Authorization["authorize"]>;

/** @throws NotServable if the operation is protected in a way that is not emulated */
export function compileAuthorization(operation: Operation, surroundings: Surroundings): Authorization {
  const { policy } = surroundings;
  const identified = [...signatureChecks(operation, surroundings), ...authorizerChecks(operation, surroundings)];
  const checks = [
    ...identified,
    ...(policy.exists && !identified.some(({ decides }) => decides) ? [policyCheck(policy)] : []),
    ...keyChecks(operation, surroundings),
  ];
  const first = checks.find(({ auth }) => auth !== "none");
  if (checks.length === 0) return { auth: "none" };
  const authorize: Check = async (request) => {
    for (const { check } of checks) await check(request);
  };
  const tokens = checks.find((one) => one.tokens)?.tokens;
  const [only, another] = checks;
  const auth = first?.auth ?? "none";
  return { auth, authorize: only && !another ? only.check : authorize, ...(tokens && { tokens }) };
}

interface Checked extends Pick<Authorization, "auth" | "tokens"> {
  check: Check;
  /** Whether it has asked the API's resource policy, too. @default false */
  decides?: boolean;
}

/** A scheme that an operation names, with the scopes that it demands. */
interface Named {
  name: string;
  scheme: SecurityScheme;
  scopes: string[];
}

function signatureChecks(operation: Operation, { api, checkSignature, policy }: Surroundings): Checked[] {
  const { document } = api;
  const type = (operation["x-amazon-apigateway-auth"] ?? document["x-amazon-apigateway-auth"])?.type?.toUpperCase();
  if (type && type !== "NONE" && type !== "AWS_IAM") throw new NotServable(`its authorization ${type} is not emulated`);
  const signed = schemesFor(operation, document).some(({ scheme }) => isSigned(scheme));
  const check: Check = (request) => {
    request.caller = checkSignature(request);
    policy.checkCaller(request, request.caller);
  };
  return type === "AWS_IAM" || signed ? [{ auth: "iam", check, decides: true }] : [];
}

function authorizerChecks(operation: Operation, surroundings: Surroundings): Checked[] {
  return schemesFor(operation, surroundings.api.document)
    .filter(({ scheme }) => !isSigned(scheme) && !isApiKey(scheme))
    .map((named) => authorizerCheck(named, surroundings));
}

function policyCheck(policy: ResourcePolicy): Checked {
  return { auth: "none", check: (request) => policy.demandAllow(request) };
}

/** They come last: an authorizer may be what names the key. */
function keyChecks(operation: Operation, { api, stage, usage }: Surroundings): Checked[] {
  const needed = schemesFor(operation, api.document).some(({ scheme }) => isApiKey(scheme));
  return needed ? [{ auth: "key", check: compileKeyCheck(keySourceOf(api), stage, usage) }] : [];
}

/** API Gateway takes all requirements together, although OpenAPI calls them alternatives. */
function schemesFor(operation: Operation, document: Document): Named[] {
  const required = (operation.security ?? document.security ?? []).flatMap((one) => Object.entries(one));
  const schemes = schemesOf(document);
  return [...new Map(required)].map(([name, scopes]) => {
    const scheme = schemes[name];
    if (!scheme) throw new NotServable(`the document has no security scheme ${name}`);
    return { name, scheme, scopes };
  });
}

function isSigned(scheme: SecurityScheme): boolean {
  return scheme["x-amazon-apigateway-authtype"] === "awsSigv4";
}

function isApiKey(scheme: SecurityScheme): boolean {
  const named = scheme.type === "apiKey" && scheme.name?.toLowerCase() === "x-api-key";
  return named && !scheme["x-amazon-apigateway-authtype"] && !scheme["x-amazon-apigateway-authorizer"];
}

function authorizerCheck(named: Named, surroundings: Surroundings): Checked {
  const { name, scheme, scopes } = named;
  const authorizer = scheme["x-amazon-apigateway-authorizer"] ?? {};
  const type = authorizer.type?.toLowerCase() ?? "";
  const { keySets, targetOf, answersOf } = surroundings;
  if (type === "token" || type === "request") {
    const target = targetOf(authorizer.authorizerUri ?? "");
    const check = compileLambdaAuthorizer(scheme, { ...surroundings, target, answers: answersOf(name) });
    return { auth: "authorizer", check, decides: true };
  }
  if (type === "jwt") return tokenCheck(name, "jwt", jwtSettings(name, authorizer, scopes), keySets);
  if (type === "cognito_user_pools") {
    return tokenCheck(name, "cognito", cognitoSettings(scheme, authorizer, scopes), keySets);
  }
  const kind = type ? `${name} (${type})` : name;
  throw new NotServable(
    `its security scheme ${kind} is not emulated, only awsSigv4, API keys, and JWT, Cognito and Lambda authorizers are`,
  );
}

function tokenCheck(name: string, type: Tokens["type"], settings: JwtAuthorizer, keySets: KeySets): Checked {
  const expired = type === "cognito" ? "The incoming token has expired" : undefined;
  const identify = compileJwtAuthorizer(settings, keySets, { expired });
  const { issuers, scopes } = settings;
  const check: Check = async (request) => {
    const { claims } = await identify(request);
    request.authorizer = { claims: textsOf(claims, (texts) => texts.join(",")) };
  };
  return { auth: "authorizer", check, tokens: { name, type, issuers, scopes } };
}
