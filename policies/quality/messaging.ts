import type { ResourceRule } from "../lib/rule";
import { isGiven } from "../lib/values";
import { byType, demand, demandGiven, demandTrue, forbidFalse } from "./checks";

const kinesisEncryption: ResourceRule = {
  name: "kinesis-encryption",
  description: "Kinesis data streams are encrypted with a key of KMS.",
  severity: "high",
  practice: "SEC08-BP02",
  tags: ["kinesis", "encryption"],
  url: "https://docs.aws.amazon.com/streams/latest/dev/what-is-sse.html",
  remediationSteps: 'Set encryptionType: "KMS" and kmsKeyId: "alias/aws/kinesis", or a key of your own.',
  checkResource: byType({
    "aws:kinesis/stream:Stream": (props) =>
      demand(props, "encryptionType", {
        type: "string",
        isRight: (value) => value === "KMS",
        instead: 'write "KMS", and a key in kmsKeyId, such as alias/aws/kinesis',
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
      // What comes from another stream is encrypted by that one, and Firehose refuses the setting.
      const hasSource = ["kinesisSourceConfiguration", "mskSourceConfiguration"].some((path) => isGiven(props, path));
      return hasSource ? [] : demandTrue(props, "serverSideEncryption.enabled", "write true");
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
  remediationSteps: "Leave sqsManagedSseEnabled out or set it, or name a key of KMS in kmsMasterKeyId.",
  checkResource: byType({
    "aws:sqs/queue:Queue": (props) => {
      if (isGiven(props, "kmsMasterKeyId")) return [];
      return forbidFalse(props, "sqsManagedSseEnabled", "write true, or the key of KMS to use in kmsMasterKeyId");
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
  remediationSteps: "Name a key of KMS in kmsMasterKeyId whose policy lets the services that publish use it.",
  checkResource: byType({
    "aws:sns/topic:Topic": (props) =>
      demandGiven(props, "kmsMasterKeyId", "write a key of KMS that the services that publish may use"),
  }),
};

export const messagingRules = [kinesisEncryption, firehoseEncryption, queueEncryption, topicEncryption];
