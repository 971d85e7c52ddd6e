import * as path from "node:path";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import { type ProxyRequest, proxyEvent } from "./proxyEvent";

const handlers = path.resolve(__dirname, "../../handlers");

export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Parsed; undefined where there is none. */
  body: Record<string, unknown>;
}

export interface Call extends ProxyRequest {
  /** Milliseconds that the function has left. */
  remaining?: number;
}

/** One warm instance of a function. */
export interface Instance {
  call(method: string, path: string, request?: Call): Promise<Answer>;
  database: typeof import("../../handlers/lib/database").database;
}

/** Sets variables, and gives what sets them back. */
export function setEnvironment(variables: Record<string, string>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/** A cold start of `handlers/NAME`: modules loaded anew, with nothing in memory. */
export function loadHandler(name: string): Instance {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(handlers)) delete require.cache[file];
  }
  const { handler } = require(path.join(handlers, name));
  const { database } = require(path.join(handlers, "lib/database"));
  return { database, call: (method, url, request) => call(handler, method, url, request) };
}

type Handler = (event: APIGatewayProxyEvent, context?: Context) => Promise<APIGatewayProxyResult>;

async function call(
  handler: Handler,
  method: string,
  url: string,
  { remaining = 10_000, ...request }: Call = {},
): Promise<Answer> {
  const context = { getRemainingTimeInMillis: () => remaining } as Context;
  const { statusCode, headers, body } = await handler(proxyEvent(method, url, request), context);
  return {
    status: statusCode,
    headers: headers as Record<string, string>,
    body: body === "" ? undefined : JSON.parse(body),
  };
}
