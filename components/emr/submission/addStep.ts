import {
  AddJobFlowStepsCommand,
  type AddJobFlowStepsCommandInput,
  type EMRClient,
  paginateListSteps,
} from "@aws-sdk/client-emr";
import { submitOnce } from "../../batch/submission/submitOnce";

/** A command that a cluster runs as a step. */
export interface Command {
  /** The step's name, which must be unique. */
  name: string;
  /** The words of the command, such as `["spark-submit", "s3://…"]`. */
  words: string[];
  /** ARN of the runtime role that the step runs as. @default the cluster's nodes' */
  role?: string;
}

/** What knows the cluster, and what adds the step; the latter must not retry. */
export interface StepClients {
  client: EMRClient;
  submitter: EMRClient;
}

/** By how much, in milliseconds, the clocks here and at EMR may differ. */
const clockSkew = 60_000;

/**
 * Adds a step to a cluster once, and returns its id. AddJobFlowSteps has no client token.
 * @param perhapsSince when an earlier attempt may have added the step, in milliseconds since the epoch; undefined if
 * there was none
 * @see https://docs.aws.amazon.com/emr/latest/APIReference/API_AddJobFlowSteps.html
 */
export function addStep(
  { client, submitter }: StepClients,
  cluster: string,
  command: Command,
  perhapsSince?: number,
): Promise<string> {
  const since = (perhapsSince ?? Date.now()) - clockSkew;
  return submitOnce(
    perhapsSince !== undefined,
    () => findStep(client, cluster, command.name, since),
    async () => String((await submitter.send(new AddJobFlowStepsCommand(inputOf(cluster, command)))).StepIds?.[0]),
  );
}

function inputOf(JobFlowId: string, { name, words, role }: Command): AddJobFlowStepsCommandInput {
  return {
    JobFlowId,
    ExecutionRoleArn: role,
    Steps: [
      {
        Name: name,
        // The only action that a cluster with any step concurrency allows.
        ActionOnFailure: "CONTINUE",
        HadoopJarStep: { Jar: "command-runner.jar", Args: words },
      },
    ],
  };
}

/** The id of the step with this name; ListSteps returns the newest first. */
async function findStep(
  client: EMRClient,
  ClusterId: string,
  name: string,
  since: number,
): Promise<string | undefined> {
  for await (const { Steps = [] } of paginateListSteps({ client }, { ClusterId })) {
    const found = Steps.find((step) => step.Name === name);
    if (found) return found.Id;
    if (Number(Steps.at(-1)?.Status?.Timeline?.CreationDateTime) < since) return undefined;
  }
  return undefined;
}
