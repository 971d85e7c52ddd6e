import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import type * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import type * as pulumi from "@pulumi/pulumi";
import { policyOf } from "../access";
import { createKey } from "../kms/key";
import type { KmsKeyArn } from "../kms/keyArn";
import { KeyService, servicesMay } from "../kms/services";
import { ComponentResource, onceReady } from "../resource";

/** Arguments of {@link AlarmTopic}. */
export interface AlarmTopicArgs {
  /** Who receives an email when an alarm is raised. AWS sends an email to confirm. @default nobody */
  email?: pulumi.Input<string>;
  /**
   * Customer key for the messages; its policy must let CloudWatch and EventBridge use it, as an EncryptionKey's does
   * with the `services` "cloudwatch" and "events". @default a key of the topic's own
   */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A topic that CloudWatch alarms and EventBridge rules of this account publish to, encrypted with a customer key:
 * neither can publish to a topic with the AWS managed key (Amazon SNS Developer Guide, "Enable compatibility between
 * event sources from AWS services and encrypted topics").
 */
export class AlarmTopic extends ComponentResource<AlarmTopicArgs, AlarmTopic> {
  /** The topic's ARN, which alarms name as their action. */
  declare readonly topicArn: pulumi.Output<string>;
  /** The topic itself. */
  declare readonly topic: sns.Topic;
  /** The key that its messages are encrypted with; undefined if `kmsKeyArn` is given. */
  declare readonly key?: kms.Key;

  constructor(name: string, args: AlarmTopicArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super({ type: "AlarmTopic", outputs: ["topicArn"] }, name, args, opts);
  }

  protected create(name: string, args: AlarmTopicArgs): void {
    const account = getCallerIdentityOutput({}, { parent: this }).accountId;
    if (args.kmsKeyArn === undefined) this.set({ key: this.createOwnKey(name, args) });
    const topic = this.createTopic(name, args);
    // An alarm that is raised before the policy exists could not notify anybody.
    this.set({ topic, topicArn: onceReady(topic.arn, [this.createPolicy(name, topic, account)]) });
    if (args.email !== undefined) this.createSubscription(name, args.email);
  }

  private createOwnKey(name: string, { tags }: AlarmTopicArgs): kms.Key {
    const statements = servicesMay([KeyService.Alarms, KeyService.Events], { parent: this });
    return createKey(name, { description: `Messages of the topic ${name}`, statements, tags }, this.guarded());
  }

  private createTopic(name: string, { kmsKeyArn, tags }: AlarmTopicArgs): sns.Topic {
    return new sns.Topic(name, { kmsMasterKeyId: kmsKeyArn ?? this.key?.arn, tags }, this.guarded());
  }

  /** EventBridge may publish without a condition, for the same reason as it may use the key without one. */
  private createPolicy(name: string, topic: sns.Topic, account: pulumi.Output<string>): sns.TopicPolicy {
    const mayPublish = (service: string) => ({
      Effect: "Allow",
      Principal: { Service: `${service}.amazonaws.com` },
      Action: ["sns:Publish"],
      Resource: topic.arn,
    });
    const ofAccount = { StringEquals: { "aws:SourceAccount": account } };
    const policy = policyOf([{ ...mayPublish("cloudwatch"), Condition: ofAccount }, mayPublish("events")]);
    return new sns.TopicPolicy(name, { arn: topic.arn, policy }, { parent: this });
  }

  private createSubscription(name: string, endpoint: pulumi.Input<string>): void {
    new sns.TopicSubscription(name, { topic: this.topic.arn, protocol: "email", endpoint }, { parent: this });
  }
}
