/** One of the rules that Batch asks, in their order, after a failed attempt; the first that matches decides. */
export interface RetryRule {
  action: string;
  onStatusReason?: string;
  onReason?: string;
  onExitCode?: string;
}

/** What Batch says of a job whose machine Spot took back. @see AWS Batch User Guide, "Automated job retries" */
const reclaimedInstance = "Host EC2*";

/** What Fargate says. @see Amazon ECS Developer Guide, "Amazon ECS clusters for Fargate", termination notices */
const reclaimedTask = "Your Spot Task was interrupted*";

/**
 * A job's own rules, then the one for machines that Spot takes back, and at the end the one that lets all else fail:
 * Batch retries what no rule matches, so that without it the others would mean nothing. Batch takes five.
 * @see AWS Batch API, RetryStrategy, evaluateOnExit
 */
export function retryRules(own: RetryRule[], onFargate: boolean): RetryRule[] {
  return [
    ...own,
    { action: "RETRY", onStatusReason: onFargate ? reclaimedTask : reclaimedInstance },
    { action: "EXIT", onReason: "*" },
  ];
}
