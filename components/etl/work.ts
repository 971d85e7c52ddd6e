import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../access";
import { accessToJobs } from "../batch/submission/jobSource";
import { emrAccess } from "../emr/cluster/access";
import { serverlessAccess } from "../emr/serverless/access";
import type { EventPattern } from "../eventbridge/args";
import type { EtlPipelineArgs, RunSource, StepSource } from "./args";

/** How the work on each object is submitted and followed. */
export interface Work {
  /** The function's source. */
  entry: string;
  access: FunctionAccess;
  /** What is submitted, for the function's environment. */
  submission: object;
  /** The events that report its state. @param prefix what the names of all submissions of the pipeline begin with */
  changes(prefix: pulumi.Output<string>): EventPattern;
}

/** @throws pulumi.RunError if the job or the runtime role does not exist, or none of several is chosen */
export function workOf({ job, step, run }: Pick<EtlPipelineArgs, "job" | "step" | "run">): Work {
  if (job) return jobWork(job);
  if (step) return stepWork(step);
  if (run) return serverlessWork(run);
  throw new pulumi.RunError("`job`, `step` and `run` are missing");
}

function jobWork(job: NonNullable<EtlPipelineArgs["job"]>): Work {
  const { batch, job: chosen, shareIdentifier, arraySize, environment = {}, parameters = {} } = job;
  const { environment: known, statements } = accessToJobs(batch, ["submit", "read"], { job: chosen, shareIdentifier });
  const size: typeof known = arraySize === undefined ? {} : { JOB_ARRAY_SIZE: String(arraySize) };
  return {
    entry: require.resolve("./run/job"),
    access: { environment: { ...known, ...size }, statements },
    submission: { environment, parameters },
    changes: (prefix) => ({
      source: ["aws.batch"],
      "detail-type": ["Batch Job State Change"],
      detail: { jobName: [{ prefix }], status: ["RUNNING", "SUCCEEDED", "FAILED"] },
    }),
  };
}

function stepWork({ cluster, runtimeRole, arguments: words }: NonNullable<EtlPipelineArgs["step"]>): Work {
  const access = cluster.access?.("addSteps", { runtimeRole }) ?? accessToSteps(cluster);
  return {
    entry: require.resolve("./run/step"),
    access,
    submission: { arguments: words },
    changes: (prefix) => ({
      source: ["aws.emr"],
      "detail-type": ["EMR Step Status Change"],
      detail: { clusterId: [access.environment.CLUSTER_ID], name: [{ prefix }] },
    }),
  };
}

function accessToSteps({ clusterId = "", clusterArn = "", runtimeRoleArn }: StepSource): FunctionAccess {
  const runtimeRoleArns: Record<string, pulumi.Output<string>> = runtimeRoleArn === undefined
    ? {}
    : { given: pulumi.output(runtimeRoleArn) };
  const target = { clusterId: pulumi.output(clusterId), clusterArn: pulumi.output(clusterArn), runtimeRoleArns };
  return emrAccess(["addSteps"], target, {});
}

function serverlessWork(run: NonNullable<EtlPipelineArgs["run"]>): Work {
  const { application, script, arguments: words = ["{uri}"], sparkSubmitParameters } = run;
  const access = application.access?.("startJob") ?? accessToRuns(application);
  return {
    entry: require.resolve("./run/serverless"),
    access,
    submission: { script, arguments: words, sparkSubmitParameters },
    // These events do not have the name.
    changes: () => ({
      source: ["aws.emr-serverless"],
      "detail-type": ["EMR Serverless Job Run State Change"],
      detail: { applicationId: [access.environment.APPLICATION_ID] },
    }),
  };
}

function accessToRuns({ applicationId = "", applicationArn = "", jobRoleArn = "" }: RunSource): FunctionAccess {
  const target = {
    applicationId: pulumi.output(applicationId),
    applicationArn: pulumi.output(applicationArn),
    jobRoleArn: pulumi.output(jobRoleArn),
  };
  return serverlessAccess(["startJob"], target, {});
}
