import {
  CancelStepsCommand,
  type ClusterState,
  DescribeClusterCommand,
  DescribeStepCommand,
  EMRClient,
  type Step as EmrStep,
  ListStepsCommand,
  type StepState,
  type StepSummary,
} from "@aws-sdk/client-emr";
import { submitterOptions } from "pulumi-graviton/batch/submission/submitOnce";
import { addStep } from "pulumi-graviton/emr/submission/addStep";
import { errorFields, Problem, withoutInternals } from "../http/problem";
import { clientOptions } from "../state/database";
import { type StepPlatform, type StepSubmission, statesOf } from "./platform";
import { type Step, type StepStatus, stepFrom } from "./schema";

const statuses: Record<StepState, StepStatus> = {
  PENDING: "PENDING",
  RUNNING: "RUNNING",
  CANCEL_PENDING: "CANCELLING",
  COMPLETED: "COMPLETED",
  CANCELLED: "CANCELLED",
  FAILED: "FAILED",
  INTERRUPTED: "FAILED",
};

const ended: ClusterState[] = ["TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"];

/** How long ago, in ms, an earlier attempt may have added a step: as long as its key is remembered. */
const recent = 24 * 60 * 60 * 1000;

/** Spark jobs as steps of one EMR cluster. */
export class ClusterSteps implements StepPlatform {
  /** AddJobFlowSteps has no client token. */
  readonly knowsRepetitions = false;
  readonly client = new EMRClient(clientOptions);
  readonly submitter = new EMRClient(submitterOptions);

  /**
   * @param script the job's script in S3
   * @param role ARN of the runtime role that the steps run as; without it, they run as the cluster's nodes
   */
  constructor(
    private readonly cluster: string,
    private readonly script: string,
    private readonly role?: string,
  ) {}

  async submit({ name, args }: StepSubmission, perhapsSubmitted: boolean): Promise<string> {
    // The driver runs in the step's own process: cancelling the step ends the job, and its log is the driver's.
    const words = ["spark-submit", "--deploy-mode", "client", this.script, ...args];
    const since = perhapsSubmitted ? Date.now() - recent : undefined;
    return addStep(this, this.cluster, { name, words, role: this.role }, since).catch((error) =>
      this.rethrowRefusal(error),
    );
  }

  async read(id: string): Promise<Step | undefined> {
    const describe = new DescribeStepCommand({ ClusterId: this.cluster, StepId: id });
    const answer = await this.client.send(describe).catch((error) => {
      const { name, message } = errorFields(error);
      if (name === "InvalidRequestException" && /step id/i.test(message)) return undefined;
      return this.rethrowRefusal(error);
    });
    return answer?.Step && clusterStep(answer.Step);
  }

  async list(status?: StepStatus, token?: string): Promise<{ steps: Step[]; next?: string }> {
    const list = new ListStepsCommand({
      ClusterId: this.cluster,
      Marker: token,
      StepStates: status && statesOf(statuses, status),
    });
    const { Steps = [], Marker } = await this.client.send(list).catch((error) => this.rethrowRefusal(error));
    return { steps: Steps.map(clusterStep), next: Marker };
  }

  async cancel(id: string): Promise<void> {
    const cancel = new CancelStepsCommand({ ClusterId: this.cluster, StepIds: [id] });
    const { CancelStepsInfoList = [] } = await this.client.send(cancel).catch((error) => this.rethrowRefusal(error));
    const [info] = CancelStepsInfoList;
    if (info?.Status !== "FAILED") return;
    throw new Problem(
      "conflict",
      `EMR cannot cancel step ${id}: ${withoutInternals(info.Reason ?? "no reason given")}`,
    );
  }

  /** EMR has the same two errors for everything that it refuses; only the cluster's state shows whether it is gone. */
  private async rethrowRefusal(error: unknown): Promise<never> {
    const { name, message } = errorFields(error);
    if (name !== "ValidationException" && name !== "InvalidRequestException") throw error;
    if (/active steps/i.test(message)) {
      throw new Problem(
        "unavailable",
        "The cluster has 256 active steps, the most that EMR allows; wait for some to end.",
        {
          headers: { "Retry-After": "60" },
        },
      );
    }
    const state = await this.state();
    if (state && !ended.includes(state)) throw error;
    const advice = "Its owner can create another with pulumi up --refresh.";
    throw new Problem("conflict", `The cluster ${state ? `is ${state}` : "is gone"} and runs no steps. ${advice}`);
  }

  /** Undefined for a cluster that EMR has forgotten, about two months after its end. */
  private async state(): Promise<ClusterState | undefined> {
    const describe = new DescribeClusterCommand({ ClusterId: this.cluster });
    try {
      return (await this.client.send(describe)).Cluster?.Status?.State;
    } catch (error) {
      if (errorFields(error).name === "InvalidRequestException") return undefined;
      throw error;
    }
  }
}

function clusterStep({ Id, Name, Status }: EmrStep | StepSummary): Step {
  const { State = "PENDING", Timeline, FailureDetails, StateChangeReason } = Status ?? {};
  return stepFrom({
    id: Id,
    name: Name,
    status: statuses[State],
    createdAt: Timeline?.CreationDateTime,
    startedAt: Timeline?.StartDateTime,
    endedAt: Timeline?.EndDateTime,
    reason: FailureDetails?.Message || FailureDetails?.Reason || StateChangeReason?.Message,
  });
}
