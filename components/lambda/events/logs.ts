import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { arnParts } from "../../access";
import type { Mistakes } from "../../validation";
import { type EventSource, permission } from "./source";

/** The lines of a log group of CloudWatch Logs, several at a time: compressed and in Base64. */
export interface LogsEventArgs {
  /**
   * ARN of the log group, which has at most two subscriptions. Not the function's own: each call would write lines that
   * call it again.
   */
  logGroupArn: pulumi.Input<string>;
  /**
   * The lines that are wanted, such as `ERROR`, `{ $.level = "error" }` or `[ip, user, status = 5*]`, 1–1,024
   * characters. @minLength 1 @maxLength 1024 @default all
   * @see Amazon CloudWatch Logs User Guide, "Filter pattern syntax"
   */
  filterPattern?: string;
}

const service = "logs.amazonaws.com";

export const logsSource: EventSource<LogsEventArgs> = {
  isAsynchronous: true,
  check(mistakes, { logGroupArn, filterPattern }, path) {
    if (typeof logGroupArn === "string") {
      const isGroup = /^arn:[\w-]+:logs:[^:]*:[^:]*:log-group:[\w./#-]+(:\*)?$/.test(logGroupArn);
      mistakes.check(isGroup, `${path}.logGroupArn`, `is "${logGroupArn}"; write the ARN of a log group`);
    }
    if (filterPattern !== undefined) checkFilterPattern(mistakes, filterPattern, `${path}.filterPattern`);
  },
  create(name, { logGroupArn, filterPattern = "" }, wiring) {
    const { functionArn, opts } = wiring;
    const parts = arnParts(logGroupArn);
    const streams = parts.apply((known) => [...known.slice(0, 7), "*"].join(":"));
    const sourceAccount = parts.apply(([, , , , account = ""]) => account);
    const logGroup = parts.apply(([, , , , , , group = ""]) => group);
    const permitted = new lambda.Permission(name, { ...permission(service, streams, wiring), sourceAccount }, opts);
    const subscription = { logGroup, filterPattern, destinationArn: functionArn };
    const [filterName, setFilterName] = pulumi.deferredOutput<string>();
    const failed = {
      description: `Lines of a log group did not reach ${name}`,
      namespace: "AWS/Logs",
      metric: "DeliveryErrors",
      dimensions: { LogGroupName: logGroup, DestinationType: "Lambda", FilterName: filterName },
      threshold: 1,
    };
    return {
      connect(ready) {
        const dependent = { ...opts, dependsOn: [permitted, ...ready] };
        setFilterName(new cloudwatch.LogSubscriptionFilter(name, subscription, dependent).name);
      },
      alarms: { failed },
    };
  },
};

/** Only what shows that a pattern is cut off: CloudWatch Logs itself judges the rest. */
function checkFilterPattern(mistakes: Mistakes, pattern: string, path: string): void {
  const text = pattern.trim();
  for (const [first, last, what] of [
    ["{", "}", "JSON"],
    ["[", "]", "columns"],
  ] as const) {
    const isClosed = !text.startsWith(first) || text.endsWith(last);
    mistakes.check(isClosed, path, `begins with ${first}, as a pattern of ${what} does; write ${last} at its end`);
  }
}
