import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { corsHeaders } from "./cors";
import type { HttpRequest, HttpResponse } from "./message";
import { requestOf1, response1 } from "./payload1";
import { type HttpApiEvent, requestOf2 } from "./payload2";
import { errorFields, type Problem, toProblem } from "./problem";
import { readBody, readParameters } from "./request";
import { type Routes, router } from "./router";

/** The input of an operation, checked against its route, so that `Parameters` and `Body` are true. */
export interface Request<Parameters = unknown, Body = unknown> {
  parameters: Parameters;
  body: Body;
  /** The body as it was sent. */
  content: string;
  method: string;
  /** The path as the caller wrote it, including the stage or base path: links start with it. */
  path: string;
  /** The caller: an ARN, an authorizer's principal, or `anonymous`. */
  caller: string;
  /** When this function will be stopped, in milliseconds since the epoch. */
  deadline: number;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** The values of Set-Cookie headers. */
  cookies?: string[];
  body?: object;
}

/** Any function of a request; `never` because its route determines what the request contains. */
export type Operation = (request: Request<never, never>) => Promise<Reply>;

/** API Gateway times out an integration after this long (default quota, milliseconds). */
const gatewayTimeout = 29_000;

/**
 * A Lambda handler for API Gateway's proxy events, of REST APIs (payload 1.0) and HTTP APIs (2.0) alike: it checks each
 * request against its route, has the operation handle it, and turns whatever is thrown into a problem document
 * (RFC 9457).
 */
export function restApi<OperationId extends string>(
  routes: Routes<OperationId>,
  operations: Record<OperationId, Operation>,
) {
  const route = router(routes);

  async function answer(sent: HttpRequest, context?: Context): Promise<Reply> {
    const match = route(sent.method, sent.path);
    const parameters = readParameters(match, sent);
    const { content, body } = readBody(match.route, sent);
    const request = {
      parameters,
      content,
      body,
      method: sent.method,
      path: sent.clientPath,
      caller: sent.caller,
      deadline: Date.now() + (context?.getRemainingTimeInMillis() ?? gatewayTimeout),
    };
    return operations[match.route.operationId](request as Request<never, never>);
  }

  async function respond(sent: HttpRequest, context?: Context): Promise<HttpResponse> {
    const requestId = requestIdOf(sent);
    const reply = await answer(sent, context).catch((thrown: unknown) => {
      const problem = toProblem(thrown);
      if (problem.status >= 500) log(thrown, requestId, sent.id);
      return problemReply(problem, sent.clientPath, requestId);
    });
    const { status, headers, cookies, body } = reply;
    return {
      statusCode: status,
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
        ...corsHeaders(sent.headers.get("origin"), process.env.CORS_ALLOW_ORIGIN),
        "X-Content-Type-Options": "nosniff",
        "x-request-id": requestId,
      },
      ...(cookies && { cookies }),
      body: body === undefined ? "" : JSON.stringify(body),
    };
  }

  return async (event: APIGatewayProxyEvent | HttpApiEvent, context?: Context) =>
    isVersion2(event) ? respond(requestOf2(event), context) : response1(await respond(requestOf1(event), context));
}

/** REST APIs do not name the version, which is 1.0. */
function isVersion2(event: APIGatewayProxyEvent | HttpApiEvent): event is HttpApiEvent {
  return "version" in event && event.version === "2.0";
}

/** The caller's own X-Request-Id if it is safe for a log line, otherwise API Gateway's. */
function requestIdOf({ headers, id }: HttpRequest): string {
  const own = headers.get("x-request-id");
  return own && /^[\w.-]{1,128}$/.test(own) ? own : id;
}

function problemReply(problem: Problem, instance: string, requestId: string): Reply {
  return {
    status: problem.status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...problem.extra.headers,
    },
    body: problem.document(instance, requestId),
  };
}

/** Logs one line for each internal failure: the only trace of what the caller is not told. */
function log(thrown: unknown, requestId: string, gatewayRequestId: string): void {
  const { name, message, stack } = errorFields(thrown);
  console.error(JSON.stringify({ level: "ERROR", requestId, gatewayRequestId, error: { name, message, stack } }));
}
