import type * as pulumi from "@pulumi/pulumi";
import { alarm } from "../observability/alarms";
import type { ServerlessApiArgs } from "./args";

/** The highest acceptable p99 latency, in milliseconds; API Gateway times out at 29,000 or 30,000. */
const slowAnswer = 5000;

/**
 * Raises alarms about an API's failures and slow responses.
 * @param failures the metric that counts the 5xx responses
 */
export function createAlarms(
  name: string,
  { alarmTopicArns = [], tags }: Pick<ServerlessApiArgs, "alarmTopicArns" | "tags">,
  failures: string,
  dimensions: Record<string, pulumi.Input<string>>,
  opts: pulumi.CustomResourceOptions,
): void {
  if (alarmTopicArns.length === 0) return;
  const api = { namespace: "AWS/ApiGateway", dimensions, tags };
  const failed = { ...api, description: `${name} returned 5xx responses`, metric: failures, threshold: 1 };
  alarm(`${name}-errors`, failed, alarmTopicArns, opts);
  const slow = { ...api, description: `${name} responds slowly`, metric: "Latency", statistic: "p99", periods: 3 };
  alarm(`${name}-latency`, { ...slow, threshold: slowAnswer }, alarmTopicArns, opts);
}
