import { randomUUID } from "node:crypto";
import { EMRServerlessClient, StartJobRunCommand } from "@aws-sdk/client-emr-serverless";

const client = new EMRServerlessClient();
const { APPLICATION_ID: applicationId, JOB_ROLE_ARN: executionRoleArn, SCRIPT: entryPoint } = process.env;
const { WORDS = "", COUNTS = "" } = process.env;

/** Starts the Spark job, and does not wait for it. */
export async function handler(): Promise<{ jobRunId?: string }> {
  const { jobRunId } = await client.send(
    new StartJobRunCommand({
      applicationId,
      executionRoleArn,
      clientToken: randomUUID(),
      name: "count",
      jobDriver: { sparkSubmit: { entryPoint, entryPointArguments: [WORDS, COUNTS] } },
    }),
  );
  return { jobRunId };
}
