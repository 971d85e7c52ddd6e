import * as lambda from "@pulumi/aws/lambda";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { describeMistake, InvalidFilterPolicyError, parseFilterPolicy } from "../../../expressions/patterns";
import { isAllKnown } from "../../eventbridge/pattern";
import type { Mistakes } from "../../validation";
import { type DeadLetterArgs, type EventSource, permission } from "./source";

/** What a filter policy of SNS is about. */
export const FilterPolicyScope = {
  MessageAttributes: "MessageAttributes",
  /** The message itself, which must be JSON. */
  MessageBody: "MessageBody",
} as const;
export type FilterPolicyScope = (typeof FilterPolicyScope)[keyof typeof FilterPolicyScope];

/** A filter policy, as the Amazon SNS Developer Guide describes it: attribute or field → list of values. */
// biome-ignore lint/suspicious/noExplicitAny: Policies nest like messages, which other languages' schemas call any.
export type FilterPolicy = any;

/** The messages of an SNS topic. */
export interface TopicEventArgs extends DeadLetterArgs {
  /** ARN of the topic; not of a FIFO topic, which delivers to queues only. */
  topicArn: pulumi.Input<string>;
  /** The messages that are wanted. @write attributes or fields, such as { kind: ["paid"] } @default all */
  filterPolicy?: FilterPolicy;
  /** What `filterPolicy` is about. @default "MessageAttributes" */
  filterPolicyScope?: FilterPolicyScope;
}

const service = "sns.amazonaws.com";

export const topicSource: EventSource<TopicEventArgs> = {
  isAsynchronous: true,
  hasDeadLetters: true,
  check(mistakes, { topicArn, filterPolicy, filterPolicyScope }, path) {
    if (typeof topicArn === "string") {
      const isTopic = /^arn:[\w-]+:sns:[^:]*:[^:]*:[\w-]+(\.fifo)?$/.test(topicArn);
      mistakes.check(isTopic, `${path}.topicArn`, `is "${topicArn}"; write the ARN of an SNS topic`);
      const instead = "subscribe a FIFO queue to it, and write `queue` here";
      mistakes.check(
        !topicArn.endsWith(".fifo"),
        `${path}.topicArn`,
        `is a FIFO topic, which delivers to SQS queues only; ${instead}`,
      );
    }
    const used = filterPolicyScope === undefined || filterPolicy !== undefined;
    mistakes.check(used, `${path}.filterPolicyScope`, "does nothing without `filterPolicy`; write both");
    if (filterPolicy !== undefined)
      checkFilterPolicy(mistakes, filterPolicy, filterPolicyScope, `${path}.filterPolicy`);
  },
  create(name, { topicArn, filterPolicy, filterPolicyScope }, wiring) {
    const { functionArn, deadLetterArn, opts } = wiring;
    const permitted = new lambda.Permission(name, permission(service, topicArn, wiring), opts);
    const subscription = {
      topic: topicArn,
      protocol: "lambda",
      endpoint: functionArn,
      filterPolicy: filterPolicy && pulumi.jsonStringify(filterPolicy),
      filterPolicyScope,
      redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetterArn }),
    };
    return {
      sender: { service, sourceArn: topicArn },
      connect: (ready) => new sns.TopicSubscription(name, subscription, { ...opts, dependsOn: [permitted, ...ready] }),
    };
  },
};

function checkFilterPolicy(
  mistakes: Mistakes,
  policy: FilterPolicy,
  scope: FilterPolicyScope = FilterPolicyScope.MessageAttributes,
  path: string,
): void {
  if (!isAllKnown(policy)) return;
  try {
    parseFilterPolicy(policy, scope);
  } catch (error) {
    if (!(error instanceof InvalidFilterPolicyError)) throw error;
    for (const mistake of error.mistakes) {
      const place = mistake.path === "" ? path : `${path}.${mistake.path}`;
      mistakes.from(`${path}Scope`).add(place, describeMistake({ ...mistake, path: "" }));
    }
  }
}
