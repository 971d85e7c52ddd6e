import { availableParallelism } from "node:os";
import { callerArn } from "../../engine/context";
import { asMap, asNumber } from "../core/resources";
import { LONGEST_TIMER } from "../core/timers";
import type { Failure, Outcome, Runner } from "../spark/runner";
import { JobRun, type JobRunInput, type JobRunState, MAX_DETAILS, programOf } from "./jobRun";
import type { ApplicationDefinition } from "./model";

export type ApplicationState = "CREATING" | "CREATED" | "STARTING" | "STARTED" | "STOPPING" | "STOPPED" | "TERMINATED";

/** How many ended job runs are kept. */
const REMEMBERED_RUNS = 1000;

/** A serverless application with its job runs. */
export class Application {
  readonly createdAt = Date.now();
  updatedAt = this.createdAt;
  state: ApplicationState = "CREATED";
  /** In the order in which they were started. */
  readonly jobRuns: JobRun[] = [];
  private readonly tokens = new Map<string, { content: string; jobRun: JobRun }>();
  private readonly running = new Set<JobRun>();
  private idle: NodeJS.Timeout | undefined;

  constructor(
    public definition: ApplicationDefinition,
    private readonly runner: Runner,
  ) {}

  /** The job run that was started with a token, and its whole input. */
  startedWith(token: string): { content: string; jobRun: JobRun } | undefined {
    return this.tokens.get(token);
  }

  start(input: JobRunInput, token: string, content: string): JobRun {
    const jobRun = new JobRun(this.definition, input);
    this.jobRuns.push(jobRun);
    this.tokens.set(token, { content, jobRun });
    this.runner.log(`${jobRun.label} | submitted to ${this.definition.name}`);
    this.publish(jobRun);
    this.forget();
    this.turnOn();
    // The caller gets the answer before the job run proceeds.
    setImmediate(() => this.plan());
    return jobRun;
  }

  /** Cancels a job run; false if it has ended. */
  cancel(jobRun: JobRun, killAfterMilliseconds?: number): boolean {
    if (jobRun.ended) return false;
    if (jobRun.run) {
      this.change(jobRun, "CANCELLING", "Cancelled by user");
      jobRun.run.stop(killAfterMilliseconds);
    } else {
      this.end(jobRun, "CANCELLED", "Cancelled by user");
    }
    return true;
  }

  /** Starts the application. */
  turnOn(): void {
    if (this.state === "STARTED") return;
    this.enter("STARTED");
    this.rest();
  }

  /** Stops the application; false if it has job runs that have not ended. */
  turnOff(): boolean {
    if (this.jobRuns.some(({ ended }) => !ended)) return false;
    clearTimeout(this.idle);
    if (this.state === "STARTED") this.enter("STOPPED");
    return true;
  }

  /** Called when the program no longer has it. */
  remove(): void {
    for (const jobRun of this.jobRuns) this.cancel(jobRun);
    this.enter("TERMINATED");
  }

  /** Starts waiting job runs while there is room. */
  plan(): void {
    const most = Math.min(this.definition.maxConcurrentRuns ?? Infinity, availableParallelism());
    for (const jobRun of this.jobRuns) {
      if (jobRun.state !== "SUBMITTED" && jobRun.state !== "QUEUED") continue;
      if (this.running.size < most) void this.run(jobRun);
      else this.change(jobRun, "QUEUED");
    }
  }

  private async run(jobRun: JobRun): Promise<void> {
    this.running.add(jobRun);
    const { executionTimeoutMinutes, retryPolicy } = jobRun.input;
    let late = false;
    const expire = () => {
      late = true;
      this.change(jobRun, "CANCELLING", TIMED_OUT);
      jobRun.run?.stop();
    };
    const timer =
      executionTimeoutMinutes > 0 && setTimeout(expire, Math.min(executionTimeoutMinutes * 60_000, LONGEST_TIMER));
    if (timer) timer.unref();
    const most = asNumber(asMap(retryPolicy).maxAttempts) ?? 1;
    let outcome = await this.attempt(jobRun);
    for (; outcome.status === "failed" && jobRun.attempt < most; outcome = await this.attempt(jobRun)) {
      this.runner.log(`${jobRun.label} | attempt ${jobRun.attempt} of ${most} failed, retrying: ${outcome.reason}`);
      jobRun.attempt++;
      jobRun.attemptCreatedAt = Date.now();
    }
    if (timer) clearTimeout(timer);
    this.running.delete(jobRun);
    if (outcome.status === "succeeded") this.end(jobRun, "SUCCESS", outcome.simulated);
    else if (outcome.status === "stopped") this.end(jobRun, "CANCELLED", late ? TIMED_OUT : "Cancelled by user");
    else this.end(jobRun, "FAILED", describeFailure(outcome));
    this.plan();
  }

  private change(jobRun: JobRun, state: JobRunState, details?: string): void {
    const previous = jobRun.state;
    jobRun.enter(state, details);
    if (state !== previous) this.publish(jobRun, previous);
  }

  /** @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-eventbridge.html */
  private publish(jobRun: JobRun, previousState?: JobRunState): void {
    const { id: jobRunId, arn, state, createdAt, updatedAt } = jobRun;
    const { id: applicationId, releaseLabel } = this.definition;
    this.runner.publish({
      source: "aws.emr-serverless",
      detailType: "EMR Serverless Job Run State Change",
      detail: {
        jobRunId,
        applicationId,
        arn,
        releaseLabel,
        state,
        previousState,
        createdBy: callerArn(arn.split(":")[3] ?? ""),
        updatedAt: new Date(updatedAt).toISOString(),
        createdAt: new Date(createdAt).toISOString(),
      },
    });
  }

  private attempt(jobRun: JobRun): Promise<Outcome> {
    this.change(jobRun, "SCHEDULED");
    jobRun.run = this.runner.start(programOf(jobRun), () => {
      this.change(jobRun, "RUNNING");
      this.runner.log(`${jobRun.label} | RUNNING`);
    });
    return jobRun.run.outcome;
  }

  private end(jobRun: JobRun, state: "SUCCESS" | "FAILED" | "CANCELLED", details?: string): void {
    this.change(jobRun, state, details);
    const duration = jobRun.startedAt === undefined ? "" : ` after ${Date.now() - jobRun.startedAt} ms`;
    // The log has said that it is simulated when it began.
    const why = details === undefined || state === "SUCCESS" ? "" : `: ${jobRun.stateDetails}`;
    this.runner.log(`${jobRun.label} | ${state}${duration}${why}`);
    this.rest();
  }

  /** Without job runs, it stops after its idle time. */
  private rest(): void {
    const { idleMinutes } = this.definition;
    if (idleMinutes === undefined || this.jobRuns.some(({ ended }) => !ended)) return;
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.turnOff(), idleMinutes * 60_000).unref();
  }

  private enter(state: ApplicationState): void {
    this.state = state;
    this.updatedAt = Date.now();
    this.runner.log(`${this.definition.name} ${this.definition.id} | ${state}`);
  }

  private forget(): void {
    const ended = this.jobRuns.filter((jobRun) => jobRun.ended);
    for (const jobRun of ended.slice(0, Math.max(ended.length - REMEMBERED_RUNS, 0))) {
      this.jobRuns.splice(this.jobRuns.indexOf(jobRun), 1);
      for (const [token, known] of this.tokens) if (known.jobRun === jobRun) this.tokens.delete(token);
    }
  }
}

/** Adds the exception, or else the end of the output. */
function describeFailure({ reason, exception, output }: Failure): string {
  const room = MAX_DETAILS - reason.length - 2;
  const details = exception ?? (room > 0 ? output?.slice(-room) : undefined);
  return details ? `${reason}: ${details}` : reason;
}

const TIMED_OUT = "The job run exceeded its executionTimeoutMinutes";
