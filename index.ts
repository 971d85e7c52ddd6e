import { AlarmTopic, ItemsTable, LambdaFunction, ServerlessApi, Validation } from "pulumi-graviton";
import { config } from "./config";
import { methodNotAllowedRoutes } from "./handlers/lib/router";
import { itemsRoutes } from "./handlers/lib/routes";

const { corsOrigin, logRetentionDays } = config;
const alarmTopicArns = config.alarms ? [new AlarmTopic("alarms", { email: config.alarmEmail }).topicArn] : [];

const guarded = { deletionProtection: config.protectData, alarmTopicArns };
const table = new ItemsTable("items", guarded, { protect: config.protectData });
const records = new ItemsTable("records", { ...guarded, ttlAttribute: "expiresAt" }, { protect: config.protectData });

const items = new LambdaFunction("items", {
  entry: "handlers/items.ts",
  access: [table.access("crud"), records.access("crud", { environmentName: "RECORDS_TABLE_NAME" })],
  environment: corsOrigin ? { CORS_ALLOW_ORIGIN: corsOrigin } : {},
  // The SDK gives up on a table that does not answer after 9 s, and the caller is to hear of it.
  timeout: 15,
  logRetentionDays,
  alarmTopicArns,
});

const routes = Object.entries({ ...itemsRoutes, ...methodNotAllowedRoutes(itemsRoutes) });
const api = new ServerlessApi("api", {
  routes: Object.fromEntries(routes.map(([key, route]) => [key, { ...route, function: items }])),
  title: "Items",
  auth: config.apiAuth,
  validation: Validation.Parameters,
  // A fifth of what AWS lets an account's APIs take together, so that this one cannot use it up.
  throttle: { rateLimit: 2000, burstLimit: 1000 },
  cors: corsOrigin ? { allowOrigins: [corsOrigin] } : undefined,
  documentPath: "/openapi.json",
  logRetentionDays,
  alarmTopicArns,
});

export const url = api.url;
export const tableName = table.tableName;
export const functionName = items.functionName;
export const openapi = api.document;
