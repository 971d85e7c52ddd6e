import type { Attempt } from "./job";
import type { RetryRule, RetryStrategy } from "./model";

/**
 * Whether a failed attempt is retried. The first rule whose patterns all match decides; if none does, it is retried.
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html
 */
export function isRetried({ attempts, evaluateOnExit }: RetryStrategy, made: number, failed: Attempt): boolean {
  if (made >= attempts) return false;
  return evaluateOnExit.find((rule) => matches(rule, failed))?.action !== "EXIT";
}

/** Whether a text matches a pattern of AWS Batch, which may end with an asterisk. */
export function isLike(pattern: string, text: string): boolean {
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

function matches({ onStatusReason, onReason, onExitCode }: RetryRule, { statusReason, container }: Attempt): boolean {
  const { reason = "", exitCode } = container;
  if (onExitCode !== undefined && (exitCode === undefined || !isLike(onExitCode, String(exitCode)))) return false;
  return isLike(onStatusReason ?? "*", statusReason) && isLike(onReason ?? "*", reason);
}
