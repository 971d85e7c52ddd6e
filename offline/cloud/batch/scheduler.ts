import type { Job } from "./job";
import type { ComputeEnvironment, JobQueue, StateLimit } from "./model";

interface Use {
  vcpus: number;
  memory: number;
}

/** A job that can never run, and how long its queue lets it block the others. */
export interface Stuck {
  job: Job;
  reason: string;
  limit?: StateLimit;
}

/** What happens to the waiting jobs. */
interface Plan {
  /** Jobs that start now. */
  placed: { job: Job; environment: ComputeEnvironment }[];
  stuck: Stuck[];
  /** Jobs whose queues were deleted. */
  orphans: Job[];
}

/**
 * Places runnable jobs: queues by priority, their jobs in order (by priority under fair share), each in the queue's
 * first compute environment that has room. As in AWS, the first job of a queue holds up the others.
 */
export class Scheduler {
  private readonly waiting = new Map<string, Job[]>();
  private readonly used = new Map<string, Use>();
  private running = 0;

  /** @param slots how many jobs run at once on this machine, whatever the compute environments allow */
  constructor(private readonly slots: number) {}

  add(job: Job): void {
    const { arn } = job.submission.queue;
    const jobs = this.waiting.get(arn);
    if (jobs) jobs.push(job);
    else this.waiting.set(arn, [job]);
  }

  remove(job: Job): void {
    const jobs = this.waiting.get(job.submission.queue.arn) ?? [];
    const position = jobs.indexOf(job);
    if (position >= 0) jobs.splice(position, 1);
  }

  place(queues: JobQueue[]): Plan {
    const plan: Plan = { placed: [], stuck: [], orphans: [] };
    for (const queue of queues.toSorted((one, other) => other.priority - one.priority)) this.serve(queue, plan);
    const arns = new Set(queues.map(({ arn }) => arn));
    for (const [arn, jobs] of this.waiting) {
      if (arns.has(arn)) continue;
      this.waiting.delete(arn);
      plan.orphans.push(...jobs);
    }
    return plan;
  }

  /** Frees a job's place. */
  release({ submission }: Job, { arn }: ComputeEnvironment): void {
    this.running--;
    this.count(arn, -submission.vcpus, -submission.memory);
  }

  private serve(queue: JobQueue, plan: Plan): void {
    const jobs = this.waiting.get(queue.arn) ?? [];
    if (queue.fairShare) jobs.sort((a, b) => b.submission.schedulingPriority - a.submission.schedulingPriority);
    for (let job = jobs[0]; job; job = jobs[0]) {
      const environment = this.findRoom(queue, job);
      if (!environment) {
        const reason = whyStuck(queue, job);
        if (reason) plan.stuck.push({ job, reason, limit: queue.limits.find((one) => reason.startsWith(one.reason)) });
        return;
      }
      if (this.running >= this.slots) return;
      jobs.shift();
      this.running++;
      this.count(environment.arn, job.submission.vcpus, job.submission.memory);
      plan.placed.push({ job, environment });
    }
  }

  private findRoom({ environments }: JobQueue, { submission }: Job): ComputeEnvironment | undefined {
    return environments.find((environment) => {
      const { vcpus, memory } = this.used.get(environment.arn) ?? { vcpus: 0, memory: 0 };
      const use = { vcpus: vcpus + submission.vcpus, memory: memory + submission.memory };
      return environment.enabled && fits(environment, use);
    });
  }

  private count(arn: string, vcpus: number, memory: number): void {
    const used = this.used.get(arn) ?? { vcpus: 0, memory: 0 };
    this.used.set(arn, { vcpus: used.vcpus + vcpus, memory: used.memory + memory });
  }
}

function fits({ maxVcpus = Infinity, maxMemory = Infinity }: ComputeEnvironment, { vcpus, memory }: Use): boolean {
  return vcpus <= maxVcpus && memory <= maxMemory;
}

/**
 * Why a job cannot run even if all others have ended; undefined if it can.
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
