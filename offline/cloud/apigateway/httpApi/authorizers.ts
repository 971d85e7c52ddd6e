import { partitionOf } from "../../../engine/partition";
import type { Invoker, Target } from "../../core/invoker";
import { signerOf } from "../../core/payload/event";
import { asMap, isMap, type Settings } from "../../core/resources";
import { effectOf } from "../authorizers/policy";
import type { SignatureCheck } from "../authorizers/signature";
import { type Auth, NotServable } from "../definition/document";
import { Rejection } from "../responses/responses";
import { event1Of, event2Of } from "./lambda";
import { compileValue } from "./mapping";
import type { HttpAuthorizer, HttpRoute } from "./model";
import { type Grant, HttpError, type HttpRequest, internalError } from "./request";

export interface Authorization {
  auth: Auth;
  /** Lets a request pass, or throws an HttpError. */
  authorize?(request: HttpRequest): void | Promise<void>;
  /** Forgets the answers that it has kept. */
  forget?(): void;
}

interface Surroundings {
  functions: Invoker;
  checkSignature: SignatureCheck;
  /** The function that a URI names. @throws NotServable if there is none */
  targetOf(uri: string): Target;
}

/**
 * The authorizations of an API's routes. Routes with the same authorizer share its kept answers.
 * @throws NotServable, from the function that it returns, if a route is protected in a way that is not emulated
 */
export function authorizations(surroundings: Surroundings): (route: HttpRoute) => Authorization {
  const compiled = new Map<string, Authorization>();
  return ({ authorization: { type, authorizer, scopes } }) => {
    if (type === "NONE") return { auth: "none" };
    if (type === "AWS_IAM") return { auth: "iam", authorize: signatureCheck(surroundings.checkSignature) };
    if (!authorizer) throw new NotServable(`its authorizationType ${type} needs an authorizerId of the same API`);
    if (authorizer.type === "JWT") return compileJwt(authorizer, scopes);
    if (authorizer.type === "") throw new NotServable(`the document has no authorizer ${authorizer.name}`);
    if (authorizer.type !== "REQUEST") {
      throw new NotServable(`its authorizer ${authorizer.name} is of the type ${authorizer.type}, not REQUEST or JWT`);
    }
    const known = compiled.get(authorizer.name) ?? compileRequest(authorizer, surroundings);
    compiled.set(authorizer.name, known);
    return known;
  };
}

/** @throws NotServable */
function compileJwt({ name }: HttpAuthorizer, _scopes: string[]): Authorization {
  throw new NotServable(`its JWT authorizer ${name} is not emulated`);
}

function signatureCheck(checkSignature: SignatureCheck) {
  return (request: HttpRequest) => {
    try {
      request.caller = checkSignature(request);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      throw new HttpError(403, "Forbidden", error.message);
    }
    request.grant = { event: { iam: signerOf(request.caller) } };
  };
}

/** The most answers of an authorizer that are kept. */
const MOST_KEPT = 1000;

/**
 * Calls a function, and keeps its answers by the values of its identity sources.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
function compileRequest(
  { name, uri = "", payloadVersion, simple, sources, ttl }: HttpAuthorizer,
  { functions, targetOf }: Surroundings,
): Authorization {
  if (payloadVersion !== "1.0" && payloadVersion !== "2.0") {
    throw new NotServable(`its authorizer ${name} has the payload format ${payloadVersion}, not 1.0 or 2.0`);
  }
  const target = targetOf(uri);
  const identify = sources.map(compileValue);
  const kept = new Map<string, { until: number; answer: Settings }>();
  const ask = async (request: HttpRequest, identity: string[]): Promise<Settings> => {
    request.invoked = target.name;
    const event = payloadVersion === "2.0" ? request2(request, identity) : request1(request, identity);
    const { payload = "null", error } = await functions.invoke(target, JSON.stringify(event));
    const answer: unknown = error ? undefined : JSON.parse(payload);
    if (!isMap(answer)) throw internalError(`the authorizer ${target.name} ${error ? "failed" : "returned no object"}`);
    return answer;
  };
  const authorize = async (request: HttpRequest) => {
    const identity = identify.flatMap((value) => value({ request }) || []);
    if (identity.length < sources.length) throw new HttpError(401, "Unauthorized");
    const key = JSON.stringify(identity);
    const known = kept.get(key);
    const isFresh = known !== undefined && known.until > request.time;
    const answer = isFresh ? known.answer : await ask(request, identity);
    request.grant = simple ? admitSimple(answer, target) : admitByPolicy(answer, target, request);
    if (isFresh || ttl === 0 || sources.length === 0) return;
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, { until: request.time + ttl * 1000, answer });
  };
  return { auth: "authorizer", authorize, forget: () => kept.clear() };
}

function admitSimple({ isAuthorized, context }: Settings, { name }: Target): Grant {
  if (typeof isAuthorized !== "boolean") {
    throw internalError(`the authorizer ${name} has simple responses, and returned no isAuthorized of true or false`);
  }
  if (!isAuthorized) throw new HttpError(403, "Forbidden");
  return { event: { lambda: context ?? null }, context: asMap(context) };
}

function admitByPolicy(
  { principalId, policyDocument, context }: Settings,
  { name }: Target,
  request: HttpRequest,
): Grant {
  if (!isMap(policyDocument)) {
    const hint = "it needs principalId and policyDocument, or an authorizer with enableSimpleResponses";
    throw internalError(`the authorizer ${name} returned an invalid answer: ${hint}`);
  }
  if (effectOf(policyDocument, arnOf(request)) !== "Allow") throw new HttpError(403, "Forbidden");
  return { event: { lambda: context ?? null }, context: { ...asMap(context), principalId } };
}

function request2(request: HttpRequest, identity: string[]): object {
  const { version, ...event } = event2Of(request);
  return {
    version,
    type: "REQUEST",
    routeArn: arnOf(request),
    identitySource: identity.length > 0 ? identity : null,
    ...event,
  };
}

function request1(request: HttpRequest, identity: string[]): object {
  const { version, body, isBase64Encoded, multiValueHeaders, multiValueQueryStringParameters, ...event } =
    event1Of(request);
  const joined = identity.join(",");
  return {
    version,
    type: "REQUEST",
    methodArn: arnOf(request),
    identitySource: joined,
    authorizationToken: joined,
    ...event,
  };
}

function arnOf({ api: { id, account, region }, stage, method, path }: HttpRequest): string {
  const resource = `${id}/${stage.name}/${method}${path}`;
  return `arn:${partitionOf(region).partition}:execute-api:${region}:${account}:${resource}`;
}
