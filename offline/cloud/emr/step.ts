import { asText } from "../core/resources";
import { logFileIn } from "../spark/objects";
import type { Failure, Program } from "../spark/runner";
import { idOf } from "./ids";
import type { ClusterDefinition } from "./model";

/** In the order in which a step goes through them; it ends in one of the last four. */
export const STEP_STATES = [
  "PENDING",
  "CANCEL_PENDING",
  "RUNNING",
  "COMPLETED",
  "CANCELLED",
  "FAILED",
  "INTERRUPTED",
] as const;
export type StepState = (typeof STEP_STATES)[number];

export const ACTIONS_ON_FAILURE = ["TERMINATE_JOB_FLOW", "TERMINATE_CLUSTER", "CANCEL_AND_WAIT", "CONTINUE"] as const;

/** What a step was added with. */
export interface StepConfig {
  name: string;
  actionOnFailure: (typeof ACTIONS_ON_FAILURE)[number];
  jar: string;
  mainClass?: string;
  args: string[];
  properties: Record<string, string>;
  executionRoleArn?: string;
}

let added = 0;

export class Step {
  readonly id = idOf("s-", 20);
  /** Grows with each step. */
  readonly sequence = ++added;
  readonly createdAt = Date.now();
  state: StepState = "PENDING";
  startedAt: number | undefined;
  endedAt: number | undefined;
  /** Why it is in its state. */
  reason: string | undefined;
  failure: Failure | undefined;

  constructor(readonly config: StepConfig) {}

  /** True while it counts for the limit of 256. */
  get active(): boolean {
    return this.state === "PENDING" || this.state === "RUNNING" || this.state === "CANCEL_PENDING";
  }

  end(state: StepState, reason?: string): void {
    this.state = state;
    this.reason = reason;
    this.endedAt = Date.now();
  }

  /** How it is called in the log. */
  get label(): string {
    return `${this.config.name} ${this.id}`;
  }
}

const COMMAND_RUNNER = /(^|\/)command-runner\.jar$/;
/** What is code by its ending, as far as steps that do not run here tell. */
const CODE = /^s3[an]?:\/\/.*\.(?:egg|hql|jar|pig|py|q|R|sh|sql|whl|zip)$/;

/** What a step runs. */
export function programOf({ config, label, id }: Step, cluster: ClusterDefinition): Program {
  const { jar, args } = config;
  const stream = `${cluster.id}/steps/${id}/stdout`;
  const logUri = asText(cluster.settings.logUri);
  const program = { label, stream, ...logFileIn(logUri, stream), defaults: cluster.sparkDefaults };
  const files = args.filter((word) => CODE.test(word));
  if (!COMMAND_RUNNER.test(jar)) return { ...program, files: [jar, ...files], other: "jars" };
  const [command = "none", ...rest] = args;
  if (/\s/.test(command)) return { ...program, files: [], mistake: notFound(command) };
  if (command === "spark-submit") return { ...program, files: [], spark: rest };
  return { ...program, files, other: `commands other than spark-submit, such as ${command},` };
}

/** EMR has no shell take the command apart: each argument is an element of its own. */
function notFound(command: string): Failure {
  return {
    reason: `"${command}" is not a program: give the program and each of its arguments as an element of Args`,
    exception: `java.lang.RuntimeException: java.io.IOException: Cannot run program "${command}" (in directory "."): error=2, No such file or directory`,
  };
}
