import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { type FunctionAccess, policyOf } from "../../access";
import { alarm } from "../../observability/alarms";
import { ComponentResource, onceReady } from "../../resource";
import type { Mistakes } from "../../validation";
import { keyStatements } from "../key";
import { keyActions, publishActions } from "../rules/actions";
import { maySend, tlsOnly } from "../senders";
import type { TopicArgs } from "./args";

/** How a function may use a topic. */
export type TopicAccessLevel = "publish";

/** Which environment variable `access()` sets. */
export interface TopicAccessOptions {
  /** The environment variable that holds the topic's ARN. @default "TOPIC_ARN" */
  environmentName?: string;
}

/** An SNS topic for messages between the parts of a program: encrypted, and published to over TLS only. */
export class Topic extends ComponentResource<TopicArgs, Topic> {
  /** The topic's ARN, which a function's events name. */
  declare readonly topicArn: pulumi.Output<string>;
  /** The topic itself. */
  declare readonly topic: sns.Topic;
  /** What `access("publish")` returns, for other languages. */
  declare readonly publishAccess: FunctionAccess;
  /** The customer key. */
  declare readonly kmsKeyArn?: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: TopicArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(
      { type: "Topic", rules: checkTopic, outputs: ["topicArn"], optionalOutputs: ["kmsKeyArn"] },
      name,
      args,
      opts,
    );
  }

  protected create(name: string, args: TopicArgs): void {
    const { fifo, contentBasedDeduplication, kmsKeyArn, publishers = [], tags } = args;
    if (kmsKeyArn !== undefined) this.set({ kmsKeyArn: pulumi.output(kmsKeyArn) });
    const topic = new sns.Topic(
      name,
      {
        tags,
        ...args.topicArgs,
        ...(fifo && { fifoTopic: true, contentBasedDeduplication }),
        kmsMasterKeyId: kmsKeyArn ?? "alias/aws/sns",
      },
      this.guarded(),
    );
    const policy = policyOf([...maySend(publishers, "sns:Publish", topic.arn), tlsOnly("sns:Publish", topic.arn)]);
    // Nobody should publish before the topic is closed to everybody else.
    const ready = [new sns.TopicPolicy(name, { arn: topic.arn, policy }, { parent: this })];
    this.set({ topic, topicArn: onceReady(topic.arn, ready) });
    this.set({ publishAccess: this.access("publish") });
    this.createAlarm(name, args);
  }

  /** What a function or job needs to publish to the topic: pass it to `access` of a LambdaFunction. */
  access(_level: TopicAccessLevel, { environmentName = "TOPIC_ARN" }: TopicAccessOptions = {}): FunctionAccess {
    return {
      environment: { [environmentName]: this.topicArn },
      statements: [
        { actions: publishActions, resources: [this.topicArn] },
        ...keyStatements("sns", this.topicArn, this.kmsKeyArn, keyActions.write),
      ],
    };
  }

  private createAlarm(name: string, { alarmTopicArns = [], tags }: TopicArgs): void {
    if (alarmTopicArns.length === 0) return;
    const failed = {
      description: `Messages of ${name} could not be delivered`,
      namespace: "AWS/SNS",
      metric: "NumberOfNotificationsFailed",
      dimensions: { TopicName: this.topic.name },
      threshold: 1,
      tags,
    };
    alarm(`${name}-failed`, failed, alarmTopicArns, { parent: this });
  }
}

const wiredUp: Record<string, string> = {
  contentBasedDeduplication: "`contentBasedDeduplication`",
  fifoTopic: "`fifo`",
  kmsMasterKeyId: "`kmsKeyArn`",
  policy: "`publishers`",
};

/** Adds every mistake in a topic's arguments. */
function checkTopic(mistakes: Mistakes, args: TopicArgs, name: string): void {
  const { fifo = false, contentBasedDeduplication = false, publishers = [], kmsKeyArn } = args;
  mistakes.componentName(name, fifo ? 251 : 256, /^[\w-]+$/, "letters, digits, `_` and `-`");
  const known = mistakes.from("fifo");
  const instead = "write `fifo: true` too, or leave it out";
  known.check(fifo || !contentBasedDeduplication, "contentBasedDeduplication", `is for FIFO topics; ${instead}`);
  // Amazon SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted topics"
  const usable = publishers.length === 0 || kmsKeyArn !== undefined;
  mistakes.check(usable, "kmsKeyArn", "is missing, as services cannot use SNS's own key; write a customer key's ARN");
  for (const key of Object.keys(args.topicArgs ?? {})) {
    const own = wiredUp[key];
    if (own) mistakes.add(`topicArgs.${key}`, `write the component's ${own} instead`);
  }
}
