import { randomUUID } from "node:crypto";
import { Processes } from "../core/process/processes";
import type { Launch, ProgramProcess } from "../core/process/programProcess";
import { withLocalQueues } from "../core/queueUrls";
import { asList, asMap, asText } from "../core/resources";
import { LONGEST_TIMER } from "../core/timers";
import type { CodeContext } from "../core/types";
import type { Logs } from "../logs/logs";
import type { Attempt, Job } from "./job";
import { launchInDocker, launchLocally } from "./launch";
import type { ComputeEnvironment } from "./model";

export interface AttemptsOptions extends CodeContext {
  /** True to run images with Docker. */
  docker: boolean;
  /** How long a job may take to end after SIGTERM. @default 30000 */
  killAfterMilliseconds?: number;
}

/** The result of an attempt. */
export interface Outcome {
  status: "SUCCEEDED" | "FAILED";
  reason: string;
  /** Absent if the attempt was never made; it is not retried then. */
  attempt?: Attempt;
  /** True if the job must not be retried, whatever its retry strategy. */
  final?: boolean;
}

/** A running attempt. */
interface Running {
  container: Attempt["container"];
  /** Never rejects. */
  outcome: Promise<Outcome>;
}

const EXITED = "Essential container in task exited";

/** Runs jobs as processes of this machine, or with Docker. */
export class Attempts {
  private readonly processes = new Processes<Job>();

  constructor(
    private readonly options: AttemptsOptions,
    private readonly logs: Logs,
  ) {}

  /** Asks a running job to end. */
  stop(job: Job): void {
    this.processes.stop(job, this.options.killAfterMilliseconds);
  }

  close(): Promise<void> {
    return this.processes.close();
  }

  /** Begins an attempt. Never rejects: an attempt that cannot begin resolves to its outcome. */
  async start(job: Job, environment: ComputeEnvironment): Promise<Running | Outcome> {
    const taskId = randomUUID().replaceAll("-", "");
    let launch: Launch;
    try {
      launch = await this.prepare(job, environment);
    } catch (error) {
      return { status: "FAILED", reason: (error as Error).message };
    }
    if (job.terminated !== undefined) return { status: "FAILED", reason: job.terminated };
    const taskArn = job.arn.replace(/:batch:(.*):job\/.*$/, `:ecs:$1:task/${environment.name}/${taskId}`);
    const stream = `${logPrefix(job)}/default/${taskId}`;
    const group = asText(logOptions(job)["awslogs-group"]) ?? "/aws/batch/job";
    const output = (line: string) => {
      this.logs.add(group, stream, [{ timestamp: Date.now(), message: line }]);
      this.options.log(`${job.label} | ${line}`);
    };
    let process: ProgramProcess;
    try {
      process = await this.processes.start(job, launch, output);
    } catch (error) {
      const reason = `CannotStartContainerError: ${launch.program}: ${(error as Error).message}`;
      const statusReason = "Task failed to start";
      const attempt = { stoppedAt: Date.now(), statusReason, container: { taskArn, reason } };
      return { status: "FAILED", reason: statusReason, attempt };
    }
    const container = { taskArn, logStreamName: stream };
    return { container, outcome: this.follow(job, process, environment, container) };
  }

  private async follow(
    job: Job,
    process: ProgramProcess,
    environment: ComputeEnvironment,
    container: Attempt["container"],
  ): Promise<Outcome> {
    const { timeoutSeconds } = job.submission;
    let timedOut = false;
    const expire = () => {
      timedOut = true;
      this.stop(job);
    };
    const timer =
      timeoutSeconds === undefined ? undefined : setTimeout(expire, Math.min(timeoutSeconds * 1000, LONGEST_TIMER));
    const { code, interrupted } = await process.exit;
    clearTimeout(timer);
    const ended = (status: Outcome["status"], reason: string, final = false): Outcome => {
      const attempt = {
        startedAt: job.startedAt,
        stoppedAt: Date.now(),
        statusReason: reason,
        container: { ...container, exitCode: code },
      };
      return { status, reason, attempt, final };
    };
    if (timedOut) return ended("FAILED", "Job attempt duration exceeded timeout", true);
    if (job.terminated !== undefined) return ended("FAILED", job.terminated, true);
    if (interrupted) return ended("FAILED", reclaimed(environment));
    return ended(code === 0 ? "SUCCEEDED" : "FAILED", EXITED);
  }

  private async prepare(job: Job, environment: ComputeEnvironment): Promise<Launch> {
    const { submission } = job;
    const secrets = asList(submission.definition.container.secrets).map(({ name }) => name);
    if (secrets.length > 0) {
      this.options.log(
        `${job.label} | secrets are not read offline; these variables are not set: ${secrets.join(", ")}`,
      );
    }
    const variables = this.variables(job, environment);
    return this.options.docker ? launchInDocker(submission, variables) : launchLocally(submission, variables);
  }

  /** @see https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html */
  private variables(job: Job, { name }: ComputeEnvironment): Record<string, string> {
    const { endpoint, credentials } = this.options;
    const { definition, queue, environment, arraySize } = job.submission;
    return {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: definition.region,
      AWS_DEFAULT_REGION: definition.region,
      ...withLocalQueues(environment, endpoint),
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_BATCH_JOB_ID: job.id,
      AWS_BATCH_JOB_ATTEMPT: String(job.attempts.length + 1),
      AWS_BATCH_JQ_NAME: queue.name,
      AWS_BATCH_CE_NAME: name,
      ...(job.index !== undefined && {
        AWS_BATCH_JOB_ARRAY_INDEX: String(job.index),
        AWS_BATCH_JOB_ARRAY_SIZE: String(arraySize),
      }),
    };
  }
}

/** Killing a job's process from outside simulates a Spot reclaim. */
function reclaimed({ platform }: ComputeEnvironment): string {
  if (platform === "FARGATE") return "Your Spot Task was interrupted.";
  return "Host EC2 (instance i-00000000000000000) terminated.";
}

function logPrefix(job: Job): string {
  return asText(logOptions(job)["awslogs-stream-prefix"]) ?? job.submission.definition.name;
}

function logOptions({ submission: { definition } }: Job) {
  return asMap(asMap(definition.container.logConfiguration).options);
}
