import { randomBytes } from "node:crypto";
import { asMap, asText, asTexts } from "../core/resources";
import type { Input } from "../core/types";
import { splitWords } from "../spark/command";
import { logFileIn } from "../spark/objects";
import type { Program, Run } from "../spark/runner";
import { type ApplicationDefinition, sparkDefaultsOf } from "./model";

/** In the order in which a job run passes through them; SUCCESS, FAILED and CANCELLED are final. */
export type JobRunState =
  | "SUBMITTED"
  | "PENDING"
  | "SCHEDULED"
  | "RUNNING"
  | "SUCCESS"
  | "FAILED"
  | "CANCELLING"
  | "CANCELLED"
  | "QUEUED";

/** The settings that a job run was started with. */
export interface JobRunInput {
  name?: string;
  executionRoleArn: string;
  executionIamPolicy?: Input;
  /** One of sparkSubmit and hive. */
  jobDriver: Input;
  configurationOverrides?: Input;
  tags: Record<string, string>;
  /** 0 for no limit. */
  executionTimeoutMinutes: number;
  mode: "BATCH" | "STREAMING";
  retryPolicy?: Input;
}

/** The longest `stateDetails` in an answer. */
export const MAX_DETAILS = 256;

let started = 0;

export class JobRun {
  /** As in EMR Serverless: 16 digits and lower-case letters. */
  readonly id = `00${randomBytes(7).toString("hex")}`;
  readonly arn: string;
  /** Increases with each job run. */
  readonly sequence = ++started;
  readonly createdAt = Date.now();
  state: JobRunState = "SUBMITTED";
  updatedAt = this.createdAt;
  attempt = 1;
  attemptCreatedAt = this.createdAt;
  startedAt: number | undefined;
  endedAt: number | undefined;
  /** Why it is in its state. */
  stateDetails = "";
  /** The current or last attempt; absent before the first. */
  run: Run | undefined;

  constructor(
    readonly application: ApplicationDefinition,
    readonly input: JobRunInput,
  ) {
    this.arn = `${application.arn}/jobruns/${this.id}`;
  }

  get ended(): boolean {
    return this.state === "SUCCESS" || this.state === "FAILED" || this.state === "CANCELLED";
  }

  /** Its name in the log. */
  get label(): string {
    return `${this.input.name ?? this.application.name} ${this.id}`;
  }

  enter(state: JobRunState, details = ""): void {
    this.state = state;
    this.stateDetails = details.slice(0, MAX_DETAILS);
    this.updatedAt = Date.now();
    if (state === "RUNNING") this.startedAt ??= this.updatedAt;
    if (this.ended) this.endedAt = this.updatedAt;
  }
}

/** The program that a job run runs. */
export function programOf({ application, input, label, id }: JobRun): Program {
  const { jobDriver, configurationOverrides } = input;
  const overrides = sparkDefaultsOf(asMap(configurationOverrides).applicationConfiguration);
  const stream = `applications/${application.id}/jobs/${id}/SPARK_DRIVER/stdout`;
  const monitoring = asMap(
    asMap(configurationOverrides).monitoringConfiguration ?? application.settings.monitoringConfiguration,
  );
  const program = {
    label,
    stream,
    ...logFileIn(asText(asMap(monitoring.s3MonitoringConfiguration).logUri), stream),
    defaults: { ...application.sparkDefaults, ...overrides },
  };
  if (jobDriver.sparkSubmit) {
    const { entryPoint, entryPointArguments, sparkSubmitParameters } = asMap(jobDriver.sparkSubmit);
    const parameters = splitWords(asText(sparkSubmitParameters) ?? "");
    return { ...program, files: [], spark: [...parameters, asText(entryPoint) ?? "", ...asTexts(entryPointArguments)] };
  }
  const { query, initQueryFile } = asMap(jobDriver.hive);
  const files = [query, initQueryFile].map((one) => asText(one) ?? "").filter((one) => /^s3:\/\/\S+$/.test(one));
  return { ...program, files, other: "Hive queries" };
}
