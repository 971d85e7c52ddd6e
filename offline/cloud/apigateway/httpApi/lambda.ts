import type { Answer } from "../../core/answer";
import type { Invoker, Target } from "../../core/invoker";
import { bodyOf, eventOf, isText } from "../../core/payload/event";
import { answerOf, contentOf, headOf, repeatedHeaders } from "../../core/payload/response";
import { isMap } from "../../core/resources";
import { NotServable } from "../definition/document";
import { proxyEventOf } from "../integrations/event";
import { type HttpRequest, httpContextOf, internalError, type Responder, tooLarge } from "./request";

/** Lambda's limit, which is lower than API Gateway's. */
const MAX_EVENT_BYTES = 6 * 2 ** 20;
/** What a response has that names no content type. */
const TEXT = "text/plain; charset=utf-8";

/**
 * An integration that passes requests to a function.
 * @throws NotServable for a payload format that does not exist
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function compileLambda(functions: Invoker, target: Target, payloadVersion: string): Responder {
  const format = Object.hasOwn(formats, payloadVersion) ? formats[payloadVersion] : undefined;
  if (!format) throw new NotServable(`its payloadFormatVersion ${payloadVersion} is neither 1.0 nor 2.0`);
  return async (request) => {
    const event = JSON.stringify(format.eventOf(request));
    // The text is rarely near the limit, and counting its bytes takes time.
    if (event.length * 3 > MAX_EVENT_BYTES && Buffer.byteLength(event) > MAX_EVENT_BYTES) throw tooLarge();
    request.invoked = target.name;
    const { payload = "null", error, refusal } = await functions.invoke(target, event);
    if (error) throw internalError(refusal?.message);
    try {
      return format.answerOf(payload);
    } catch (failure) {
      throw internalError(`Malformed response of ${target.name}: ${(failure as Error).message}`);
    }
  };
}

/** The event of a request in payload format 1.0. */
export function event1Of(request: HttpRequest) {
  const { headers, multiValueHeaders, ...event } = proxyEventOf(request, !isText(request.headers["content-type"]));
  const length = request.headers["content-length"] ?? "0";
  return {
    version: "1.0",
    ...event,
    path: request.stagePath,
    headers: { "Content-Length": length, ...headers },
    multiValueHeaders: { "Content-Length": [length], ...multiValueHeaders },
    requestContext: httpContextOf(request),
  };
}

/** The event of a request in payload format 2.0, without its body. */
export function event2Of(request: HttpRequest) {
  const { api, stage, trace, grant, pathParameters } = request;
  const event = eventOf({
    ...request,
    trace: trace.received,
    stage: stage.name,
    accountId: api.account,
    apiId: api.id,
    authorizer: grant?.event,
  });
  event.headers["content-length"] ??= "0";
  return {
    ...event,
    ...(isGiven(pathParameters) && { pathParameters }),
    ...(isGiven(stage.variables) && { stageVariables: stage.variables }),
  };
}

interface Format {
  eventOf(request: HttpRequest): object;
  /** @throws Error that says what is wrong with the result */
  answerOf(result: string): Answer;
}

const formats: Record<string, Format> = {
  "1.0": { eventOf: event1Of, answerOf: answer1Of },
  "2.0": {
    eventOf: (request) => ({ ...event2Of(request), ...bodyOf(request.body, request.headers["content-type"]) }),
    answerOf: (result) => answerOf(result, TEXT),
  },
};

/** The answer that a function's result stands for in payload format 1.0. @throws Error that says what is wrong with it */
function answer1Of(result: string): Answer {
  const value: unknown = JSON.parse(result);
  if (!isMap(value) || !value.statusCode) throw new Error("it has no statusCode");
  return {
    ...headOf({ ...value, cookies: [] }, TEXT, repeatedHeaders(value.multiValueHeaders)),
    body: contentOf(value),
  };
}

function isGiven(map: object): boolean {
  for (const _ in map) return true;
  return false;
}
