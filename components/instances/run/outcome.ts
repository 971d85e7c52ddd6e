/** What a schedule does with instances. */
export type Action = "start" | "stop";

/** What became of an instance. */
export interface Outcome {
  id: string;
  /** `changed` starts or stops, or would without a dry run; `skipped` stays as it is, on purpose. */
  outcome: "changed" | "skipped" | "failed";
  reason?: string;
}

/** The error's name and message. */
export function describeError(error: unknown): string {
  const { name, message } = error as Error;
  return `${name}: ${message}`;
}
