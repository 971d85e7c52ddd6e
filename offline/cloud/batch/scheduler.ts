import type { Job } from "./job";
import type { ComputeEnvironment, JobQueue } from "./model";

export interface SchedulerOptions {
  /** How many jobs run at once on this machine, whatever the compute environments allow. */
  slots: number;
  queues(): JobQueue[];
  /** Runs a job; resolves when it needs its place no longer. */
  start(job: Job, environment: ComputeEnvironment): Promise<void>;
  /** The job has no chance to run. */
  blocked(job: Job, reason: string): void;
  /** The job has blocked its queue, or has lost it. */
  cancel(job: Job, reason: string): void;
}

interface Use {
  vcpus: number;
  memory: number;
}

/**
 * Gives runnable jobs their place: queues by priority, jobs in their order (of their priority, where shares are fair), in
 * the first compute environment of the queue that has room. The first job of a queue holds up the others, as in AWS.
 */
export class Scheduler {
  private readonly waiting = new Map<string, Job[]>();
  private readonly used = new Map<string, Use>();
  private running = 0;
  private planned = false;

  constructor(private readonly options: SchedulerOptions) {}

  add(job: Job): void {
    const { arn } = job.submission.queue;
    const jobs = this.waiting.get(arn);
    if (jobs) jobs.push(job);
    else this.waiting.set(arn, [job]);
    this.plan();
  }

  remove(job: Job): void {
    const jobs = this.waiting.get(job.submission.queue.arn) ?? [];
    const position = jobs.indexOf(job);
    if (position >= 0) jobs.splice(position, 1);
    this.plan();
  }

  /** Many jobs that come or end together are looked at once. */
  plan(): void {
    if (this.planned) return;
    this.planned = true;
    setImmediate(() => {
      this.planned = false;
      this.place();
    });
  }

  private place(): void {
    const queues = this.options.queues();
    for (const queue of queues.toSorted((one, other) => other.priority - one.priority)) this.serve(queue);
    const arns = new Set(queues.map(({ arn }) => arn));
    for (const [arn, jobs] of this.waiting) {
      if (arns.has(arn)) continue;
      this.waiting.delete(arn);
      for (const job of jobs) this.options.cancel(job, `The job queue ${job.submission.queue.name} was deleted`);
    }
  }

  private serve(queue: JobQueue): void {
    const jobs = this.waiting.get(queue.arn) ?? [];
    if (queue.fairShare) jobs.sort((a, b) => b.submission.schedulingPriority - a.submission.schedulingPriority);
    for (let job = jobs[0]; job; job = jobs[0]) {
      const environment = this.findRoom(queue, job);
      if (!environment) {
        this.block(queue, job);
        return;
      }
      if (this.running >= this.options.slots) return;
      jobs.shift();
      void this.occupy(job, environment);
    }
  }

  private findRoom({ environments }: JobQueue, { submission }: Job): ComputeEnvironment | undefined {
    return environments.find((environment) => {
      const { vcpus, memory } = this.used.get(environment.arn) ?? { vcpus: 0, memory: 0 };
      const use = { vcpus: vcpus + submission.vcpus, memory: memory + submission.memory };
      return environment.enabled && fits(environment, use);
    });
  }

  private async occupy(job: Job, environment: ComputeEnvironment): Promise<void> {
    const { vcpus, memory } = job.submission;
    const used = this.used.get(environment.arn) ?? { vcpus: 0, memory: 0 };
    this.used.set(environment.arn, used);
    this.running++;
    used.vcpus += vcpus;
    used.memory += memory;
    await this.options.start(job, environment);
    this.running--;
    used.vcpus -= vcpus;
    used.memory -= memory;
    this.plan();
  }

  private block(queue: JobQueue, job: Job): void {
    const reason = whyStuck(queue, job);
    if (!reason || job.statusReason === reason) return;
    this.options.blocked(job, reason);
    const limit = queue.limits.find((one) => reason.startsWith(one.reason));
    if (!limit) return;
    const isStill = () => job.status === "RUNNABLE" && job.statusReason === reason;
    const act = () =>
      isStill() && this.options.cancel(job, `Canceled by JobStateTimeLimit action due to reason: ${limit.reason}`);
    setTimeout(act, limit.seconds * 1000).unref();
  }
}

function fits({ maxVcpus = Infinity, maxMemory = Infinity }: ComputeEnvironment, { vcpus, memory }: Use): boolean {
  return vcpus <= maxVcpus && memory <= maxMemory;
}

/**
 * Why a job cannot run even when all others have ended; undefined when it can.
 * @see https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html
 */
function whyStuck({ name, environments }: JobQueue, { submission }: Job): string | undefined {
  const enabled = environments.filter((environment) => environment.enabled);
  if (enabled.length === 0) return `All compute environments of the job queue ${name} are DISABLED`;
  if (enabled.some((environment) => fits(environment, submission))) return undefined;
  const limits = enabled.map(({ name: own, maxVcpus, maxMemory }) => {
    return `${own} has ${maxVcpus} vCPUs${maxMemory === undefined ? "" : ` and ${maxMemory} MiB`} at most`;
  });
  return `MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - The job needs ${submission.vcpus} vCPUs and ${submission.memory} MiB; ${limits.join(", ")}`;
}
