import type { ResourceRule } from "../lib/rule";
import { isGiven } from "../lib/values";
import { byType, demand, demandGiven, demandTrue, forbidFalse } from "./checks";

const kinesisEncryption: ResourceRule = {
  name: "kinesis-encryption",
  description: "Kinesis data streams are encrypted with a KMS key.",
  severity: "high",
  practice: "SEC08-BP02",
  tags: ["kinesis", "encryption"],
  url: "https://docs.aws.amazon.com/streams/latest/dev/what-is-sse.html",
  remediationSteps: 'Set encryptionType: "KMS" and kmsKeyId: "alias/aws/kinesis" or your own key.',
  checkResource: byType({
    "aws:kinesis/stream:Stream": (props) =>
      demand(props, "encryptionType", {
        type: "string",
        isRight: (value) => value === "KMS",
        instead: 'write "KMS", and a key such as alias/aws/kinesis in kmsKeyId',
      }),
  }),
};

const firehoseEncryption: ResourceRule = {
  name: "firehose-encryption",
  description: "Firehose streams that producers write to are encrypted at rest.",
  severity: "medium",
  practice: "SEC08-BP02",
  tags: ["firehose", "encryption"],
  url: "https://docs.aws.amazon.com/firehose/latest/dev/encryption.html",
  remediationSteps: "Set serverSideEncryption: { enabled: true }.",
  checkResource: byType({
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (props) => {
      // Data from another stream is encrypted by that stream, and Firehose then refuses the setting.
      const sources = ["kinesisSourceConfiguration", "mskSourceConfiguration"];
      if (sources.some((path) => isGiven(props, path))) return [];
      return demandTrue(props, "serverSideEncryption.enabled", "write true");
    },
  }),
};

const queueEncryption: ResourceRule = {
  name: "sqs-encryption",
  description: "SQS queues are encrypted at rest.",
  enforcementLevel: "advisory",
  severity: "medium",
  practice: "SEC08-BP02",
  tags: ["sqs", "encryption"],
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
  remediationSteps: "Leave sqsManagedSseEnabled out, set it to true, or write a KMS key in kmsMasterKeyId.",
  checkResource: byType({
    "aws:sqs/queue:Queue": (props) => {
      if (isGiven(props, "kmsMasterKeyId")) return [];
      return forbidFalse(props, "sqsManagedSseEnabled", "write true, or a KMS key in kmsMasterKeyId");
    },
  }),
};

const topicEncryption: ResourceRule = {
  name: "sns-encryption",
  description: "SNS topics are encrypted at rest.",
  enforcementLevel: "advisory",
  severity: "medium",
  practice: "SEC08-BP02",
  tags: ["sns", "encryption"],
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
  remediationSteps: "Write a KMS key in kmsMasterKeyId whose policy allows the publishing services to use it.",
  checkResource: byType({
    "aws:sns/topic:Topic": (props) =>
      demandGiven(props, "kmsMasterKeyId", "write a KMS key that the publishing services may use"),
  }),
};

export const messagingRules = [kinesisEncryption, firehoseEncryption, queueEncryption, topicEncryption];
