import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { sumAlarm } from "./alarms";

/** Events that topics are notified of. */
export interface Notice {
  description: string;
  /** Their source, such as `aws.batch`. */
  source: string;
  detailType: string;
  /** A pattern of their detail, which selects them. */
  detail: Record<string, pulumi.Input<unknown>>;
  /** The message, with values of the event as `<value>`. */
  text: string;
  /** The paths of the values: value → path, such as `$.detail.name`. */
  inputPaths: Record<string, string>;
}

/**
 * Notifies topics of events, by rules named after the kinds of notices; and, by an alarm, of events that were not
 * delivered. Without topics it creates nothing.
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
    description: `Notices of ${name} were not delivered`,
    namespace: "AWS/Events",
    metric: "FailedInvocations",
    dimensions: rules.map((rule) => ({ RuleName: rule.name })),
    threshold: 1,
    tags,
  };
  sumAlarm(`${name}-undelivered`, undelivered, topicArns, opts);
}
