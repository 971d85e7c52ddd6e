import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { Metric } from "../observability/alarms";
import type { EventPattern } from "./args";

export const eventsService = "events.amazonaws.com";

/** Which events a rule is for. */
interface RuleSettings {
  description: string;
  pattern: EventPattern;
  eventBusName?: pulumi.Input<string>;
  /** @default true */
  enabled?: boolean;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A rule, still without a target. */
export function createRule(
  name: string,
  { description, pattern, eventBusName, enabled = true, tags }: RuleSettings,
  opts: pulumi.CustomResourceOptions,
): cloudwatch.EventRule {
  const eventPattern = pulumi.jsonStringify(pattern);
  const state = enabled ? "ENABLED" : "DISABLED";
  return new cloudwatch.EventRule(name, { description, eventPattern, eventBusName, state, tags }, opts);
}

/** Counts what a rule could not deliver. */
export function failedInvocations(rule: cloudwatch.EventRule, eventBusName?: pulumi.Input<string>): Metric {
  const dimensions = { RuleName: rule.name, ...(eventBusName !== undefined && { EventBusName: eventBusName }) };
  return { namespace: "AWS/Events", metric: "FailedInvocations", dimensions };
}
