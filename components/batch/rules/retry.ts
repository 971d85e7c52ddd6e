/** One of the rules that Batch evaluates in order after a failed attempt; the first that matches decides. */
export interface RetryRule {
  action: string;
  onStatusReason?: string;
  onReason?: string;
  onExitCode?: string;
}

/** Batch's status reason for a job whose instance Spot reclaimed. @see AWS Batch User Guide, "Automated job retries" */
const reclaimedInstance = "Host EC2*";

/**
 * Fargate's reason for the same.
 * @see Amazon ECS Developer Guide, "Amazon ECS clusters for Fargate", termination notices
 */
const reclaimedTask = "Your Spot Task was interrupted*";

/**
 * A job's own rules, then the one for machines that Spot reclaims, and last the one that fails everything else: Batch
 * retries what no rule matches, so without it the others would have no effect. Batch allows five.
 * @see AWS Batch API, RetryStrategy, evaluateOnExit
 */
export function retryRules(own: RetryRule[], onFargate: boolean): RetryRule[] {
  return [
    ...own,
    { action: "RETRY", onStatusReason: onFargate ? reclaimedTask : reclaimedInstance },
    { action: "EXIT", onReason: "*" },
  ];
}
