import type * as pulumi from "@pulumi/pulumi";
import { alarm } from "../../observability/alarms";
import { slowAnswer } from "../alarms";
import type { WebSocketApiArgs } from "./args";

/** Raises alarms about an API's own errors, and about functions that fail or are slow. */
export function createAlarms(
  name: string,
  { alarmTopicArns = [], tags }: WebSocketApiArgs,
  dimensions: Record<string, pulumi.Input<string>>,
  opts: pulumi.CustomResourceOptions,
): void {
  if (alarmTopicArns.length === 0) return;
  const problems = {
    errors: { description: `${name} could not handle messages`, metric: "ExecutionError", threshold: 1 },
    "integration-errors": {
      description: `${name} has functions that failed`,
      metric: "IntegrationError",
      threshold: 1,
    },
    latency: {
      description: `${name} has functions that respond slowly`,
      metric: "IntegrationLatency",
      statistic: "p99",
      periods: 3,
      threshold: slowAnswer,
    },
  };
  for (const [kind, problem] of Object.entries(problems)) {
    alarm(`${name}-${kind}`, { namespace: "AWS/ApiGateway", dimensions, tags, ...problem }, alarmTopicArns, opts);
  }
}
