import { availableParallelism } from "node:os";
import type { Publish } from "../core/types";
import type { Attempts, Outcome } from "./attempts";
import { describeJob } from "./describe";
import { Job, type JobStatus, type Submission } from "./job";
import type { ComputeEnvironment, JobQueue } from "./model";
import { describeEnd, describeRetry } from "./report";
import { isRetried } from "./retry";
import { Scheduler, type Stuck } from "./scheduler";

export interface JobsOptions {
  attempts: Attempts;
  /** How many ended jobs are kept; an array counts as one. @default 10000 */
  remembered?: number;
  publish?: Publish;
  log(line: string): void;
}

const DEPENDENCY_FAILED = "Dependent Job failed";

/**
 * The jobs of all queues and their transitions: each method below that calls `enter` is one.
 *
 *     SUBMITTED → PENDING → RUNNABLE → STARTING → RUNNING → SUCCEEDED or FAILED
 *
 * A job is PENDING until its dependencies have succeeded, and before each attempt RUNNABLE until the scheduler places
 * it. It fails from any state when it is cancelled or terminated, a dependency fails, or its queue is deleted. An array
 * is PENDING until all of its children have ended.
 */
export class Jobs {
  private readonly jobs = new Map<string, Job>();
  private readonly ended: Job[] = [];
  private readonly scheduler = new Scheduler(availableParallelism());
  private queues: JobQueue[] = [];
  private scheduled = false;
  private closed = false;

  constructor(private readonly options: JobsOptions) {}

  find(id: string): Job | undefined {
    return this.jobs.get(id);
  }

  /** All jobs that are kept, except the children of arrays. */
  get all(): Job[] {
    return [...this.jobs.values()].filter(({ parent }) => !parent);
  }

  /** Replaces the queues. */
  use(queues: JobQueue[]): void {
    this.queues = queues;
    this.schedule();
  }

  submit(submission: Submission): Job {
    const job = new Job(submission);
    for (const one of [job, ...job.children]) this.jobs.set(one.id, one);
    for (const one of working(job)) this.link(one);
    this.options.log(`${job.label} | submitted to ${submission.queue.name}`);
    // The caller gets the answer before the job proceeds.
    setImmediate(() => this.admit(job));
    return job;
  }

  /** Cancels a job, if there is one, that has not started. If it waits for others, it ends after them. */
  cancel(job: Job | undefined, reason: string): void {
    if (!job || job.ended) return;
    if (job.children.length > 0) job.cancelled = reason;
    for (const one of working(job)) {
      if (one.status === "RUNNING" || one.status === "STARTING" || one.ended) continue;
      one.cancelled = reason;
      if (one.waitingFor.size === 0) this.end(one, "FAILED", reason);
    }
  }

  /** Ends a job, if there is one, in any state; an attempt that is starting ends as soon as it runs. */
  terminate(job: Job | undefined, reason: string): void {
    if (!job || job.ended) return;
    if (job.children.length > 0) job.terminated = reason;
    for (const one of working(job)) {
      if (one.ended) continue;
      one.terminated = reason;
      if (one.status === "RUNNING") this.options.attempts.stop(one);
      else if (one.status !== "STARTING") this.end(one, "FAILED", reason);
    }
  }

  /** Ends all attempts; no job continues. */
  async close(): Promise<void> {
    this.closed = true;
    await this.options.attempts.close();
  }

  private link(job: Job): void {
    for (const { jobId, type } of job.submission.dependsOn) {
      const other = jobId === undefined ? undefined : this.jobs.get(jobId);
      const before = type === "SEQUENTIAL" ? job.parent?.children[(job.index ?? 0) - 1] : undefined;
      const same = type === "N_TO_N" ? other?.children[job.index ?? 0] : other;
      for (const awaited of [same, before]) {
        if (!awaited || awaited.status === "SUCCEEDED") continue;
        job.waitingFor.add(awaited);
        awaited.dependents.add(job);
      }
    }
  }

  private admit(job: Job): void {
    if (this.closed) return;
    if (job.children.length > 0 && !job.ended) this.enter(job, "PENDING");
    for (const one of working(job)) {
      if (one.ended) continue;
      this.enter(one, "PENDING");
      const lost = [...one.waitingFor].some(({ status }) => status === "FAILED");
      if (lost) this.end(one, "FAILED", DEPENDENCY_FAILED);
      else if (one.waitingFor.size === 0) this.queue(one);
    }
  }

  /** Called when a dependency has ended. */
  private release(job: Job, awaited: Job): void {
    job.waitingFor.delete(awaited);
    if (job.ended) return;
    if (awaited.status === "FAILED") this.end(job, "FAILED", DEPENDENCY_FAILED);
    else if (job.waitingFor.size > 0) return;
    else if (job.cancelled !== undefined) this.end(job, "FAILED", job.cancelled);
    // A job that was only just submitted has not been admitted yet.
    else if (job.status === "PENDING") this.queue(job);
  }

  private queue(job: Job, reason?: string): void {
    this.enter(job, "RUNNABLE", reason);
    this.scheduler.add(job);
    this.schedule();
  }

  /** Jobs that arrive or end together are scheduled together. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (this.closed) return;
      const { placed, stuck, orphans } = this.scheduler.place(this.queues);
      for (const { job, environment } of placed) void this.run(job, environment);
      for (const one of stuck) this.hold(one);
      for (const job of orphans) this.end(job, "FAILED", `The job queue ${job.submission.queue.name} was deleted`);
    });
  }

  /** A job that can never run stays RUNNABLE, unless its queue sets a time limit. */
  private hold({ job, reason, limit }: Stuck): void {
    if (job.statusReason === reason) return;
    this.enter(job, "RUNNABLE", reason);
    this.options.log(`${job.label} | stays RUNNABLE: ${reason}`);
    if (!limit) return;
    const act = () => {
      const isStill = job.status === "RUNNABLE" && job.statusReason === reason;
      if (isStill) this.end(job, "FAILED", `Canceled by JobStateTimeLimit action due to reason: ${limit.reason}`);
    };
    setTimeout(act, limit.seconds * 1000).unref();
  }

  private async run(job: Job, environment: ComputeEnvironment): Promise<void> {
    this.enter(job, "STARTING");
    const started = await this.options.attempts.start(job, environment);
    if ("container" in started) {
      job.container = started.container;
      this.enter(job, "RUNNING");
      if (job.terminated !== undefined) this.options.attempts.stop(job);
    }
    const outcome = "container" in started ? await started.outcome : started;
    this.scheduler.release(job, environment);
    if (this.closed) return;
    this.conclude(job, outcome);
    this.schedule();
  }

  private conclude(job: Job, { status, reason, attempt, final }: Outcome): void {
    if (attempt) {
      job.attempts.push(attempt);
      job.container = attempt.container;
    }
    const { retry } = job.submission;
    if (status === "SUCCEEDED" || final || !attempt || !isRetried(retry, job.attempts.length, attempt)) {
      this.end(job, status, reason);
    } else {
      this.options.log(`${job.label} | ${describeRetry(job, attempt)}`);
      this.queue(job, reason);
    }
  }

  private end(job: Job, status: "SUCCEEDED" | "FAILED", reason?: string): void {
    if (job.status === "RUNNABLE") this.scheduler.remove(job);
    this.enter(job, status, reason);
    if (this.closed) return;
    this.options.log(`${job.label} | ${describeEnd(job)}`);
    // Queued rather than recursive: a long chain of jobs may end at once.
    for (const dependent of job.dependents) queueMicrotask(() => this.release(dependent, job));
    this.schedule();
    const { parent } = job;
    if (!parent) this.remember(job);
    else if (++parent.endedChildren === parent.children.length) {
      const lost = parent.children.some((child) => child.status === "FAILED");
      this.end(parent, lost ? "FAILED" : "SUCCEEDED", lost ? "Array Child Job failed" : undefined);
    }
  }

  /** Every change of a job's state is an event. @see https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html */
  private enter(job: Job, status: JobStatus, reason?: string): void {
    const before = job.status;
    job.enter(status, reason);
    if (this.closed || status === before) return;
    this.options.publish?.({
      source: "aws.batch",
      detailType: "Batch Job State Change",
      detail: describeJob(job),
      resources: [job.arn],
      region: job.submission.definition.region,
    });
  }

  private remember(job: Job): void {
    this.ended.push(job);
    if (this.ended.length <= (this.options.remembered ?? 10_000)) return;
    const oldest = this.ended.shift();
    for (const one of oldest ? [oldest, ...oldest.children] : []) this.jobs.delete(one.id);
  }
}

/** The jobs that really run: the job itself, or an array's children. */
function working(job: Job): Job[] {
  return job.children.length > 0 ? job.children : [job];
}
