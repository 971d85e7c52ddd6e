import type { Invoker, Target } from "../../core/invoker";
import { signerOf } from "../../core/payload/event";
import { asMap, isMap, type Settings } from "../../core/resources";
import type { Auth } from "../../core/served";
import { effectOfGrant, invocationOf, invokedArn } from "../authorizers/access";
import { Answers } from "../authorizers/answers";
import type { Guards } from "../authorizers/authorization";
import { compileJwtAuthorizer } from "../authorizers/jwt";
import type { SignatureCheck } from "../authorizers/signature";
import { isIssuer } from "../authorizers/tokenSettings";
import { type Tokens, textsOf } from "../authorizers/tokens";
import { NotServable } from "../definition/document";
import { Rejection } from "../responses/responses";
import { event1Of, event2Of } from "./lambda";
import { compileValue } from "./mapping";
import type { HttpAuthorizer, HttpRoute } from "./model";
import { decodePath, type Grant, HttpError, type HttpRequest, internalError } from "./request";

export interface Authorization {
  auth: Auth;
  /** Lets a request pass, or throws an HttpError. */
  authorize?(request: HttpRequest): void | Promise<void>;
  /** Forgets the answers that it has kept. */
  forget?(): void;
  /** The tokens that it accepts, if any. */
  tokens?: Tokens;
}

interface Surroundings extends Guards {
  functions: Invoker;
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
    if (authorizer.type === "JWT") return compileJwt(authorizer, scopes, surroundings);
    if (authorizer.type === "") throw new NotServable(`the document has no authorizer ${authorizer.name}`);
    if (authorizer.type !== "REQUEST") {
      throw new NotServable(`its authorizer ${authorizer.name} is of the type ${authorizer.type}, not REQUEST or JWT`);
    }
    const known = compiled.get(authorizer.name) ?? compileRequest(authorizer, surroundings);
    compiled.set(authorizer.name, known);
    return known;
  };
}

/**
 * Verifies tokens. A token may name its audience in `client_id`, and only RSA signs it.
 * @throws NotServable
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
function compileJwt(
  { name, issuer = "", audiences, sources }: HttpAuthorizer,
  scopes: string[],
  { keySets }: Surroundings,
): Authorization {
  const [identitySource = "", another] = sources;
  const isSource = /^\$request\.(?:header|querystring)\.\S+$/.test(identitySource) && another === undefined;
  const mistakes = [
    ...(isIssuer(issuer) ? [] : [`its issuer "${issuer}" is not an https URL without user, query and fragment`]),
    ...(audiences.length > 0 ? [] : ["it has no audience"]),
    ...(isSource ? [] : [`it has the identity sources "${sources}", not one such as $request.header.Authorization`]),
  ];
  if (mistakes.length > 0) throw new NotServable(`AWS refuses its JWT authorizer ${name}: ${mistakes.join("; ")}`);
  const issuers = [{ issuer, audiences, acceptsClientId: true }];
  const algorithms = ["RS256", "RS384", "RS512"];
  const identify = compileJwtAuthorizer({ issuers, algorithms, scopes, identitySource }, keySets, { audience });
  const authorize = async (request: HttpRequest) => {
    const identity = await identify(request).catch((error: Error): never => {
      if (!(error instanceof Rejection)) throw error;
      if (error.type === "ACCESS_DENIED") throw new HttpError(403, "Forbidden", error.explanation);
      throw new HttpError(401, "Unauthorized", error.explanation, [["WWW-Authenticate", challengeOf(error)]]);
    });
    const claims = textsOf(identity.claims, (texts) => `[${texts.join(" ")}]`);
    const granted = { claims, scopes: scopes.length > 0 ? identity.scopes : null };
    request.grant = { event: { jwt: granted }, context: granted };
  };
  return { auth: "authorizer", authorize, tokens: { name, type: "jwt", issuers, scopes } };
}

/** What callers are told of a token for somebody else. */
const audience = "the token does not have a valid audience";

/**
 * What a caller is told of its token: no more than AWS documents.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
 */
function challengeOf({ message, explanation }: Rejection): string {
  if (explanation === undefined) return "Bearer";
  const description = message === audience ? ` error_description="${audience}"` : "";
  return `Bearer scope="" error="invalid_token"${description}`;
}

function signatureCheck(checkSignature: SignatureCheck) {
  return (request: HttpRequest) => {
    try {
      request.caller = checkSignature(request);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      throw new HttpError(403, "Forbidden", error.message);
    }
    const { caller } = request;
    const arn = arnOf(request);
    if (caller.effectOn(invocationOf(request, arn, caller)) !== "Allow") {
      throw new HttpError(403, "Forbidden", `${caller.arn} has no policy that allows execute-api:Invoke on ${arn}`);
    }
    request.grant = { event: { iam: signerOf(caller) } };
  };
}

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
  const kept = new Answers<Settings>();
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
    const known = kept.get(key, request.time);
    const answer = known ?? (await ask(request, identity));
    request.grant = simple ? admitSimple(answer, target) : admitByPolicy(answer, target, request);
    if (known || ttl === 0 || sources.length === 0) return;
    kept.set(key, answer, request.time + ttl * 1000);
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
  if (effectOfGrant(policyDocument, request, arnOf(request)) !== "Allow") throw new HttpError(403, "Forbidden");
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

/** With the path as routes see it, so that no other spelling of it slips past a policy. */
function arnOf(request: HttpRequest): string {
  return invokedArn(request, `${request.method}${decodePath(request.path)}`);
}
