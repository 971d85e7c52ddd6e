import * as path from "node:path";
import type { Context } from "aws-lambda";
import { type Dynamo, startDynamo } from "./dynamo";
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

type Handler = typeof import("../../handlers/items").handler;

/** One warm instance of the function. */
export interface Instance {
  call(method: string, path: string, request?: Call): Promise<Answer>;
  database: typeof import("../../handlers/lib/database").database;
}

export interface ItemsFunction extends Instance {
  dynamo: Dynamo;
  /** Another instance: modules loaded anew, with nothing in memory. */
  coldStart(): Instance;
  close(): Promise<void>;
}

/** The items function with tables of its own. Only the environment tells it where they are, as in AWS. */
export async function startItemsFunction(): Promise<ItemsFunction> {
  const dynamo = await startDynamo("items", "records");
  const restore = setEnvironment({
    AWS_ENDPOINT_URL: dynamo.endpoint,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    TABLE_NAME: "items",
    RECORDS_TABLE_NAME: "records",
  });
  const instances: Instance[] = [];
  const coldStart = () => {
    const instance = load();
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
      await dynamo.close();
    },
  };
}

function setEnvironment(variables: Record<string, string>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

function load(): Instance {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(handlers)) delete require.cache[file];
  }
  const { handler }: { handler: Handler } = require("../../handlers/items");
  const { database } = require("../../handlers/lib/database");
  return { database, call: (method, url, request) => call(handler, method, url, request) };
}

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
