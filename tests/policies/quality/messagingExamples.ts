import type { Checked } from "../../helpers/policies/policies";
import { type Example, of } from "./example";

const queue = (name: string, props: object): Checked => ({ type: "aws:sqs/queue:Queue", name, props });
const deadLetterTargetArn = "arn:aws:sqs:eu-west-1:123456789012:failed";
const orders: Checked = {
  ...queue("orders", { redrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 }) }),
  propertyDependencies: { redrivePolicy: ["failed"] },
};
const target = (config: object) => ({ arn: "arn:aws:lambda:eu-west-1:123456789012:function:items", ...config });

/** An example of each rule on streams, queues, topics and what is delivered to them. */
export const messaging: Example[] = [
  of("kinesis-encryption", "aws:kinesis/stream:Stream", { encryptionType: "NONE" }, { encryptionType: "KMS" }),
  of(
    "firehose-encryption",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    { serverSideEncryption: { enabled: false } },
    { serverSideEncryption: { enabled: true } },
  ),
  of("sqs-encryption", "aws:sqs/queue:Queue", { sqsManagedSseEnabled: false }, { sqsManagedSseEnabled: true }),
  of("sns-encryption", "aws:sns/topic:Topic", {}, { kmsMasterKeyId: "alias/topics" }),
  {
    rule: "sqs-dead-letter-queue",
    bad: [queue("orders", { redriveAllowPolicy: JSON.stringify({ redrivePermission: "denyAll" }) })],
    good: [orders, queue("failed", { arn: deadLetterTargetArn })],
  },
  of(
    "eventbridge-dead-letter-queue",
    "aws:cloudwatch/eventTarget:EventTarget",
    target({}),
    target({ deadLetterConfig: { arn: deadLetterTargetArn } }),
  ),
];
