import { partitionOf } from "../../../engine/partition";
import type { Invoker, Target } from "../../core/invoker";
import { asMap, asText } from "../../core/resources";
import {
  type Auth,
  type Authorizer,
  type Document,
  NotServable,
  type Operation,
  type SecurityScheme,
  schemesOf,
} from "../definition/document";
import type { ApiModel, StageModel } from "../definition/model";
import { eventFor } from "../integrations/event";
import type { GatewayRequest } from "../request/request";
import { Rejection } from "../responses/responses";
import { mapHeaders } from "../templates/template";
import { effectOf } from "./policy";
import type { SignatureCheck } from "./signature";

export interface Authorization {
  auth: Auth;
  /** Lets a request pass. Throws a Rejection if it may not. */
  authorize?(request: GatewayRequest): void | Promise<void>;
}

interface Surroundings {
  api: ApiModel;
  stage: StageModel;
  functions: Invoker;
  checkSignature: SignatureCheck;
  /** The function that a URI names. @throws NotServable if there is none */
  targetOf(uri: string): Target;
}

type Check = NonNullable<Authorization["authorize"]>;

/** @throws NotServable if the operation is protected in a way that is not emulated */
export function compileAuthorization(operation: Operation, surroundings: Surroundings): Authorization {
  const checks = [...signatureChecks(operation, surroundings), ...schemeChecks(operation, surroundings)];
  const [first] = checks;
  if (!first) return { auth: "none" };
  const authorize: Check = async (request) => {
    for (const { check } of checks) await check(request);
  };
  return { auth: first.auth, authorize: checks.length === 1 ? first.check : authorize };
}

interface Checked {
  auth: Auth;
  check: Check;
}

function signatureChecks(operation: Operation, { api, checkSignature }: Surroundings): Checked[] {
  const { document } = api;
  const type = (operation["x-amazon-apigateway-auth"] ?? document["x-amazon-apigateway-auth"])?.type?.toUpperCase();
  if (type && type !== "NONE" && type !== "AWS_IAM") throw new NotServable(`its authorization ${type} is not emulated`);
  const signed = schemesFor(operation, document).some(([, scheme]) => isSigned(scheme));
  return type === "AWS_IAM" || signed ? [{ auth: "iam", check: signatureCheck(checkSignature) }] : [];
}

function signatureCheck(checkSignature: SignatureCheck): Check {
  return (request) => {
    request.caller = checkSignature(request);
  };
}

/** Authorizers come first: they may be what names the API key. */
function schemeChecks(operation: Operation, surroundings: Surroundings): Checked[] {
  const others = schemesFor(operation, surroundings.api.document).filter(([, scheme]) => !isSigned(scheme));
  const authorizers = others.filter(([, scheme]) => !isApiKey(scheme));
  return [
    ...authorizers.map(
      ([name, scheme]): Checked => ({
        auth: "authorizer",
        check: authorizerCheck(name, scheme, surroundings),
      }),
    ),
    ...(authorizers.length < others.length ? [{ auth: "key" as const, check: keyCheck(surroundings) }] : []),
  ];
}

/** API Gateway takes all requirements together, although OpenAPI calls them alternatives. */
function schemesFor(operation: Operation, document: Document): [name: string, scheme: SecurityScheme][] {
  const names = (operation.security ?? document.security ?? []).flatMap((requirement) => Object.keys(requirement));
  const schemes = schemesOf(document);
  return [...new Set(names)].map((name) => {
    const scheme = schemes[name];
    if (!scheme) throw new NotServable(`the document has no security scheme ${name}`);
    return [name, scheme];
  });
}

function isSigned(scheme: SecurityScheme): boolean {
  return scheme["x-amazon-apigateway-authtype"] === "awsSigv4";
}

function isApiKey(scheme: SecurityScheme): boolean {
  const named = scheme.type === "apiKey" && scheme.name?.toLowerCase() === "x-api-key";
  return named && !scheme["x-amazon-apigateway-authtype"] && !scheme["x-amazon-apigateway-authorizer"];
}

function keySource({ apiKeySource, document }: ApiModel): string {
  return (apiKeySource || document["x-amazon-apigateway-api-key-source"] || "HEADER").toUpperCase();
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html */
function keyCheck({ api, stage }: Surroundings): Check {
  const isHeader = keySource(api) === "HEADER";
  return (request) => {
    const given = isHeader ? request.headers["x-api-key"] : request.usageIdentifierKey;
    request.apiKey = stage.apiKeys.find(({ value }) => value === given);
    if (request.apiKey) return;
    const explanation =
      stage.apiKeys.length === 0 ? `no usage plan with a key covers the stage ${stage.name}` : undefined;
    throw new Rejection("INVALID_API_KEY", "Forbidden", undefined, explanation);
  };
}

/**
 * Calls a Lambda authorizer. Its answers are not cached, so that an edit of its code counts at once.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
function authorizerCheck(name: string, scheme: SecurityScheme, { api, functions, targetOf }: Surroundings): Check {
  const authorizer = scheme["x-amazon-apigateway-authorizer"];
  const type = authorizer?.type?.toLowerCase();
  if (!authorizer || (type !== "token" && type !== "request")) {
    const kind = type ? `${name} (${type})` : name;
    throw new NotServable(
      `its security scheme ${kind} is not emulated, only awsSigv4, API keys and Lambda authorizers are`,
    );
  }
  const target = targetOf(authorizer.authorizerUri ?? "");
  const identify = type === "token" ? tokenReader(scheme, authorizer) : sourceReader(authorizer);
  return async (request) => {
    const identity = identify(request);
    if (identity === undefined) throw new Rejection("UNAUTHORIZED", "Unauthorized");
    const methodArn = methodArnOf(request, api);
    const event =
      type === "token"
        ? { type: "TOKEN", methodArn, authorizationToken: identity }
        : { type: "REQUEST", methodArn, ...requestEvent(request, target) };
    request.invoked = target.name;
    const { payload, error } = await functions.invoke(target, JSON.stringify(event));
    if (asMap(error).errorMessage === "Unauthorized") throw new Rejection("UNAUTHORIZED", "Unauthorized");
    if (error) throw new Rejection("AUTHORIZER_FAILURE", "", undefined, `the authorizer ${target.name} failed`);
    admit(request, parse(payload), methodArn, target.name);
  };
}

function tokenReader({ name }: SecurityScheme, authorizer: Authorizer) {
  const source = authorizer.identitySource || `method.request.header.${name ?? "Authorization"}`;
  const { identityValidationExpression: expression } = authorizer;
  const pattern = expression ? compilePattern(expression) : undefined;
  return (request: GatewayRequest): string | undefined => {
    const [[, token] = ["", ""]] = mapHeaders({ [source]: source }, "", request);
    return token && (pattern?.test(token) ?? true) ? token : undefined;
  };
}

function compilePattern(expression: string): RegExp {
  try {
    return new RegExp(`^(?:${expression})$`);
  } catch {
    throw new NotServable(`the identityValidationExpression ${expression} is not a regular expression`);
  }
}

function sourceReader({ identitySource = "" }: Authorizer) {
  const sources = identitySource.split(",").flatMap((source) => source.trim() || []);
  return (request: GatewayRequest): string | undefined => {
    const found = mapHeaders(Object.fromEntries(sources.map((source) => [source, source])), "", request);
    const values = found.flatMap(([, value]) => value || []);
    return values.length === sources.length ? values.join() : undefined;
  };
}

/** The proxy event of the request, without its body. */
function requestEvent(request: GatewayRequest, target: Target): object {
  const { body: _, isBase64Encoded: __, ...event } = JSON.parse(eventFor(target, request, () => false));
  return event;
}

function methodArnOf({ method, path, stage }: GatewayRequest, { id, account, region }: ApiModel): string {
  const { partition } = partitionOf(region);
  const resource = `${id}/${stage.name}/${method}/${path.replace(/^\//, "")}`;
  return `arn:${partition}:execute-api:${region}:${account}:${resource}`;
}

function parse(payload = ""): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

/** Takes over what an authorizer returned. @throws Rejection if its policy does not allow the call */
export function admit(request: GatewayRequest, answer: unknown, methodArn: string, name: string): void {
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = asMap(answer);
  const values = Object.entries(asMap(context));
  const isPlain = values.every(([, value]) => value === null || typeof value !== "object");
  if (typeof principalId !== "string" || !policyDocument || !isPlain) {
    const wrong = isPlain ? "it needs principalId and policyDocument" : "its context has a value that is not plain";
    const explanation = `the authorizer ${name} returned an invalid answer: ${wrong}`;
    throw new Rejection("AUTHORIZER_CONFIGURATION_ERROR", "", undefined, explanation);
  }
  const effect = effectOf(policyDocument, methodArn);
  const refusal = "User is not authorized to access this resource";
  if (effect === "Deny") throw new Rejection("ACCESS_DENIED", `${refusal} with an explicit deny`);
  if (effect === undefined) throw new Rejection("ACCESS_DENIED", refusal);
  request.usageIdentifierKey = asText(usageIdentifierKey);
  request.authorizer = { principalId, ...Object.fromEntries(values.map(([key, value]) => [key, String(value)])) };
}
