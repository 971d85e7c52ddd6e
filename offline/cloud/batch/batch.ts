import { availableParallelism } from "node:os";
import type { Graph } from "../../engine/graph";
import { compare } from "../core/changes";
import type { Change, Input } from "../core/types";
import type { JobLogs } from "../logs/logs";
import { Attempts, type AttemptsOptions, type Outcome } from "./attempts";
import { Job } from "./job";
import { hasDocker } from "./launch";
import { type BatchModel, type ComputeEnvironment, readBatch } from "./model";
import { describeEnd, describeRetry } from "./report";
import { isRetried } from "./retry";
import { Scheduler } from "./scheduler";
import { readSubmission } from "./submission";

export interface BatchOptions extends AttemptsOptions {
  /** Keeps what the jobs print. */
  logs: JobLogs;
  /** How many ended jobs are remembered; an array counts as one. @default 10000 */
  remembered?: number;
}

/** AWS Batch as far as jobs go: the program's queues, and the jobs in them. */
export class Batch {
  private readonly attempts: Attempts;
  private readonly scheduler: Scheduler;
  private readonly jobs = new Map<string, Job>();
  private readonly ended: Job[] = [];
  private model: BatchModel = { queues: [], definitions: [] };
  private closed = false;
  private readonly docker: boolean;

  constructor(private readonly options: BatchOptions) {
    this.docker = options.docker && hasDocker();
    this.attempts = new Attempts({ ...options, docker: this.docker }, options.logs);
    this.scheduler = new Scheduler({
      slots: availableParallelism(),
      queues: () => this.model.queues,
      start: (job, environment) => this.run(job, environment),
      blocked: (job, reason) => {
        job.statusReason = reason;
        this.options.log(`${job.label} | stays RUNNABLE: ${reason}`);
      },
      cancel: (job, reason) => this.finish(job, "FAILED", reason),
    });
  }

  /** Takes over the queues and definitions of a graph. Jobs go on with those that they were submitted with. */
  reconcile(graph: Graph): Change[] {
    const before = this.model;
    this.model = readBatch(graph);
    this.scheduler.plan();
    return [
      ...compare("job queue", before.queues, this.model.queues),
      ...compare("job definition", before.definitions, this.model.definitions),
    ];
  }

  /** What of the program's jobs does not run, one sentence each. */
  get problems(): string[] {
    const { docker } = this.options;
    const missing = docker && !this.docker ? ["--docker has no effect: there is no docker command on the PATH"] : [];
    const definitions = this.model.definitions.flatMap(({ name, unsupported, image }) => {
      if (unsupported) return `job definition ${name} does not run offline: ${unsupported} are not emulated`;
      const runs = image !== undefined || this.docker;
      return runs ? [] : `jobs of the definition ${name} fail offline: the program does not build their image`;
    });
    return [...missing, ...definitions];
  }

  /** @throws AwsError for what the API refuses */
  submit(input: Input): Job {
    const job = new Job(readSubmission(input, this.model, (id) => this.jobs.get(id)));
    for (const one of [job, ...job.children]) this.jobs.set(one.id, one);
    for (const one of working(job)) this.link(one);
    this.options.log(`${job.label} | submitted to ${job.submission.queue.name}`);
    // The caller hears of it before it goes on.
    setImmediate(() => this.admit(job));
    return job;
  }

  find(id: string): Job | undefined {
    return this.jobs.get(id);
  }

  /** All jobs that are remembered, arrays without their children. */
  get all(): Job[] {
    return [...this.jobs.values()].filter(({ parent }) => !parent);
  }

  /** The queue's ARN, for its name or ARN. */
  queueArn(reference: string): string | undefined {
    return this.model.queues.find(({ name, arn }) => name === reference || arn === reference)?.arn;
  }

  /** Ends what has not started. A job that waits for others ends when they have. */
  cancel(job: Job, reason: string): void {
    if (job.ended) return;
    if (job.children.length > 0) job.cancelled = reason;
    for (const one of working(job)) {
      if (one.status === "RUNNING" || one.status === "STARTING" || one.ended) continue;
      one.cancelled = reason;
      if (one.waitingFor.size === 0) this.finish(one, "FAILED", reason);
    }
  }

  terminate(job: Job, reason: string): void {
    if (job.ended) return;
    if (job.children.length > 0) job.terminated = reason;
    for (const one of working(job)) {
      if (one.ended) continue;
      one.terminated = reason;
      if (one.status === "RUNNING") this.attempts.stop(one);
      else if (one.status !== "STARTING") this.finish(one, "FAILED", reason);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.attempts.close();
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
    if (job.children.length > 0 && !job.ended) job.status = "PENDING";
    for (const one of working(job)) {
      if (one.ended) continue;
      one.status = "PENDING";
      const lost = [...one.waitingFor].some(({ status }) => status === "FAILED");
      if (lost) this.finish(one, "FAILED", DEPENDENCY_FAILED);
      else if (one.waitingFor.size === 0) this.enqueue(one);
    }
  }

  private enqueue(job: Job): void {
    job.status = "RUNNABLE";
    this.scheduler.add(job);
  }

  private async run(job: Job, environment: ComputeEnvironment): Promise<void> {
    if (this.closed) return;
    job.status = "STARTING";
    job.statusReason = undefined;
    const outcome = await this.attempts.run(job, environment, (container) => {
      job.status = "RUNNING";
      job.container = container;
      job.startedAt = Date.now();
      if (job.parent) job.parent.startedAt ??= job.startedAt;
      if (job.terminated !== undefined) this.attempts.stop(job);
    });
    if (!this.closed) this.conclude(job, outcome);
  }

  private conclude(job: Job, outcome: Outcome): void {
    if (!("attempt" in outcome)) {
      this.finish(job, "FAILED", outcome.reason);
      return;
    }
    const { status, attempt } = outcome;
    job.attempts.push(attempt);
    job.container = attempt.container;
    const { retry } = job.submission;
    if (status === "FAILED" && !outcome.final && isRetried(retry, job.attempts.length, attempt)) {
      job.statusReason = attempt.statusReason;
      this.options.log(`${job.label} | ${describeRetry(job, attempt)}`);
      this.enqueue(job);
      return;
    }
    this.finish(job, status, attempt.statusReason);
  }

  private finish(job: Job, status: "SUCCEEDED" | "FAILED", reason?: string): void {
    if (job.status === "RUNNABLE") this.scheduler.remove(job);
    job.status = status;
    job.statusReason = reason;
    job.stoppedAt = Date.now();
    if (this.closed) return;
    this.options.log(`${job.label} | ${describeEnd(job)}`);
    // In turns of their own: one job after another of a long chain may end at once.
    for (const dependent of job.dependents) queueMicrotask(() => this.release(dependent, job));
    const { parent } = job;
    if (parent && ++parent.endedChildren === parent.children.length) {
      const lost = parent.children.some((child) => child.status === "FAILED");
      this.finish(parent, lost ? "FAILED" : "SUCCEEDED", lost ? "Array Child Job failed" : undefined);
    }
    if (!parent) this.remember(job);
  }

  private release(job: Job, ended: Job): void {
    job.waitingFor.delete(ended);
    if (job.ended) return;
    if (ended.status === "FAILED") this.finish(job, "FAILED", DEPENDENCY_FAILED);
    else if (job.waitingFor.size > 0) return;
    else if (job.cancelled !== undefined) this.finish(job, "FAILED", job.cancelled);
    // One that was submitted this very moment is not admitted yet.
    else if (job.status === "PENDING") this.enqueue(job);
  }

  private remember(job: Job): void {
    this.ended.push(job);
    if (this.ended.length <= (this.options.remembered ?? 10_000)) return;
    const oldest = this.ended.shift();
    for (const one of oldest ? [oldest, ...oldest.children] : []) this.jobs.delete(one.id);
  }
}

const DEPENDENCY_FAILED = "Dependent Job failed";

/** The jobs that run: itself, or an array's children. */
function working(job: Job): Job[] {
  return job.children.length > 0 ? job.children : [job];
}
