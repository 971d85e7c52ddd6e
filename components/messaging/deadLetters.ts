import * as sqs from "@pulumi/aws/sqs";
import type * as pulumi from "@pulumi/pulumi";
import { alarm } from "../observability/alarms";

const twoWeeks = 1_209_600;

/** How a dead letter queue is encrypted and tagged. */
interface DeadLetterSettings {
  /** @default SQS's own key */
  kmsKeyArn?: pulumi.Input<string>;
  fifo?: boolean;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** An encrypted queue that keeps what could not be delivered or processed for as long as SQS can. */
export function createDeadLetterQueue(
  name: string,
  { kmsKeyArn, fifo, tags }: DeadLetterSettings,
  opts: pulumi.CustomResourceOptions,
): sqs.Queue {
  const args = { ...queueEncryption(kmsKeyArn), messageRetentionSeconds: twoWeeks, tags };
  return new sqs.Queue(name, fifo ? { ...args, fifoQueue: true } : args, opts);
}

/** With a customer key, or with SQS's own. */
export function queueEncryption(kmsKeyArn: pulumi.Input<string> | undefined): sqs.QueueArgs {
  return kmsKeyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: kmsKeyArn };
}

/** Notifies topics when a queue has dead letters. Without topics it creates nothing. */
export function alarmOnDeadLetters(
  name: string,
  description: string,
  queueName: pulumi.Input<string>,
  { alarmTopicArns = [], tags }: AlarmSettings,
  opts: pulumi.CustomResourceOptions,
): void {
  if (alarmTopicArns.length === 0) return;
  const metric = { namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible" };
  const spec = {
    ...metric,
    description,
    dimensions: { QueueName: queueName },
    statistic: "Maximum",
    threshold: 1,
    tags,
  };
  alarm(`${name}-dead-letters`, spec, alarmTopicArns, opts);
}

interface AlarmSettings {
  alarmTopicArns?: pulumi.Input<string>[];
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
