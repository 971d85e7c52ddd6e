import {
  GravitonBatch,
  ItemsTable,
  JobImage,
  JobSubmission,
  LambdaFunction,
  Network,
  ServerlessApi,
} from "pulumi-graviton";

const reports = new ItemsTable("reports");
const network = new Network("network");
const { imageUri } = new JobImage("report", { entry: "jobs/report/index.ts" });
const batch = new GravitonBatch("jobs", {
  environments: [{ type: "FARGATE_SPOT", maxVcpus: 16 }],
  vpcId: network.vpcId,
  subnetIds: network.privateSubnetIds,
  jobs: { report: { image: imageUri, access: [reports.access("write")] } },
});

// The first report. It is written again whenever a deployment changes the job's code.
new JobSubmission("first", { batch, triggers: { imageUri } });

const handler = new LambdaFunction("reports", {
  entry: "handlers/reports.ts",
  access: [batch.access("submit"), reports.access("read")],
});
const api = new ServerlessApi("api", {
  auth: "none",
  throttle: { rateLimit: 100, burstLimit: 50 },
  routes: {
    "GET /reports": { operationId: "listReports", function: handler },
    "POST /reports": { operationId: "startReport", function: handler },
  },
});

export const url = api.url;
