import type { Attempt, Job } from "./job";

/** How a job ended, for the log. */
export function describeEnd({ status, statusReason, startedAt, stoppedAt = 0, attempts, children }: Job): string {
  const duration = startedAt === undefined ? "" : ` after ${stoppedAt - startedAt} ms`;
  if (status === "SUCCEEDED") return `SUCCEEDED${duration}`;
  const { exitCode, reason } = attempts.at(-1)?.container ?? {};
  const lost = children.filter((child) => child.status === "FAILED").length;
  const why = [statusReason, reason, exitOf(exitCode), lost > 0 && `${lost} of ${children.length}`].filter(Boolean);
  return `FAILED${duration}: ${why.join(", ")}`;
}

/** Why an attempt is retried, for the log. */
export function describeRetry({ attempts, submission }: Job, { statusReason, container }: Attempt): string {
  const why = [statusReason, container.reason, exitOf(container.exitCode)].filter(Boolean).join(", ");
  return `attempt ${attempts.length} of ${submission.retry.attempts} failed, retrying: ${why}`;
}

function exitOf(code: number | undefined): string | undefined {
  return code === undefined ? undefined : `exit code ${code}`;
}
