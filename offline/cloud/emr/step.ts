import { asText } from "../core/resources";
import { logFileIn } from "../spark/objects";
import type { Failure, Program } from "../spark/runner";
import { idOf } from "./ids";
import type { ClusterDefinition } from "./model";

/** In the order in which a step passes through them; the last four are final. */
export type StepState = "PENDING" | "CANCEL_PENDING" | "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED" | "INTERRUPTED";

/** The settings that a step was added with. */
export interface StepConfig {
  name: string;
  actionOnFailure: string;
  jar: string;
  mainClass?: string;
  args: string[];
  properties: Record<string, string>;
  executionRoleArn?: string;
}

let added = 0;

export class Step {
  readonly id = idOf("s-", 20);
  /** Increases with each step. */
  readonly sequence = ++added;
  readonly createdAt = Date.now();
  state: StepState = "PENDING";
  startedAt: number | undefined;
  endedAt: number | undefined;
  /** Why it is in its state. */
  reason: string | undefined;
  failure: Failure | undefined;

  constructor(readonly config: StepConfig) {}

  /** True while it counts towards the limit of 256. */
  get active(): boolean {
    return this.state === "PENDING" || this.state === "RUNNING" || this.state === "CANCEL_PENDING";
  }

  end(state: StepState, reason?: string): void {
    this.state = state;
    this.reason = reason;
    this.endedAt = Date.now();
  }

  /** Its name in the log. */
  get label(): string {
    return `${this.config.name} ${this.id}`;
  }
}

const COMMAND_RUNNER = /(^|\/)command-runner\.jar$/;
/** Arguments that are code, judging by their extension, in steps that do not run here. */
const CODE = /^s3[an]?:\/\/.*\.(?:egg|hql|jar|pig|py|q|R|sh|sql|whl|zip)$/;

/** The program that a step runs. */
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

/** EMR does not split the command as a shell does: each argument is an element of its own. */
function notFound(command: string): Failure {
  return {
    reason: `"${command}" is not a program: give the program and each of its arguments as an element of Args`,
    exception: `java.lang.RuntimeException: java.io.IOException: Cannot run program "${command}" (in directory "."): error=2, No such file or directory`,
  };
}
