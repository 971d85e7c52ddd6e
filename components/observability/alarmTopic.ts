import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import type * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import type * as pulumi from "@pulumi/pulumi";
import { policyOf } from "../access";
import { createKey } from "../kms/key";
import { ComponentResource, onceReady } from "../resource";

const keyUse = ["kms:Decrypt", "kms:GenerateDataKey*"];

/** Arguments of {@link AlarmTopic}. */
export interface AlarmTopicArgs {
  /** Who receives an email when an alarm is raised. AWS sends an email to confirm. @default nobody */
  email?: pulumi.Input<string>;
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A topic that CloudWatch alarms and EventBridge rules of this account publish to, encrypted with a key of its own:
 * neither can publish to a topic with the AWS managed key (Amazon SNS Developer Guide, "Enable compatibility between
 * event sources from AWS services and encrypted topics").
 */
export class AlarmTopic extends ComponentResource<AlarmTopicArgs, AlarmTopic> {
  /** The topic's ARN, which alarms name as their action. */
  declare readonly topicArn: pulumi.Output<string>;
  /** The topic itself. */
  declare readonly topic: sns.Topic;
  /** The key that its messages are encrypted with. */
  declare readonly key: kms.Key;

  constructor(name: string, args: AlarmTopicArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super({ type: "AlarmTopic", outputs: ["topicArn"] }, name, args, opts);
  }

  protected create(name: string, args: AlarmTopicArgs): void {
    const account = getCallerIdentityOutput({}, { parent: this }).accountId;
    const keyArgs = {
      description: `Messages of the topic ${name}`,
      statements: [cloudWatchMay(keyUse, "*", account), eventBridgeMay(keyUse, "*")],
      tags: args.tags,
    };
    this.set({ key: createKey(name, keyArgs, this.guarded()) });
    const topic = this.createTopic(name, args);
    // An alarm that is raised before the policy exists could not notify anybody.
    this.set({ topic, topicArn: onceReady(topic.arn, [this.createPolicy(name, topic, account)]) });
    if (args.email !== undefined) this.createSubscription(name, args.email);
  }

  private createTopic(name: string, { tags }: AlarmTopicArgs): sns.Topic {
    return new sns.Topic(name, { kmsMasterKeyId: this.key.arn, tags }, this.guarded());
  }

  private createPolicy(name: string, topic: sns.Topic, account: pulumi.Output<string>): sns.TopicPolicy {
    const publish = ["sns:Publish"];
    const policy = policyOf([cloudWatchMay(publish, topic.arn, account), eventBridgeMay(publish, topic.arn)]);
    return new sns.TopicPolicy(name, { arn: topic.arn, policy }, { parent: this });
  }

  private createSubscription(name: string, endpoint: pulumi.Input<string>): void {
    new sns.TopicSubscription(name, { topic: this.topic.arn, protocol: "email", endpoint }, { parent: this });
  }
}

function cloudWatchMay(actions: string[], resource: pulumi.Input<string>, account: pulumi.Output<string>) {
  return {
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: actions,
    Resource: resource,
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  };
}

/**
 * It has no condition: EventBridge sends neither account nor rule when it publishes to a topic, so a condition on them
 * would match nothing.
 * @see Amazon EventBridge User Guide, "Troubleshooting"; Amazon SNS Developer Guide, "Managing keys"
 */
function eventBridgeMay(actions: string[], resource: pulumi.Input<string>) {
  return { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: actions, Resource: resource };
}
