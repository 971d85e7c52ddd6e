import type { PolicyResource } from "@pulumi/policy";
import { behind, ofType } from "../lib/related";
import type { ResourceRule, StackRule } from "../lib/rule";
import { anyOf, unless, watch } from "../lib/unknowns";
import { holds, known, read } from "../lib/values";
import { byType, demandGiven } from "./checks";

const queueType = "aws:sqs/queue:Queue";
const redriveType = "aws:sqs/redrivePolicy:RedrivePolicy";
const redriveAllowType = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy";
const targetType = "aws:cloudwatch/eventTarget:EventTarget";
const scheduleType = "aws:scheduler/schedule:Schedule";

/** Where resources name the queue for what they cannot deliver or process. */
const deadLetterArns: Record<string, string[]> = {
  [queueType]: ["redrivePolicy{}.deadLetterTargetArn"],
  [redriveType]: ["redrivePolicy{}.deadLetterTargetArn"],
  [targetType]: ["deadLetterConfig.arn"],
  [scheduleType]: ["target.deadLetterConfig.arn"],
  "aws:cloudwatch/eventBus:EventBus": ["deadLetterConfig.arn"],
  "aws:lambda/eventSourceMapping:EventSourceMapping": ["destinationConfig.onFailure.destinationArn"],
  "aws:lambda/function:Function": ["deadLetterConfig.targetArn"],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ["destinationConfig.onFailure.destination"],
  "aws:pipes/pipe:Pipe": [
    "sourceParameters.dynamodbStreamParameters.deadLetterConfig.arn",
    "sourceParameters.kinesisStreamParameters.deadLetterConfig.arn",
  ],
  "aws:sns/topicSubscription:TopicSubscription": ["redrivePolicy{}.deadLetterTargetArn"],
};

const queues: StackRule = {
  name: "sqs-dead-letter-queue",
  description: "SQS queues have a dead letter queue, unless they are one.",
  severity: "medium",
  practice: "REL05-BP04",
  tags: ["sqs", "reliability"],
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
  remediationSteps:
    "Set redrivePolicy to JSON with the ARN of another queue in deadLetterTargetArn, and with maxReceiveCount. A queue " +
    "for dead letters of other stacks needs a redriveAllowPolicy.",
  checkStack: (resources) => {
    const related = resources.filter(({ type }) => type in deadLetterArns || type === redriveAllowType);
    return ofType(related, queueType).flatMap((subject) =>
      unless(
        () => isExcused(subject, related),
        () => [{ subject, message: withoutDeadLetters }],
      ),
    );
  },
};

const withoutDeadLetters =
  "redrivePolicy is missing, so a message that nobody manages to process is received again and again until it expires: " +
  "write the ARN of a dead letter queue, and a maxReceiveCount.";

/** Whether a queue has a dead letter queue or is one. */
function isExcused(queue: PolicyResource, related: PolicyResource[]): boolean {
  const naming = (type: string) => ofType(related, type).filter((resource) => names(resource, "queueUrl", queue));
  return anyOf(
    () => behind(queue, "redrivePolicy").length > 0 || naming(redriveType).length > 0,
    () => related.some((resource) => deadLetterArns[resource.type]?.some((path) => names(resource, path, queue))),
    ...[queue, ...naming(redriveAllowType)].map(
      ({ props }) =>
        () =>
          holds(props, "redriveAllowPolicy{}.redrivePermission", (permission) => permission !== "denyAll"),
    ),
    // AWS reports a queue without the policy with an empty one.
    () => holds(queue.props, "redrivePolicy", (policy) => policy !== ""),
  );
}

/**
 * Whether a property of a resource names the queue. While the queue's ARN is still unknown, only a value that comes from
 * the queue can be its ARN.
 */
function names(resource: PolicyResource, path: string, queue: PolicyResource): boolean {
  const { result: readings } = watch(() => read(resource.props, path));
  const { result: own } = watch(() => ["arn", "url", "id"].flatMap((output) => known(queue.props, output)));
  if (readings.some((reading) => reading.state === "known" && own.includes(reading.value))) return true;
  const isOpen = readings.some(({ state }) => state === "unknown" || (state === "known" && own.length === 0));
  return isOpen && behind(resource, path).some(({ urn }) => urn === queue.urn);
}

const instead = "write the ARN of a queue that the service may send to, or events that cannot be delivered are lost";

const deliveries: ResourceRule = {
  name: "eventbridge-dead-letter-queue",
  description: "Targets of EventBridge's rules and schedules have a dead letter queue.",
  severity: "medium",
  practice: "REL05-BP04",
  tags: ["eventbridge", "scheduler", "reliability"],
  url: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
  remediationSteps:
    "Set deadLetterConfig: { arn } of the target to an SQS queue. The queue's policy must let events.amazonaws.com send " +
    "for the rule; a schedule sends with its own role.",
  checkResource: byType({
    // A topic tells people, and what watches its dead letters would have to tell them too.
    [targetType]: (props) =>
      unless(
        () => holds(props, "arn", (arn) => /^arn:[^:]+:sns:/.test(String(arn))),
        () => demandGiven(props, "deadLetterConfig.arn", instead),
      ),
    [scheduleType]: (props) => demandGiven(props, "target.deadLetterConfig.arn", instead),
  }),
};

export const deadLetterRules = [queues, deliveries];
