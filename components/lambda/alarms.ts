import type * as pulumi from "@pulumi/pulumi";
import { alarm } from "../observability/alarms";
import type { LambdaFunctionArgs } from "./args";
import { defaultTimeout } from "./rules/limits";

/** Notifies topics of errors, throttled calls, and calls close to the timeout. Without topics it creates nothing. */
export function createAlarms(
  name: string,
  { functionName, timeout }: { functionName: pulumi.Output<string>; timeout: pulumi.Output<number | undefined> },
  { alarmTopicArns = [], tags }: LambdaFunctionArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  if (alarmTopicArns.length === 0) return;
  const lambda = { namespace: "AWS/Lambda", dimensions: { FunctionName: functionName }, threshold: 1, tags };
  alarm(`${name}-errors`, { ...lambda, description: `${name} failed`, metric: "Errors" }, alarmTopicArns, opts);
  const throttled = { ...lambda, description: `${name} was throttled`, metric: "Throttles" };
  alarm(`${name}-throttles`, throttled, alarmTopicArns, opts);
  const threshold = timeout.apply((seconds = defaultTimeout) => seconds * 1000 * 0.8);
  const description = `${name} takes four fifths of its timeout`;
  const slow = { ...lambda, description, metric: "Duration", statistic: "p99", threshold, periods: 3 };
  alarm(`${name}-duration`, slow, alarmTopicArns, opts);
}
