import {
  CancelJobRunCommand,
  EMRServerlessClient,
  GetJobRunCommand,
  type JobRun,
  type JobRunState,
  type JobRunSummary,
  ListJobRunsCommand,
  StartJobRunCommand,
} from "@aws-sdk/client-emr-serverless";
import { errorFields, Problem, withoutInternals } from "../http/problem";
import { clientOptions } from "../state/database";
import { type StepPlatform, type StepSubmission, statesOf } from "./platform";
import { type Step, type StepStatus, stepFrom } from "./schema";

const statuses: Record<JobRunState, StepStatus> = {
  SUBMITTED: "PENDING",
  QUEUED: "PENDING",
  PENDING: "PENDING",
  SCHEDULED: "PENDING",
  RUNNING: "RUNNING",
  CANCELLING: "CANCELLING",
  SUCCESS: "COMPLETED",
  FAILED: "FAILED",
  CANCELLED: "CANCELLED",
};

/** As many as ListSteps returns for a cluster; ListJobRuns returns at most 50. */
const pageSize = 50;

/** Spark jobs as job runs of one EMR Serverless application. */
export class ServerlessSteps implements StepPlatform {
  readonly knowsRepetitions = true;
  private readonly client = new EMRServerlessClient(clientOptions);

  /**
   * @param script the job's script in S3
   * @param role ARN of the role that the jobs run as
   */
  constructor(
    private readonly applicationId: string,
    private readonly script: string,
    private readonly role: string,
  ) {}

  /** @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartJobRun.html */
  async submit({ name, token, args }: StepSubmission): Promise<string> {
    const start = new StartJobRunCommand({
      applicationId: this.applicationId,
      clientToken: token,
      name,
      executionRoleArn: this.role,
      jobDriver: { sparkSubmit: { entryPoint: this.script, entryPointArguments: args } },
    });
    return String((await this.client.send(start).catch(rethrowRefusal)).jobRunId);
  }

  async read(id: string): Promise<Step | undefined> {
    const get = new GetJobRunCommand({ applicationId: this.applicationId, jobRunId: id });
    const answer = await this.client.send(get).catch((error) => {
      // An id of another form, such as that of a cluster's step, is not valid.
      if (["ResourceNotFoundException", "ValidationException"].includes(errorFields(error).name)) return undefined;
      throw error;
    });
    return answer?.jobRun && jobRunStep({ ...answer.jobRun, id: answer.jobRun.jobRunId });
  }

  async list(status?: StepStatus, token?: string): Promise<{ steps: Step[]; next?: string }> {
    const list = new ListJobRunsCommand({
      applicationId: this.applicationId,
      maxResults: pageSize,
      nextToken: token,
      states: status && statesOf(statuses, status),
    });
    const { jobRuns = [], nextToken } = await this.client.send(list).catch(rethrowRefusal);
    return { steps: jobRuns.map(jobRunStep), next: nextToken };
  }

  async cancel(id: string): Promise<void> {
    const cancel = new CancelJobRunCommand({ applicationId: this.applicationId, jobRunId: id });
    await this.client.send(cancel).catch(rethrowRefusal);
  }
}

/** Reports what only EMR Serverless can judge, such as whether the application exists and may be started. */
function rethrowRefusal(error: unknown): never {
  const { name, message } = errorFields(error);
  if (!["ConflictException", "ResourceNotFoundException", "ValidationException"].includes(name)) throw error;
  const advice = "If the application is gone, its owner can create another with pulumi up --refresh.";
  throw new Problem("conflict", `EMR Serverless refuses: ${withoutInternals(message)} ${advice}`);
}

type Times = Partial<Pick<JobRun, "startedAt" | "endedAt">>;

function jobRunStep({ id, name, state = "PENDING", stateDetails, ...run }: JobRunSummary & Times): Step {
  const { createdAt, startedAt, endedAt } = run;
  return stepFrom({ id, name, status: statuses[state], createdAt, startedAt, endedAt, reason: stateDetails });
}
