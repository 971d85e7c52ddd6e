import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { corsHeaders } from "./cors";
import { errorFields, type Problem, toProblem } from "./problem";
import { headersOf, readBody, readParameters } from "./request";
import { type Routes, router, segmentsOf } from "./router";

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
  body?: object;
}

/** Any function of a request; `never` because its route determines what the request contains. */
export type Operation = (request: Request<never, never>) => Promise<Reply>;

/** API Gateway times out an integration after this long (default quota, milliseconds). */
const gatewayTimeout = 29_000;

/**
 * A Lambda handler for API Gateway's REST proxy events: it checks each request against its route, has the operation
 * handle it, and turns whatever is thrown into a problem document (RFC 9457).
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function restApi<OperationId extends string>(
  routes: Routes<OperationId>,
  operations: Record<OperationId, Operation>,
) {
  const route = router(routes);

  async function answer(event: APIGatewayProxyEvent, context?: Context): Promise<Reply> {
    const match = route(event.httpMethod, routedPath(event));
    const parameters = readParameters(match, event);
    const { content, body } = readBody(match.route, event);
    const request = {
      parameters,
      content,
      body,
      method: event.httpMethod,
      path: clientPath(event),
      caller: event.requestContext.identity.userArn ?? event.requestContext.authorizer?.principalId ?? "anonymous",
      deadline: Date.now() + (context?.getRemainingTimeInMillis() ?? gatewayTimeout),
    };
    return operations[match.route.operationId](request as Request<never, never>);
  }

  return async (event: APIGatewayProxyEvent, context?: Context): Promise<APIGatewayProxyResult> => {
    const requestId = requestIdOf(event);
    const reply = await answer(event, context).catch((thrown: unknown) => {
      const problem = toProblem(thrown);
      if (problem.status >= 500) log(thrown, requestId, event.requestContext.requestId);
      return problemReply(problem, clientPath(event), requestId);
    });
    const { status, headers, body } = reply;
    return {
      statusCode: status,
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
        ...corsHeaders(headersOf(event).get("origin"), process.env.CORS_ALLOW_ORIGIN),
        "X-Content-Type-Options": "nosniff",
        "x-request-id": requestId,
      },
      body: body === undefined ? "" : JSON.stringify(body),
    };
  };
}

/**
 * The path that the routes match. On a custom domain `path` starts with the mapping's base path, and only the number of
 * segments in `resource` tells where it ends. (`resource` is absent behind some other gateways.)
 */
function routedPath({ resource, path }: APIGatewayProxyEvent): string {
  if (!resource || resource.includes("+}")) return path;
  return `/${path.split("/").slice(-segmentsOf(resource).length).join("/")}`;
}

function clientPath(event: APIGatewayProxyEvent): string {
  return event.requestContext.path ?? event.path;
}

/** The caller's own X-Request-Id if it is safe for a log line, otherwise API Gateway's. */
function requestIdOf(event: APIGatewayProxyEvent): string {
  const own = headersOf(event).get("x-request-id");
  return own && /^[\w.-]{1,128}$/.test(own) ? own : event.requestContext.requestId;
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
