import type * as pulumi from "@pulumi/pulumi";
import { alarm } from "../../observability/alarms";
import { createNotices, type Notice } from "../../observability/notices";
import type { EmrClusterArgs } from "./args";
import { applicationsOf, offYarn } from "./rules/applications";
import { idleTimeoutOf } from "./rules/idleTimeout";

/** EMR reports to CloudWatch this often, and an alarm looks back a day at most. */
const minutesOfPeriod = 5;
const periodsOfDay = 288;

/**
 * Notifies topics of a cluster's failed steps, of its termination by an error, and of problems that its metrics show.
 */
export function createClusterNotices(
  name: string,
  clusterId: pulumi.Output<string>,
  args: EmrClusterArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { alarmTopicArns = [], tags } = args;
  createNotices(name, events(clusterId), alarmTopicArns, tags, opts);
  if (alarmTopicArns.length === 0) return;
  for (const [kind, watched] of Object.entries({ ...metrics, ...idleMetric(args) })) {
    const { description, ...spec } = watched;
    const metric = {
      ...spec,
      description: `Cluster ${name}: ${description}`,
      namespace: "AWS/ElasticMapReduce",
      dimensions: { JobFlowId: clusterId },
      tags,
    };
    alarm(`${name}-${kind}`, metric, alarmTopicArns, opts);
  }
}

/** @see Amazon EMR Management Guide, "Monitoring Amazon EMR events with CloudWatch" */
function events(clusterId: pulumi.Output<string>): Record<string, Notice> {
  const common = { source: "aws.emr", inputPaths: { message: "$.detail.message" }, text: "<message>" };
  return {
    "failed-step": {
      ...common,
      description: "Steps that failed",
      detailType: "EMR Step Status Change",
      detail: { state: ["FAILED"], clusterId: [clusterId] },
    },
    "failed-cluster": {
      ...common,
      description: "The cluster's termination by an error",
      detailType: "EMR Cluster State Change",
      detail: { state: ["TERMINATED_WITH_ERRORS"], clusterId: [clusterId] },
    },
  };
}

interface Watched {
  description: string;
  metric: string;
  statistic: string;
  threshold: number;
  periods?: number;
}

/** @see Amazon EMR Management Guide, "Monitoring Amazon EMR metrics with CloudWatch" */
const metrics: Record<string, Watched> = {
  "lost-nodes": { description: "nodes are lost", metric: "MRLostNodes", statistic: "Maximum", threshold: 1 },
  "missing-blocks": { description: "HDFS has lost data", metric: "MissingBlocks", statistic: "Maximum", threshold: 1 },
  waiting: {
    description: "applications have waited a quarter of an hour for YARN",
    metric: "AppsPending",
    statistic: "Minimum",
    threshold: 1,
    periods: 3,
  },
  "full-disks": { description: "HDFS is 80% full", metric: "HDFSUtilization", statistic: "Maximum", threshold: 80 },
};

/**
 * A cluster that still exists half an hour after it should have terminated as idle, or that has had no work all day.
 * Applications that do not share the nodes through YARN always seem idle.
 */
function idleMetric(args: EmrClusterArgs): Record<string, Watched> {
  const seconds = idleTimeoutOf(args);
  const minutes = seconds / 60 + 30;
  const periods = seconds === 0 ? periodsOfDay : Math.ceil(minutes / minutesOfPeriod);
  if (periods > periodsOfDay || offYarn(applicationsOf(args)).length > 0) return {};
  return {
    idle: {
      description: "it is idle, and does not terminate",
      metric: "IsIdle",
      statistic: "Minimum",
      threshold: 1,
      periods,
    },
  };
}
