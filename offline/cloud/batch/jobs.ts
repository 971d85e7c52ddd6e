import { availableParallelism } from "node:os";
import type { Attempts, Outcome } from "./attempts";
import { Job, type Submission } from "./job";
import type { ComputeEnvironment, JobQueue } from "./model";
import { describeEnd, describeRetry } from "./report";
import { isRetried } from "./retry";
import { Scheduler, type Stuck } from "./scheduler";

export interface JobsOptions {
  attempts: Attempts;
  /** How many ended jobs are remembered; an array counts as one. @default 10000 */
  remembered?: number;
  log(line: string): void;
}

const DEPENDENCY_FAILED = "Dependent Job failed";

/**
 * The jobs of all queues, and how they go from state to state; each method below that calls `enter` is a transition.
 *
 *     SUBMITTED → PENDING → RUNNABLE → STARTING → RUNNING → SUCCEEDED or FAILED
 *
 * A job is PENDING until those that it depends on have succeeded, and RUNNABLE until the scheduler finds it a place, also
 * after a failed attempt that is retried. It fails from any state when it is cancelled or terminated, when a job that it
 * depends on fails, and when its queue goes. An array is PENDING until all of its children have ended.
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

  /** All jobs that are remembered, arrays without their children. */
  get all(): Job[] {
    return [...this.jobs.values()].filter(({ parent }) => !parent);
  }

  /** The queues that there are from now on. */
  use(queues: JobQueue[]): void {
    this.queues = queues;
    this.schedule();
  }

  submit(submission: Submission): Job {
    const job = new Job(submission);
    for (const one of [job, ...job.children]) this.jobs.set(one.id, one);
    for (const one of working(job)) this.link(one);
    this.options.log(`${job.label} | submitted to ${submission.queue.name}`);
    // The caller hears of it before it goes on.
    setImmediate(() => this.admit(job));
    return job;
  }

  /** Ends what has not started. A job that waits for others ends when they have. */
  cancel(job: Job, reason: string): void {
    if (job.ended) return;
    if (job.children.length > 0) job.cancelled = reason;
    for (const one of working(job)) {
      if (one.status === "RUNNING" || one.status === "STARTING" || one.ended) continue;
      one.cancelled = reason;
      if (one.waitingFor.size === 0) this.end(one, "FAILED", reason);
    }
  }

  /** Ends what has not ended; an attempt that is starting ends as soon as it runs. */
  terminate(job: Job, reason: string): void {
    if (job.ended) return;
    if (job.children.length > 0) job.terminated = reason;
    for (const one of working(job)) {
      if (one.ended) continue;
      one.terminated = reason;
      if (one.status === "RUNNING") this.options.attempts.stop(one);
      else if (one.status !== "STARTING") this.end(one, "FAILED", reason);
    }
  }

  /** Ends all attempts; no job goes on. */
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
    if (job.children.length > 0 && !job.ended) job.enter("PENDING");
    for (const one of working(job)) {
      if (one.ended) continue;
      one.enter("PENDING");
      const lost = [...one.waitingFor].some(({ status }) => status === "FAILED");
      if (lost) this.end(one, "FAILED", DEPENDENCY_FAILED);
      else if (one.waitingFor.size === 0) this.queue(one);
    }
  }

  /** A job that it depends on has ended. */
  private release(job: Job, awaited: Job): void {
    job.waitingFor.delete(awaited);
    if (job.ended) return;
    if (awaited.status === "FAILED") this.end(job, "FAILED", DEPENDENCY_FAILED);
    else if (job.waitingFor.size > 0) return;
    else if (job.cancelled !== undefined) this.end(job, "FAILED", job.cancelled);
    // One that was submitted this very moment is not admitted yet.
    else if (job.status === "PENDING") this.queue(job);
  }

  private queue(job: Job, reason?: string): void {
    job.enter("RUNNABLE", reason);
    this.scheduler.add(job);
    this.schedule();
  }

  /** Many jobs that come or end together are looked at once. */
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

  /** A job that has no chance to run stays RUNNABLE; its queue may put a limit to that. */
  private hold({ job, reason, limit }: Stuck): void {
    if (job.statusReason === reason) return;
    job.enter("RUNNABLE", reason);
    this.options.log(`${job.label} | stays RUNNABLE: ${reason}`);
    if (!limit) return;
    const act = () => {
      const isStill = job.status === "RUNNABLE" && job.statusReason === reason;
      if (isStill) this.end(job, "FAILED", `Canceled by JobStateTimeLimit action due to reason: ${limit.reason}`);
    };
    setTimeout(act, limit.seconds * 1000).unref();
  }

  private async run(job: Job, environment: ComputeEnvironment): Promise<void> {
    job.enter("STARTING");
    const started = await this.options.attempts.start(job, environment);
    if ("container" in started) {
      job.container = started.container;
      job.enter("RUNNING");
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
    job.enter(status, reason);
    if (this.closed) return;
    this.options.log(`${job.label} | ${describeEnd(job)}`);
    // In turns of their own: one job after another of a long chain may end at once.
    for (const dependent of job.dependents) queueMicrotask(() => this.release(dependent, job));
    this.schedule();
    const { parent } = job;
    if (!parent) this.remember(job);
    else if (++parent.endedChildren === parent.children.length) {
      const lost = parent.children.some((child) => child.status === "FAILED");
      this.end(parent, lost ? "FAILED" : "SUCCEEDED", lost ? "Array Child Job failed" : undefined);
    }
  }

  private remember(job: Job): void {
    this.ended.push(job);
    if (this.ended.length <= (this.options.remembered ?? 10_000)) return;
    const oldest = this.ended.shift();
    for (const one of oldest ? [oldest, ...oldest.children] : []) this.jobs.delete(one.id);
  }
}

/** The jobs that run: itself, or an array's children. */
function working(job: Job): Job[] {
  return job.children.length > 0 ? job.children : [job];
}
