import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { sumAlarm } from "./alarms";

/** Events that topics are told of. */
export interface Notice {
  description: string;
  /** What sends them, such as `aws.batch`. */
  source: string;
  detailType: string;
  /** Which of them: a pattern of their detail. */
  detail: Record<string, pulumi.Input<unknown>>;
  /** What is told, with values of the event as `<value>`. */
  text: string;
  /** Where the values are: value → path, such as `$.detail.name`. */
  inputPaths: Record<string, string>;
}

/**
 * Tells topics of events, by rules called after the kinds of notices; and, by an alarm, of events that did not get
 * through. Without topics there is nothing.
 */
export function createNotices(
  name: string,
  notices: Record<string, Notice>,
  topicArns: pulumi.Input<string>[],
  tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined,
  opts: pulumi.CustomResourceOptions,
): void {
  if (topicArns.length === 0) return;
  const rules = Object.entries(notices).map(([kind, { description, source, detailType, detail, ...told }]) => {
    const eventPattern = pulumi.jsonStringify({ source: [source], "detail-type": [detailType], detail });
    const rule = new cloudwatch.EventRule(`${name}-${kind}`, { description, eventPattern, tags }, opts);
    for (const [index, arn] of topicArns.entries()) {
      const inputTransformer = { inputPaths: told.inputPaths, inputTemplate: JSON.stringify(told.text) };
      new cloudwatch.EventTarget(`${name}-${kind}-${index}`, { rule: rule.name, arn, inputTransformer }, opts);
    }
    return rule;
  });
  const undelivered = {
    description: `Notices of ${name} did not get through`,
    namespace: "AWS/Events",
    metric: "FailedInvocations",
    dimensions: rules.map((rule) => ({ RuleName: rule.name })),
    threshold: 1,
    tags,
  };
  sumAlarm(`${name}-undelivered`, undelivered, topicArns, opts);
}
