import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import { logKeyStatement } from "./role";

/** What a function may do with an application: start, read and cancel job runs, or read them. */
export type EmrServerlessAccessLevel = "startJob" | "read";

/** Which environment variables `access()` sets. */
export interface EmrServerlessAccessOptions {
  /** The environment variable that holds the application's id. @default "APPLICATION_ID" */
  applicationEnvironmentName?: string;
  /** The environment variable that holds the ARN of the jobs' role, for `startJob`. @default "JOB_ROLE_ARN" */
  jobRoleEnvironmentName?: string;
}

/** The resources that access is given to. */
export interface ServerlessTarget {
  applicationId: pulumi.Output<string>;
  applicationArn: pulumi.Output<string>;
  jobRoleArn: pulumi.Output<string>;
  kmsKeyArn?: pulumi.Input<string>;
}

/** @see Service Authorization Reference, Amazon EMR Serverless */
export function serverlessAccess(
  levels: EmrServerlessAccessLevel[],
  { applicationId, applicationArn, jobRoleArn, kmsKeyArn }: ServerlessTarget,
  options: EmrServerlessAccessOptions,
): FunctionAccess {
  const { applicationEnvironmentName = "APPLICATION_ID", jobRoleEnvironmentName = "JOB_ROLE_ARN" } = options;
  const resources = [applicationArn, pulumi.interpolate`${applicationArn}/jobruns/*`];
  const read = ["emr-serverless:GetJobRun", "emr-serverless:ListJobRuns"];
  const environment = { [applicationEnvironmentName]: applicationId };
  if (!levels.includes("startJob")) return { environment, statements: [{ actions: read, resources }] };
  return {
    environment: { ...environment, [jobRoleEnvironmentName]: jobRoleArn },
    statements: [
      { actions: ["emr-serverless:StartJobRun", "emr-serverless:CancelJobRun", ...read], resources },
      {
        actions: ["iam:PassRole"],
        resources: [jobRoleArn],
        conditions: { StringEquals: { "iam:PassedToService": "emr-serverless.amazonaws.com" } },
      },
      ...(kmsKeyArn === undefined ? [] : [logKeyStatement(kmsKeyArn)]),
    ],
  };
}
