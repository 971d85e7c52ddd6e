import type * as pulumi from "@pulumi/pulumi";
import { alarm, shareAlarm } from "../observability/alarms";
import type { ServerlessApiArgs } from "./args";

/** The highest acceptable p99 latency, in milliseconds; API Gateway times out at 29,000 or 30,000. */
export const slowAnswer = 5000;

/** From this percentage on, 4xx responses are not just callers' mistakes, if there are this many requests in a period. */
const refusedShare = 25;
const leastRequests = 20;

/**
 * Raises alarms about an API's failures, refused requests and slow responses.
 * @param metrics those that count the 5xx and the 4xx responses
 */
export function createAlarms(
  name: string,
  { alarmTopicArns = [], tags }: Pick<ServerlessApiArgs, "alarmTopicArns" | "tags">,
  metrics: { failed: string; refused: string },
  dimensions: Record<string, pulumi.Input<string>>,
  opts: pulumi.CustomResourceOptions,
): void {
  if (alarmTopicArns.length === 0) return;
  const api = { namespace: "AWS/ApiGateway", dimensions, tags };
  const failed = { ...api, description: `${name} returned 5xx responses`, metric: metrics.failed, threshold: 1 };
  alarm(`${name}-errors`, failed, alarmTopicArns, opts);
  const description = `${name} refuses a quarter of the requests`;
  const share = { of: "Count", least: leastRequests, threshold: refusedShare, periods: 3 };
  shareAlarm(`${name}-refused`, { ...api, description, metric: metrics.refused, ...share }, alarmTopicArns, opts);
  const slow = { ...api, description: `${name} responds slowly`, metric: "Latency", statistic: "p99", periods: 3 };
  alarm(`${name}-latency`, { ...slow, threshold: slowAnswer }, alarmTopicArns, opts);
}
