import type { Graph } from "../../engine/graph";
import { compare } from "../core/changes";
import { findOnPath } from "../core/process/findOnPath";
import type { Change, Publish } from "../core/types";
import type { Logs } from "../logs/logs";
import { Attempts, type AttemptsOptions } from "./attempts";
import type { Job } from "./job";
import { Jobs } from "./jobs";
import { type BatchModel, findQueue, readBatch } from "./model";
import { readSubmission, type SubmitJobInput } from "./submission";

export interface BatchOptions extends AttemptsOptions {
  /** Keeps the output of jobs. */
  logs: Logs;
  /** How many ended jobs are kept; an array counts as one. @default 10000 */
  remembered?: number;
  /** Gets the changes of jobs' states. @default nobody */
  publish?: Publish;
}

/** The part of AWS Batch that runs jobs: the program's queues and the jobs in them. */
export class Batch {
  readonly jobs: Jobs;
  private model: BatchModel = { queues: [], definitions: [] };
  private readonly docker: boolean;

  constructor(private readonly options: BatchOptions) {
    this.docker = options.docker && findOnPath("docker") !== undefined;
    const attempts = new Attempts({ ...options, docker: this.docker }, options.logs);
    this.jobs = new Jobs({ ...options, attempts });
  }

  /** Takes over the queues and definitions of a graph. Jobs keep those that they were submitted with. */
  reconcile(graph: Graph): Change[] {
    const before = this.model;
    this.model = readBatch(graph);
    this.jobs.use(this.model.queues);
    return [
      ...compare("job queue", before.queues, this.model.queues),
      ...compare("job definition", before.definitions, this.model.definitions),
    ];
  }

  /** Why some of the program's jobs do not run, one sentence each. */
  get problems(): string[] {
    const { docker } = this.options;
    const missing = docker && !this.docker ? ["--docker has no effect: docker is not on the PATH"] : [];
    const definitions = this.model.definitions.flatMap(({ name, unsupported, image }) => {
      if (unsupported) return `job definition ${name} does not run offline: ${unsupported} are not emulated`;
      const runs = image !== undefined || this.docker;
      return runs ? [] : `jobs of the definition ${name} fail offline: the program does not build their image`;
    });
    return [...missing, ...definitions];
  }

  /** @throws AwsError if the API would refuse the request */
  submit(input: SubmitJobInput): Job {
    return this.jobs.submit(readSubmission(input, this.model, (id) => this.jobs.find(id)));
  }

  /** The ARN of a queue, given its name or ARN. */
  queueArn(reference: string): string | undefined {
    return findQueue(this.model, reference)?.arn;
  }

  close(): Promise<void> {
    return this.jobs.close();
  }
}
