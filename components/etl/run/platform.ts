import type { Run, RunState } from "./runs";

/** One attempt at a run, as it is submitted. */
export interface Submission {
  /** The attempt's name, which is unique. */
  name: string;
  run: Run;
  /** Whether an earlier call may have submitted it. */
  perhapsSubmitted: boolean;
}

/** What an event says about an attempt. */
export interface Progress {
  /** The attempt's name. */
  name: string;
  /** The id of its job, step or job run. */
  submissionId: string;
  state: RunState;
  /** Why it failed. */
  reason?: string;
}

/** Where the work is done. */
export interface Platform {
  /** Submits an attempt, once, and returns the id of its job, step or job run. */
  submit(submission: Submission): Promise<string>;
  /** What an event of this platform says. Undefined if it is not about a whole attempt, or changes nothing here. */
  read(detail: Record<string, unknown>): Promise<Progress | undefined>;
}

/** What a pipeline submits for each object, as the component passes it on. Not every platform has all of it. */
interface Settings {
  arguments: string[];
  environment: Record<string, string>;
  parameters: Record<string, string>;
  script: string;
  sparkSubmitParameters?: string;
}

const settings: Partial<Settings> = JSON.parse(process.env.SUBMISSION ?? "{}");

/** The settings with the object and the run in the place of their placeholders. */
export function settingsFor({ id, bucket, key, version = "" }: Run): Settings {
  const known: Record<string, string> = { uri: `s3://${bucket}/${key}`, bucket, key, version, run: id };
  // At once, as a key may itself look like a placeholder.
  const fill = (text: string) =>
    text.replace(/\{(uri|bucket|key|version|run)\}/g, (_, name: string) => known[name] ?? "");
  const fillAll = (values: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value)]));
  return {
    arguments: (settings.arguments ?? []).map(fill),
    environment: fillAll(settings.environment),
    parameters: fillAll(settings.parameters),
    script: settings.script ?? "",
    sparkSubmitParameters: settings.sparkSubmitParameters && fill(settings.sparkSubmitParameters),
  };
}

/** For the clients of reads: three attempts of at most 3 s end before the function does. */
export const clientOptions = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

/** An environment variable, which the component sets. */
export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set`);
  return value;
}
