import type * as pulumi from "@pulumi/pulumi";
import { createNotices, type Notice } from "../observability/notices";
import type { GravitonBatchArgs } from "./args";

/**
 * Notifies topics of failed jobs and blocked queues by events, because Batch has no job metrics.
 * @see Amazon EventBridge Events Reference, "AWS Batch events"
 */
export function createBatchNotices(
  name: string,
  queueArn: pulumi.Output<string>,
  { alarmTopicArns = [], tags }: GravitonBatchArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const common = { source: "aws.batch", inputPaths };
  const notices: Record<string, Notice> = {
    failed: {
      ...common,
      description: "Jobs that failed",
      detailType: "Batch Job State Change",
      // A failed child of an array is reported with the array.
      detail: { status: ["FAILED"], arrayProperties: { index: [{ exists: false }] }, jobQueue: [queueArn] },
      text: "Job <name> (<id>) failed: <reason>",
    },
    blocked: {
      ...common,
      description: "Jobs that block the queue",
      detailType: "Batch Job Queue Blocked",
      detail: { jobQueue: [queueArn] },
      text: "Job <name> (<id>) blocks the queue <queue>: <reason>",
    },
  };
  createNotices(name, notices, alarmTopicArns, tags, opts);
}

const inputPaths = {
  name: "$.detail.jobName",
  id: "$.detail.jobId",
  queue: "$.detail.jobQueue",
  reason: "$.detail.statusReason",
};
