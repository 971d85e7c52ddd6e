import type { ThrottleArgs } from "./routeArgs";

/** The limits of most accounts, which all APIs of an account share. @see "Amazon API Gateway quotas" */
const accountLimits: ThrottleArgs = { rateLimit: 10_000, burstLimit: 5_000 };

/**
 * The settings of a stage's routes. Those of a single route replace all of the stage's, so each has the full set. The
 * provider sends limits that are left out as 0, which refuses everything, so they are always written.
 * @see https://github.com/pulumi/pulumi-aws/issues/2363
 */
export function routeSettings({ rateLimit, burstLimit } = accountLimits) {
  return { detailedMetricsEnabled: true, throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit };
}
