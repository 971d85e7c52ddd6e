import type { Target } from "../../core/invoker";
import { objectIn } from "../../core/json";
import { parseXml } from "../../core/protocol/xml";
import { signatureHeaders } from "../../core/signature/sign";
import type { CodeContext } from "../../core/types";
import { type Integration, NotServable } from "../definition/document";
import { Rejection } from "../responses/responses";
import { FORM, formOf, modelNamed, requesterOf, takesForms } from "./awsAction";
import { type AwsUri, readAwsUri } from "./awsUri";
import { exchangeWithin, fillPath, type Response } from "./httpProxy";
import type { Backend, BackendAnswer, IntegrationRequest } from "./pipeline";
import { jsonOfXml } from "./xmlAnswer";

interface Surroundings extends Pick<CodeContext, "endpoint" | "credentials" | "log"> {
  /** Where the requests of services are sent, by their signing names. */
  endpoints: Record<string, string>;
  /** The function that a URI names. @throws NotServable if the program has none */
  targetOf(uri: string): Target;
  /** In milliseconds. @default none */
  timeout?: number;
}

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer;
}

/**
 * The backend of an integration that calls an AWS service.
 * @param uri with the stage's variables filled in
 * @throws NotServable if AWS refuses it, or nothing answers for the service
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html#apigw-Type-Integration-uri
 */
export function compileAws(
  { httpMethod = "POST" }: Integration,
  uri: string,
  surroundings: Surroundings,
): { backend: Backend; target?: Target } {
  const called = readAwsUri(uri);
  const { service, region } = called;
  const { endpoint, credentials, endpoints, timeout, log } = surroundings;
  const send = ({ method, path, headers, body }: Sent) => {
    const url = new URL(`${endpoint}${path}`);
    const { host, pathname, search } = url;
    const scope = { region, service: modelNamed(service)?.metadata.signingName ?? service };
    const signature = signatureHeaders({ method, url: pathname + search, host, body, ...scope }, credentials);
    const length = { "content-length": Buffer.byteLength(body) };
    const options = { method, headers: { accept: "application/json", ...headers, ...signature, ...length } };
    return exchangeWithin(timeout, url, options, Buffer.from(body));
  };
  if (service === "lambda" && called.path) return functionBackend(surroundings.targetOf(uri), send);
  if (!modelNamed(service) && !Object.hasOwn(endpoints, service)) {
    const instead = `run it elsewhere, and give --endpoint ${service}=URL`;
    throw new NotServable(`its integration calls ${service}, which is not emulated: ${instead}`);
  }
  const requestOf = compileCall(called, httpMethod.toUpperCase());
  return {
    backend: async (mapped, request) => {
      const sent = requestOf(mapped, request.method);
      const response = await send(sent);
      if (response.status >= 400) log(`${request.method} ${request.resourcePath} | ${refusalBy(service, response)}`);
      return answerOf(response, sent);
    },
  };
}

/** The caller sees only what the response's mapping makes of it. */
function refusalBy(service: string, { status, body }: Response): string {
  return `${service} answered ${status}: ${JSON.stringify(body.toString().slice(0, 500))}`;
}

function compileCall(called: AwsUri, httpMethod: string) {
  const { region, service, subdomain, path = "", action } = called;
  const model = modelNamed(service);
  const requester = action === undefined ? undefined : requesterOf(called);
  const prefix = service === "s3" && subdomain ? `/${subdomain}` : "";
  return ({ body, headers, query, path: values }: IntegrationRequest, method: string): Sent => {
    const mapped = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
    const parameters = new URLSearchParams(query);
    if (requester) {
      const call = requester([body.toString(), parameters.toString()].filter((part) => part !== "").join("&"));
      return { method: "POST", path: "/", ...call, headers: { ...call.headers, ...mapped } };
    }
    const given = { "content-type": "application/json", ...mapped };
    const filled = fillPath(`${prefix}${path}`, values);
    if (model && takesForms(model) && !("x-amz-target" in given)) {
      const [target = "", ownQuery = ""] = filled.split("?");
      const parts = [ownQuery, parameters.toString(), body.toString()].filter((part) => part !== "");
      const QueueUrl = `https://${service}.${region}.amazonaws.com${target}`;
      const form = formOf(model, parts.join("&"), service === "sqs" ? { QueueUrl } : {});
      return { method: "POST", path: "/", headers: { ...given, "content-type": FORM }, body: form };
    }
    const search = parameters.size > 0 ? `${filled.includes("?") ? "&" : "?"}${parameters}` : "";
    return { method: httpMethod === "ANY" ? method : httpMethod, path: `${filled}${search}`, headers: given, body };
  };
}

/** Services that take forms answer in JSON to callers that accept it, as API Gateway does. */
function answerOf({ status, headers, body }: Response, { headers: sent }: Sent): BackendAnswer {
  const isXml = headers.some(([name, value]) => /^content-type$/i.test(name) && /xml/i.test(value));
  const isForm = sent["content-type"] === FORM && !/xml/i.test(sent.accept ?? "");
  const answer = isXml && isForm ? jsonOfXml(parseXml(body.toString())) : body;
  const kept = answer === body ? headers : [];
  return { outcome: String(status), headers: kept, body: answer };
}

/**
 * A function is called with the mapped body. Patterns are compared with the message of its error.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
 */
function functionBackend(target: Target, send: (sent: Sent) => Promise<Response>) {
  const qualifier = target.qualifier ? `?Qualifier=${encodeURIComponent(target.qualifier)}` : "";
  const path = `/2015-03-31/functions/${encodeURIComponent(target.name)}/invocations${qualifier}`;
  const backend: Backend = async ({ body, headers: mapped }, request) => {
    request.invoked = target.name;
    const headers = Object.fromEntries(mapped.map(([name, value]) => [name.toLowerCase(), value]));
    const {
      status,
      headers: returned,
      body: result,
    } = await send({
      method: "POST",
      path,
      headers,
      body: body.length > 0 ? body : "{}",
    });
    if (status >= 300) throw new Rejection("INTEGRATION_FAILURE", "Internal server error", undefined, `${result}`);
    const failed = returned.some(([name]) => name.toLowerCase() === "x-amz-function-error");
    const { errorMessage } = failed ? objectIn(result.toString()) : {};
    return { outcome: failed ? String(errorMessage ?? "") : undefined, headers: returned, body: result };
  };
  return { backend, target };
}
