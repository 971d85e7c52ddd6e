import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { sumAlarm } from "../alarms";
import type { GravitonBatchArgs } from "./args";

/** Kinds of events, what is told of them, and which of them. A failed child of an array is told of with the array. */
const notices = {
  failed: {
    description: "Jobs that failed",
    detailType: "Batch Job State Change",
    detail: { status: ["FAILED"], arrayProperties: { index: [{ exists: false }] } },
    text: "Job <name> (<id>) failed: <reason>",
  },
  blocked: {
    description: "Jobs that block the queue",
    detailType: "Batch Job Queue Blocked",
    detail: {},
    text: "Job <name> (<id>) blocks the queue <queue>: <reason>",
  },
};

/**
 * Tells topics of failed jobs and blocked queues, by events, as Batch has no metrics of jobs; and, by an alarm, of events
 * that did not get through.
 * @see Amazon EventBridge Events Reference, "AWS Batch events"
 */
export function createNotices(
  name: string,
  queueArn: pulumi.Output<string>,
  { alarmTopicArns = [], tags }: GravitonBatchArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  if (alarmTopicArns.length === 0) return;
  const rules = Object.entries(notices).map(([kind, { description, detailType, detail, text }]) => {
    const eventPattern = pulumi.jsonStringify({
      source: ["aws.batch"],
      "detail-type": [detailType],
      detail: { ...detail, jobQueue: [queueArn] },
    });
    const rule = new cloudwatch.EventRule(`${name}-${kind}`, { description, eventPattern, tags }, opts);
    for (const [index, arn] of alarmTopicArns.entries()) {
      const inputTransformer = { inputPaths, inputTemplate: JSON.stringify(text) };
      new cloudwatch.EventTarget(`${name}-${kind}-${index}`, { rule: rule.name, arn, inputTransformer }, opts);
    }
    return rule;
  });
  const undelivered = {
    description: `Failed jobs or blocked queues of ${name} could not be told of`,
    namespace: "AWS/Events",
    metric: "FailedInvocations",
    dimensions: rules.map((rule) => ({ RuleName: rule.name })),
    threshold: 1,
    tags,
  };
  sumAlarm(`${name}-undelivered`, undelivered, alarmTopicArns, opts);
}

const inputPaths = {
  name: "$.detail.jobName",
  id: "$.detail.jobId",
  queue: "$.detail.jobQueue",
  reason: "$.detail.statusReason",
};
