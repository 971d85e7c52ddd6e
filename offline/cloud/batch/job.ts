import { randomUUID } from "node:crypto";
import type { Settings } from "../core/resources";
import type { JobDefinition, RetryStrategy } from "./model";

/** In the order in which a job passes through them; the last two are final. */
const JOB_STATES = ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"] as const;
export type JobStatus = (typeof JOB_STATES)[number];

export interface JobDependency {
  jobId?: string;
  type?: "N_TO_N" | "SEQUENTIAL";
}

/** A validated SubmitJob request, merged with the job definition. */
export interface Submission {
  name: string;
  queue: { name: string; arn: string };
  definition: JobDefinition;
  /** With the parameters filled in; absent if the image's own is used. */
  command?: string[];
  environment: Record<string, string>;
  vcpus: number;
  /** In MiB. */
  memory: number;
  resourceRequirements: Settings[];
  parameters: Record<string, string>;
  retry: RetryStrategy;
  timeoutSeconds?: number;
  shareIdentifier?: string;
  schedulingPriority: number;
  propagateTags?: boolean;
  tags: Record<string, string>;
  dependsOn: JobDependency[];
  arraySize?: number;
}

/** One run of a job's container, as DescribeJobs shows it. */
export interface Attempt {
  startedAt?: number;
  stoppedAt: number;
  statusReason: string;
  container: { taskArn: string; logStreamName?: string; exitCode?: number; reason?: string };
}

let submitted = 0;

/** A job, an array of jobs or a job of an array. */
export class Job {
  readonly id: string;
  readonly arn: string;
  /** Increases with each job. */
  readonly sequence = ++submitted;
  readonly createdAt = Date.now();
  readonly attempts: Attempt[] = [];
  readonly children: Job[];
  status: JobStatus = "SUBMITTED";
  statusReason: string | undefined;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  /** Of the running attempt, or else of the last one. */
  container: Attempt["container"] | undefined;
  endedChildren = 0;
  /** Why it was cancelled or terminated; it may not have ended yet. */
  cancelled: string | undefined;
  terminated: string | undefined;
  /** The jobs that must end before it may run. */
  readonly waitingFor = new Set<Job>();
  readonly dependents = new Set<Job>();

  constructor(
    readonly submission: Submission,
    readonly parent?: Job,
    readonly index?: number,
  ) {
    this.id = parent ? `${parent.id}:${index}` : randomUUID();
    this.arn = submission.queue.arn.replace(/:job-queue\/.*$/, `:job/${this.id}`);
    const size = parent ? 0 : (submission.arraySize ?? 0);
    this.children = Array.from({ length: size }, (_, position) => new Job(submission, this, position));
  }

  get ended(): boolean {
    return this.status === "SUCCEEDED" || this.status === "FAILED";
  }

  /** The one place where its state changes. */
  enter(status: JobStatus, reason?: string): void {
    this.status = status;
    this.statusReason = reason;
    if (status === "RUNNING") {
      this.startedAt = Date.now();
      if (this.parent) this.parent.startedAt ??= this.startedAt;
    }
    if (this.ended) this.stoppedAt = Date.now();
  }

  /** Its name in the log. */
  get label(): string {
    const suffix = this.index === undefined ? "" : `:${this.index}`;
    return `${this.submission.name} ${this.id.slice(0, 8)}${suffix}`;
  }

  /** The number of its children in each state. */
  get statusSummary(): Record<JobStatus, number> {
    const count = Object.fromEntries(JOB_STATES.map((status) => [status, 0])) as Record<JobStatus, number>;
    for (const { status } of this.children) count[status]++;
    return count;
  }
}
