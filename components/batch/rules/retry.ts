/** One of the rules that Batch asks, in their order, after a failed attempt; the first that matches decides. */
export interface RetryRule {
  action: string;
  onStatusReason?: string;
  onReason?: string;
  onExitCode?: string;
}

/** @see AWS Batch API, RetryStrategy, evaluateOnExit */
const mostRules = 5;

/** What Batch says of a job whose machine Spot took back. @see AWS Batch User Guide, "Automated job retries" */
const reclaimedInstance = "Host EC2*";

/** What Fargate says. @see Amazon ECS Developer Guide, "Amazon ECS clusters for Fargate", termination notices */
const reclaimedTask = "Your Spot Task was interrupted*";

/** Batch retries what no rule matches, so that without the last one the others would mean nothing. */
const closingRules = 2;

/** A job's own rules, then the one for machines that Spot takes back, and at the end the one that lets all else fail. */
export function retryRules(own: RetryRule[], onFargate: boolean): RetryRule[] {
  return [
    ...own,
    { action: "RETRY", onStatusReason: onFargate ? reclaimedTask : reclaimedInstance },
    { action: "EXIT", onReason: "*" },
  ];
}

/** What is wrong with a job's own rules: [property path below the rules, reason]. */
export function retryMistakes(own: RetryRule[]): [path: string, reason: string][] {
  const found: [string, string][] = [];
  const most = mostRules - closingRules;
  if (own.length > most) {
    const why = `Batch takes ${mostRules}, and two are there already: retry what Spot takes back, and fail the rest`;
    found.push(["", `has ${own.length} rules; write at most ${most}, as ${why}`]);
  }
  for (const [index, { onStatusReason, onReason, onExitCode }] of own.entries()) {
    if (onStatusReason === undefined && onReason === undefined && onExitCode === undefined) {
      found.push([`[${index}]`, "matches nothing; write `onStatusReason`, `onReason` or `onExitCode`"]);
    }
    const texts = { onStatusReason, onReason };
    for (const [property, text] of Object.entries(texts)) {
      if (text === undefined || /^[\w.:\s]{0,512}\*?$/.test(text)) continue;
      const allowed = "letters, digits, `.`, `:` and spaces, with a `*` at the end alone";
      found.push([`[${index}].${property}`, `is "${text}"; Batch takes ${allowed}`]);
    }
    if (onExitCode !== undefined && !/^\d{0,511}\*?$/.test(onExitCode)) {
      found.push([`[${index}].onExitCode`, `is "${onExitCode}"; write digits, such as "137", or "1*"`]);
    }
  }
  return found;
}
