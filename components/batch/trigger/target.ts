import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../../access";
import { accessToJobs } from "../submission/jobSource";
import { jobInput } from "../submission/request";
import type { JobTriggerArgs } from "./args";

/** What is submitted, and where. */
export interface Target {
  queueArn: pulumi.Input<string>;
  definitionArn: pulumi.Input<string>;
  shareIdentifier?: string;
  arraySize?: number;
  environment: Record<string, pulumi.Input<string>>;
  parameters: Record<string, pulumi.Input<string>>;
  statements: Statement[];
}

/** The target that a trigger's arguments describe. */
export function targetOf(args: JobTriggerArgs): Target {
  const { batch, job, shareIdentifier, bucket, arraySize, environment, parameters = {} } = args;
  const access = accessToJobs(batch, "submit", { job, shareIdentifier });
  const { JOB_QUEUE: queueArn = "", JOB_DEFINITION: definitionArn = "", JOB_ARRAY_SIZE } = access.environment;
  const object = bucket && { BUCKET_NAME: "$.detail.bucket.name", OBJECT_KEY: "$.detail.object.key" };
  return {
    queueArn,
    definitionArn,
    shareIdentifier,
    arraySize: arraySize ?? (JOB_ARRAY_SIZE === undefined ? undefined : Number(JOB_ARRAY_SIZE)),
    environment: { ...object, ...environment },
    parameters,
    statements: access.statements,
  };
}

/** The scheduler's input, under the names that its universal targets use. @see AWS Batch API, SubmitJob */
export function submitInput(name: string, target: Target): pulumi.Output<string> {
  const { queueArn, definitionArn, shareIdentifier, arraySize, environment, parameters } = target;
  return pulumi
    .all([queueArn, definitionArn, environment, parameters])
    .apply(([queue, definition, variables, values]) =>
      JSON.stringify({
        JobName: name,
        JobQueue: queue,
        JobDefinition: definition,
        ShareIdentifier: shareIdentifier,
        ArrayProperties: arraySize === undefined ? undefined : { Size: arraySize },
        ...jobInput({ environment: variables, parameters: values }),
      }),
    );
}
