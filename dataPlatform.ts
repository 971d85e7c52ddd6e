import * as pulumi from "@pulumi/pulumi";
import {
  DataLake,
  EmrCluster,
  EmrServerless,
  EtlPipeline,
  type FunctionAccess,
  type ItemsTable,
  LambdaFunction,
  type LambdaFunctionArgs,
  type Network,
} from "pulumi-graviton";
import type { Part } from "./common";
import { config, DataPlatform } from "./config";
import { lakeKeyArn } from "./encryption";
import { servedBy } from "./handlers/http/router";
import { runsRoutes } from "./handlers/runs/routes";
import { stepsRoutes } from "./handlers/steps/routes";

type Common = Pick<LambdaFunctionArgs, "logRetentionDays" | "alarmTopicArns" | "kmsKeyArn">;

const releaseLabel = "emr-7.10.0";

/** The part of the data platform that the rest of the program uses. */
interface DataHalf extends Part {
  /** The S3 addresses for events and for their summaries. */
  uris: Record<string, pulumi.Output<string>>;
}

/** The lake, Spark, and what has Spark summarise the lake's events, on demand and as they arrive; nothing if the stack sets `none`. */
export function createDataPlatform(
  network: Network,
  records: ItemsTable,
  common: Common & Pick<LambdaFunctionArgs, "environment" | "timeout">,
): DataHalf {
  if (lakeKeyArn === undefined) return { routes: {}, watch: [], uris: {} };
  const opts = { protect: config.protectData };
  const lake = new DataLake(
    "lake",
    { code: "jobs/spark", kmsKeyArn: lakeKeyArn, forceDestroy: !config.protectData },
    opts,
  );
  const uris = { events: lake.raw.uri("events/"), summaries: lake.results.uri("daily/") };
  const script = lake.scriptUri("daily_summary.py");
  const perObject = ["--events", uris.events, "--summaries", uris.summaries, "--key", "{key}"];
  const spark =
    config.dataPlatform === DataPlatform.Cluster
      ? createCluster(lake, network, lakeKeyArn, common)
      : createServerless(lake, lakeKeyArn, common);
  // Events that arrive in the folder of a day have that day summarised again.
  const pipeline = new EtlPipeline(
    "daily-summaries",
    {
      bucket: { bucketName: lake.raw.bucketName, events: "managed", prefix: "events/date=" },
      ...(spark instanceof EmrCluster
        ? { step: { cluster: spark, arguments: ["--deploy-mode", "client", script, ...perObject] } }
        : { run: { application: spark, script, arguments: perObject } }),
      deletionProtection: config.protectData,
      logRetentionDays: common.logRetentionDays,
      alarmTopicArns: common.alarmTopicArns,
      kmsKeyArn: common.kmsKeyArn,
    },
    opts,
  );
  const remembering = records.access("crud", { environmentName: "RECORDS_TABLE_NAME" });
  const steps = new LambdaFunction("steps", {
    ...common,
    entry: "handlers/steps.ts",
    access: [spark instanceof EmrCluster ? spark.access("addSteps") : spark.access("startJob"), remembering],
    environment: {
      ...common.environment,
      SPARK_SCRIPT_URI: script,
      EVENTS_URI: uris.events,
      SUMMARIES_URI: uris.summaries,
    },
  });
  const runs = new LambdaFunction("runs", {
    ...common,
    entry: "handlers/runs.ts",
    access: [pipeline.access("read"), remembering],
  });
  const routes = { ...servedBy(stepsRoutes, steps), ...servedBy(runsRoutes, runs) };
  return { routes, watch: [steps, runs, pipeline, spark], uris };
}

function createCluster(
  lake: DataLake,
  { vpcId, privateSubnetIds: subnetIds }: Network,
  kmsKeyArn: pulumi.Output<string>,
  { alarmTopicArns }: Common,
): EmrCluster {
  return new EmrCluster("spark", {
    releaseLabel,
    // HDFS and the drivers stay On-Demand; AWS may reclaim the rest.
    core: { onDemand: 1 },
    task: { spot: 1 },
    scaling: { minimum: 2, maximum: 5, maximumCore: 1 },
    access: usedByJobs(lake),
    security: { kmsKeyArn, certificates: config.emrCertificates },
    logUri: pulumi.interpolate`s3://${lake.logs.bucketName}/emr/`,
    vpcId,
    subnetIds,
    alarmTopicArns,
  });
}

function createServerless(
  lake: DataLake,
  kmsKeyArn: pulumi.Output<string>,
  { alarmTopicArns, logRetentionDays }: Common,
): EmrServerless {
  const access = usedByJobs(lake);
  return new EmrServerless("spark", { releaseLabel, access, kmsKeyArn, alarmTopicArns, logRetentionDays });
}

function usedByJobs({ raw, results, code }: DataLake): FunctionAccess[] {
  return [
    raw.access("read", { prefix: "events/", reportsMissing: true }),
    results.access("readWrite", { prefix: "daily/", reportsMissing: true }),
    code.access("read", { prefix: "code/" }),
  ];
}
