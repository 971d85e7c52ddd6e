import {
  Dashboard,
  EventStream,
  HttpApi,
  ItemsTable,
  LambdaFunction,
  Network,
  Queue,
  ServerlessApi,
} from "pulumi-graviton";
import { createJobs } from "./batchJobs";
import { answering, guarded, kept, watched } from "./common";
import { ApiKind, config } from "./config";
import { createDataPlatform } from "./dataPlatform";
import { kmsKeyArn } from "./encryption";
import { about } from "./handlers/http/about";
import { exposedHeaders } from "./handlers/http/cors";
import { servedBy } from "./handlers/http/router";
import { itemsRoutes } from "./handlers/items/routes";
import { createWorkers } from "./workers";

const tables = { ...guarded, deletionProtection: config.protectData };
const table = new ItemsTable("items", tables, kept);
const memory = new ItemsTable("records", { ...tables, ttlAttribute: "expiresAt" }, kept);
const records = memory.access("crud", { environmentName: "RECORDS_TABLE_NAME" });

const items = new LambdaFunction("items", {
  ...answering,
  entry: "handlers/items.ts",
  access: [table.access("crud"), records],
});

// Item events from elsewhere: each takes effect once, in order, and what can never take effect waits in the queue.
const stream = new EventStream("item-events", { ...guarded, shards: config.eventShards }, kept);
const rejected = new Queue("rejected", { ...guarded, fifo: true }, kept);
const itemEvents = new LambdaFunction("item-events", {
  ...watched,
  kmsKeyArn,
  entry: "handlers/stream.ts",
  timeout: 60,
  access: [table.access("crud"), records, rejected.access("send", { environmentName: "REJECTED_QUEUE_URL" })],
  events: { items: { stream: { streamArn: stream.streamArn, kmsKeyArn, parallelization: 10 } } },
});

const network = new Network("network", config.network);
const jobs = createJobs(network, table, records);
const workers = createWorkers(records);
const platform = createDataPlatform(network, memory, answering);

const { corsOrigin } = config;
const isRest = config.apiKind === ApiKind.Rest;
const api = new (isRest ? ServerlessApi : HttpApi)("api", {
  routes: { ...servedBy(itemsRoutes, items), ...jobs.routes, ...workers.routes, ...platform.routes },
  ...about,
  auth: config.apiAuth,
  // A fifth of the account's limit for all of its APIs, so that this one cannot use it up.
  throttle: { rateLimit: 2000, burstLimit: 1000 },
  cors: corsOrigin ? { allowOrigins: [corsOrigin], exposeHeaders: exposedHeaders } : undefined,
  // An HTTP API neither checks parameters, which the functions do as well, nor answers without a function.
  ...(isRest && { validation: "parameters", documentPath: "/openapi.json" }),
  logKmsKeyArn: kmsKeyArn,
  ...watched,
});

if (config.alarms) {
  const own = [api, items, table, memory, itemEvents, stream, rejected];
  new Dashboard("overview", {
    watch: [...own, ...jobs.watch, ...workers.watch, ...platform.watch],
    queries: { "rejected events": 'filter @message like "A record is rejected" | sort @timestamp desc | limit 100' },
  });
}

export const url = api.url;
export const tableName = table.tableName;
export const functionName = items.functionName;
export const eventStream = stream.streamName;
export const dataLake = platform.uris;
