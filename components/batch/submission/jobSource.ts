import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import { isLater } from "../../schema/check";
import { type AccessTarget, type BatchAccessLevel, type BatchAccessOptions, batchAccess } from "../access";
import type { JobSource } from "./args";

/**
 * What a submitter of a source's jobs needs.
 * @throws pulumi.RunError if the job does not exist, or its share is missing, malformed or unsupported by the queue
 */
export function accessToJobs(
  batch: JobSource,
  levels: BatchAccessLevel | BatchAccessLevel[],
  options: BatchAccessOptions,
): FunctionAccess {
  return batch.access?.(levels, options) ?? batchAccess([levels].flat(), targetOf(batch), options);
}

function targetOf({ queueArn = "", jobDefinitionArns = {} }: JobSource): AccessTarget {
  if (isLater(jobDefinitionArns)) return { queueArn, jobs: pulumi.output(jobDefinitionArns) };
  const jobs = Object.entries(jobDefinitionArns).map(([name, arn]) => [name, { arn }]);
  return { queueArn, jobs: Object.fromEntries(jobs) };
}
