import type { Finding, ResourceRule } from "../lib/rule";
import { isGiven, known, read } from "../lib/values";
import { byType, demand, demandGiven, demandTrue, mayBe, unreadable } from "./checks";

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
      return demand(props, "sqsManagedSseEnabled", {
        type: "boolean",
        isRight: (value) => value,
        instead: "write true, or the key of KMS to use in kmsMasterKeyId",
        mayBeMissing: true,
      });
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

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";

const boundedRetries: ResourceRule = {
  name: "stream-bounded-retries",
  description: "A record of a stream that a function fails on is given up after a while, and kept elsewhere.",
  severity: "high",
  practice: "REL05-BP03",
  tags: ["lambda", "kinesis", "dynamodb", "reliability"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
  remediationSteps:
    "Set maximumRetryAttempts, maximumRecordAgeInSeconds and destinationConfig.onFailure.destinationArn. Without them one " +
    "bad record holds up its shard until it expires, and is lost then.",
  settings: {
    maximumRetryAttempts: { type: "integer", minimum: 0, maximum: 10000, default: 10000 },
    maximumRecordAge: { type: "integer", description: "In seconds.", minimum: 60, maximum: 604800, default: 604800 },
  },
  checkResource: byType({
    [mappingType]: (props, { maximumRetryAttempts, maximumRecordAge }) => {
      if (!readsStream(props)) return [];
      return [
        ...bounded(props, "maximumRetryAttempts", 0, Number(maximumRetryAttempts)),
        ...bounded(props, "maximumRecordAgeInSeconds", 60, Number(maximumRecordAge)),
        ...demandGiven(
          props,
          "destinationConfig.onFailure.destinationArn",
          "write the ARN of a queue, topic or bucket for the records that are given up",
        ),
      ];
    },
  }),
};

const partialFailures: ResourceRule = {
  name: "event-source-partial-failures",
  description: "One bad record of a batch does not make the good ones be handled again.",
  enforcementLevel: "advisory",
  severity: "low",
  practice: "REL05-BP03",
  tags: ["lambda", "kinesis", "dynamodb", "sqs", "reliability"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
  remediationSteps:
    'Set functionResponseTypes: ["ReportBatchItemFailures"] and return batchItemFailures from the function; for streams ' +
    "set bisectBatchOnFunctionError: true as well.",
  checkResource: byType({
    [mappingType]: (props) => {
      const isStream = readsStream(props);
      if (!isStream && !sourceIs(props, /^arn:[^:]+:sqs:/)) return [];
      return [
        ...responseTypes(props),
        ...(isStream ? demandTrue(props, "bisectBatchOnFunctionError", "write true") : []),
      ];
    },
  }),
};

function responseTypes(props: object): Finding[] {
  const path = "functionResponseTypes[]";
  const problems = unreadable(read(props, path));
  if (problems.length > 0 || mayBe(props, path, "ReportBatchItemFailures")) return problems;
  const instead = 'write ["ReportBatchItemFailures"], and return batchItemFailures from the function';
  return [{ message: `functionResponseTypes does not have ReportBatchItemFailures: ${instead}.` }];
}

/**
 * Whether a mapping reads a Kinesis or DynamoDB stream. While the ARN is unknown: only streams, Kafka and DocumentDB have a
 * starting position, and the latter two are told by properties of their own.
 */
function readsStream(props: object): boolean {
  if (sourceIs(props, /^arn:[^:]+:(kinesis|dynamodb):/)) return true;
  const isUnknown = read(props, "eventSourceArn").some(({ state }) => state === "unknown");
  const others = ["topics", "documentDbEventSourceConfig", "amazonManagedKafkaEventSourceConfig"];
  return isUnknown && isGiven(props, "startingPosition") && !others.some((path) => isGiven(props, path));
}

function sourceIs(props: object, pattern: RegExp): boolean {
  return known(props, "eventSourceArn").some((arn) => pattern.test(String(arn)));
}

function bounded(props: object, path: string, minimum: number, maximum: number): Finding[] {
  return demand(props, path, {
    type: "number",
    isRight: (value) => value >= minimum && value <= maximum,
    instead: `write a number from ${minimum} to ${maximum} (AWS takes -1 and nothing for no bound)`,
  });
}

export const streamRules = [
  kinesisEncryption,
  firehoseEncryption,
  queueEncryption,
  topicEncryption,
  boundedRetries,
  partialFailures,
];
