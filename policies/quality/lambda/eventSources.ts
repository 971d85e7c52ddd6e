import type { Finding, ResourceRule } from "../../lib/rule";
import { isGiven, known, read } from "../../lib/values";
import { byType, demandGiven, demandRange, demandTrue, mayBe, unreadable } from "../checks";

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";

const note = " (-1, or no value, means no limit)";

const boundedRetries: ResourceRule = {
  name: "stream-bounded-retries",
  description:
    "Retries of a stream's failed records are limited, and records that keep failing are sent to a destination.",
  severity: "high",
  practice: "REL05-BP03",
  tags: ["lambda", "kinesis", "dynamodb", "reliability"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
  remediationSteps:
    "Set maximumRetryAttempts, maximumRecordAgeInSeconds and destinationConfig.onFailure.destinationArn. Without them, " +
    "one bad record blocks its shard until it expires and is lost.",
  settings: {
    maximumRetryAttempts: {
      type: "integer",
      description: "The most retries allowed.",
      minimum: 0,
      maximum: 10000,
      default: 10000,
    },
    maximumRecordAge: {
      type: "integer",
      description: "The greatest record age allowed, in seconds.",
      minimum: 60,
      maximum: 604800,
      default: 604800,
    },
  },
  checkResource: byType({
    [mappingType]: (props, { maximumRetryAttempts, maximumRecordAge }) => {
      if (!readsStream(props)) return [];
      return [
        ...demandRange(props, "maximumRetryAttempts", { minimum: 0, maximum: maximumRetryAttempts, note }),
        ...demandRange(props, "maximumRecordAgeInSeconds", { minimum: 60, maximum: maximumRecordAge, note }),
        ...demandGiven(
          props,
          "destinationConfig.onFailure.destinationArn",
          "write the ARN of a queue, topic or bucket for the records that keep failing",
        ),
      ];
    },
  }),
};

const partialFailures: ResourceRule = {
  name: "event-source-partial-failures",
  description: "A bad record does not cause the good records of its batch to be processed again.",
  enforcementLevel: "advisory",
  severity: "low",
  practice: "REL05-BP03",
  tags: ["lambda", "kinesis", "dynamodb", "sqs", "reliability"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
  remediationSteps:
    'Set functionResponseTypes: ["ReportBatchItemFailures"] and return batchItemFailures from the function; for ' +
    "streams, set bisectBatchOnFunctionError: true as well.",
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
  return [{ message: `functionResponseTypes does not contain ReportBatchItemFailures: ${instead}.` }];
}

/**
 * Whether a mapping reads a Kinesis or DynamoDB stream. If the ARN is unknown, a starting position shows that the
 * source is a stream, Kafka or DocumentDB, and the latter two have properties of their own.
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

export const eventSourceRules = [boundedRetries, partialFailures];
