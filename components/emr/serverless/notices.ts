import type * as emrserverless from "@pulumi/aws/emrserverless";
import type * as pulumi from "@pulumi/pulumi";
import { isOlder, parseRelease } from "../../graviton/emrReleases";
import { alarm } from "../../observability/alarms";
import { createNotices } from "../../observability/notices";
import type { EmrServerlessArgs } from "./args";
import { firstRelease } from "./rules/releases";

/**
 * Notifies topics of jobs that did not succeed, by events; and, by alarms, of events that were not delivered and of
 * jobs that wait for workers. A job that exceeds its time limit ends CANCELLED, like one that somebody cancels.
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-eventbridge.html
 */
export function createServerlessNotices(
  name: string,
  application: emrserverless.Application,
  { alarmTopicArns = [], releaseLabel, tags }: EmrServerlessArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const failed = {
    description: `Jobs of ${name} that did not succeed`,
    source: "aws.emr-serverless",
    detailType: "EMR Serverless Job Run State Change",
    detail: { applicationId: [application.id], state: ["FAILED", "CANCELLED"] },
    text: "Job run <job> of the EMR Serverless application <application> ended <state>",
    inputPaths: { job: "$.detail.jobRunId", application: "$.detail.applicationId", state: "$.detail.state" },
  };
  createNotices(name, { failed }, alarmTopicArns, tags, opts);
  if (alarmTopicArns.length === 0) return;
  const isNamed = !isOlder(parseRelease(releaseLabel), firstRelease.namedMetrics);
  const waiting = {
    description: `Jobs of ${name} have waited for workers for a quarter of an hour`,
    namespace: "AWS/EMRServerless",
    metric: "ScheduledJobs",
    dimensions: { ApplicationId: application.id, ...(isNamed && { ApplicationName: application.name }) },
    statistic: "Minimum",
    periods: 3,
    threshold: 1,
    tags,
  };
  alarm(`${name}-waiting`, waiting, alarmTopicArns, opts);
}
