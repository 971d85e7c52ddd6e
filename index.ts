import {
  AlarmTopic,
  GravitonBatch,
  ItemsTable,
  JobImage,
  LambdaFunction,
  Network,
  ServerlessApi,
} from "pulumi-graviton";
import { config } from "./config";
import { createDataPlatform } from "./dataPlatform";
import { kmsKeyArn } from "./encryption";
import { about } from "./handlers/http/about";
import { servedBy } from "./handlers/http/router";
import { itemsRoutes } from "./handlers/items/routes";
import { jobsRoutes } from "./handlers/jobs/routes";

const { alarmEmail: email, corsOrigin, logRetentionDays } = config;
const alarmTopicArns = config.alarms ? [new AlarmTopic("alarms", { email, kmsKeyArn }).topicArn] : [];
const watched = { logRetentionDays, alarmTopicArns };
const cors: Record<string, string> = corsOrigin ? { CORS_ALLOW_ORIGIN: corsOrigin } : {};
// The SDK gives up on an unresponsive service after 9 s; the function must still be running to tell the caller.
const answering = { ...watched, kmsKeyArn, timeout: 15, environment: cors };

const guarded = { deletionProtection: config.protectData, alarmTopicArns, kmsKeyArn };
const table = new ItemsTable("items", guarded, { protect: config.protectData });
const records = new ItemsTable("records", { ...guarded, ttlAttribute: "expiresAt" }, { protect: config.protectData });

const items = new LambdaFunction("items", {
  ...answering,
  entry: "handlers/items.ts",
  access: [table.access("crud"), records.access("crud", { environmentName: "RECORDS_TABLE_NAME" })],
});
const summaries = new ItemsTable("summaries", guarded, { protect: config.protectData });
const network = new Network("network", config.network);
const batch = new GravitonBatch("jobs", {
  environments: config.jobsRunOn.map((type) => ({ type, maxVcpus: 16 })),
  vpcId: network.vpcId,
  subnetIds: network.privateSubnetIds,
  jobs: {
    summarise: {
      image: new JobImage("summarise", { entry: "jobs/summarise/index.ts" }).imageUri,
      access: [table.access("read"), summaries.access("crud", { environmentName: "SUMMARIES_TABLE_NAME" })],
      // The job exits with this code when it is told to stop; its progress is saved.
      retryRules: [{ action: "RETRY", onExitCode: "143" }],
    },
  },
  kmsKeyArn,
  ...watched,
});

const environmentNames = ["CATEGORY", "READ_UNITS_PER_SECOND"];
const jobs = new LambdaFunction("jobs", {
  ...answering,
  entry: "handlers/jobs.ts",
  access: [
    batch.access(["submit", "terminate"]),
    records.access("crud", { environmentName: "RECORDS_TABLE_NAME" }),
    summaries.access("read", { environmentName: "SUMMARIES_TABLE_NAME" }),
  ],
  environment: { JOB_ENVIRONMENT_NAMES: environmentNames.join(), ...cors },
});

const platform = createDataPlatform(network, records, answering);
const api = new ServerlessApi("api", {
  routes: { ...servedBy(itemsRoutes, items), ...servedBy(jobsRoutes({ environmentNames }), jobs), ...platform.routes },
  ...about,
  auth: config.apiAuth,
  validation: "parameters",
  // A fifth of the account's limit for all of its APIs, so that this one cannot use it up.
  throttle: { rateLimit: 2000, burstLimit: 1000 },
  cors: corsOrigin ? { allowOrigins: [corsOrigin] } : undefined,
  documentPath: "/openapi.json",
  logKmsKeyArn: kmsKeyArn,
  ...watched,
});

export const url = api.url;
export const tableName = table.tableName;
export const functionName = items.functionName;
export const dataLake = platform.uris;
