import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as emrserverless from "@pulumi/aws/emrserverless";
import * as pulumi from "@pulumi/pulumi";
import { alarm } from "../alarms";
import { firstRelease, isOlder, releaseOf } from "../pure/emr/serverlessReleases";
import type { EmrServerlessArgs } from "./serverlessArgs";

/**
 * Tells topics of jobs that did not succeed, by events; and, by alarms, of events that did not get through and of jobs
 * that wait for workers. A job that runs beyond its time ends CANCELLED, as one that somebody cancels does.
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-eventbridge.html
 */
export function createNotices(
  name: string,
  application: emrserverless.Application,
  { alarmTopicArns = [], releaseLabel, tags }: EmrServerlessArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  if (alarmTopicArns.length === 0) return;
  const eventPattern = pulumi.jsonStringify({
    source: ["aws.emr-serverless"],
    "detail-type": ["EMR Serverless Job Run State Change"],
    detail: { applicationId: [application.id], state: ["FAILED", "CANCELLED"] },
  });
  const description = `Jobs of ${name} that did not succeed`;
  const rule = new cloudwatch.EventRule(`${name}-failed`, { description, eventPattern, tags }, opts);
  for (const [index, arn] of alarmTopicArns.entries()) {
    new cloudwatch.EventTarget(`${name}-failed-${index}`, { rule: rule.name, arn, inputTransformer }, opts);
  }
  const undelivered = {
    description: `Failed jobs of ${name} could not be told of`,
    namespace: "AWS/Events",
    metric: "FailedInvocations",
    dimensions: { RuleName: rule.name },
    threshold: 1,
    tags,
  };
  alarm(`${name}-undelivered`, undelivered, alarmTopicArns, opts);
  const isNamed = !isOlder(releaseOf(releaseLabel) ?? "", firstRelease.namedMetrics);
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

const inputTransformer = {
  inputPaths: { job: "$.detail.jobRunId", application: "$.detail.applicationId", state: "$.detail.state" },
  inputTemplate: JSON.stringify("Job run <job> of the EMR Serverless application <application> ended <state>"),
};
