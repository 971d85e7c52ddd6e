import {
  type FunctionAccess,
  GravitonBatch,
  ItemsTable,
  JobImage,
  LambdaFunction,
  type Network,
} from "pulumi-graviton";
import { answering, cors, guarded, kept, type Part, watched } from "./common";
import { config } from "./config";
import { kmsKeyArn } from "./encryption";
import { servedBy } from "./handlers/http/router";
import { jobsRoutes } from "./handlers/jobs/routes";

const environmentNames = ["CATEGORY", "READ_UNITS_PER_SECOND"];

/** Batch with the job that summarises the items, and the function that submits it. */
export function createJobs(network: Network, table: ItemsTable, records: FunctionAccess): Part {
  const tables = { ...guarded, deletionProtection: config.protectData };
  const summaries = new ItemsTable("summaries", tables, kept);
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
  const jobs = new LambdaFunction("jobs", {
    ...answering,
    entry: "handlers/jobs.ts",
    access: [
      batch.access(["submit", "terminate"]),
      records,
      summaries.access("read", { environmentName: "SUMMARIES_TABLE_NAME" }),
    ],
    environment: { JOB_ENVIRONMENT_NAMES: environmentNames.join(), ...cors },
  });
  return { routes: servedBy(jobsRoutes({ environmentNames }), jobs), watch: [jobs, batch, summaries] };
}
