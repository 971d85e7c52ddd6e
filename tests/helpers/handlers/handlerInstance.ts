import * as path from "node:path";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import type { HttpApiEvent } from "../../../handlers/http/payload2";
import type { Dynamo } from "../aws/dynamo";
import { events, type ProxyRequest } from "./proxyEvent";

const handlers = path.resolve(__dirname, "../../../handlers");

export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** The parsed body; undefined if there is none. */
  body: Record<string, unknown>;
}

export interface Call extends ProxyRequest {
  /** Milliseconds before the function times out. */
  remaining?: number;
}

/** One warm instance of a function. */
export interface Instance {
  call(method: string, path: string, request?: Call): Promise<Answer>;
  database: typeof import("../../../handlers/state/database").database;
}

/** Sets environment variables, and returns a function that restores them. */
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

/** A function with its own services. */
export interface StartedFunction extends Instance {
  dynamo: Dynamo;
  /** Another instance: modules loaded anew, with nothing in memory. */
  coldStart(): Instance;
  close(): Promise<void>;
}

/**
 * Starts `handlers/NAME`, which finds its services through the environment only, as in AWS.
 * @param others services besides the tables, which are closed with it
 */
export function startFunction(
  name: string,
  dynamo: Dynamo,
  environment: Record<string, string>,
  ...others: { close(): Promise<void> }[]
): StartedFunction {
  const restore = setEnvironment({
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    ...environment,
  });
  const instances: Instance[] = [];
  const coldStart = () => {
    const instance = loadHandler(name);
    instances.push(instance);
    return instance;
  };
  return {
    ...coldStart(),
    dynamo,
    coldStart,
    close: async () => {
      restore();
      for (const { database } of instances) database.destroy();
      for (const service of [dynamo, ...others]) await service.close();
    },
  };
}

/** A cold start of `handlers/NAME`. */
function loadHandler(name: string): Instance {
  const { handler, database } = loadModules<{ handler: Handler }>(name);
  return { database, call: (method, url, request) => call(handler, method, url, request) };
}

/** What `handlers/NAME` exports, and its database: modules loaded anew, with nothing in memory. */
export function loadModules<Exports>(name: string): Exports & Pick<Instance, "database"> {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(handlers)) delete require.cache[file];
  }
  const exported = require(path.join(handlers, name)) as Exports;
  return { ...exported, database: require(path.join(handlers, "state/database")).database };
}

type Event = APIGatewayProxyEvent | HttpApiEvent;
type Handler = (event: Event, context?: Context) => Promise<APIGatewayProxyResult>;

async function call(
  handler: Handler,
  method: string,
  url: string,
  { remaining = 10_000, ...request }: Call = {},
): Promise<Answer> {
  const context = { getRemainingTimeInMillis: () => remaining } as Context;
  const { statusCode, headers, body } = await handler(events[request.version ?? "1.0"](method, url, request), context);
  return {
    status: statusCode,
    headers: headers as Record<string, string>,
    body: body === "" ? undefined : JSON.parse(body),
  };
}
