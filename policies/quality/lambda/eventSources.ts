import type { Finding, ResourceRule, Settings } from "../../lib/rule";
import { anyOf, unless } from "../../lib/unknowns";
import { holds, isGiven, read, readGiven } from "../../lib/values";
import { byType, demandGiven, demandRange, demandTrue, unreadable } from "../checks";

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";

const note = " (-1, or no value, means no limit)";

const boundedRetries: ResourceRule = {
  name: "stream-bounded-retries",
  description:
    "Retries of failed records of a stream or Kafka topic are limited, and records that keep failing are sent to a destination.",
  severity: "high",
  practice: "REL05-BP03",
  tags: ["lambda", "kinesis", "dynamodb", "kafka", "reliability"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
  remediationSteps:
    "Set maximumRetryAttempts, maximumRecordAgeInSeconds and destinationConfig.onFailure.destinationArn. Without them, " +
    "one bad record blocks its shard or partition until it expires and is lost. A Kafka mapping also needs " +
    "provisionedPollerConfig for them. A pipe has the same settings in sourceParameters, with deadLetterConfig.arn.",
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
    [mappingType]: (props, settings) =>
      unless(
        () => !readsStream(props),
        () => [
          ...demandLimits(props, "", settings),
          ...demandGiven(
            props,
            "destinationConfig.onFailure.destinationArn",
            "write the ARN of a queue, topic or bucket for the records that keep failing",
          ),
        ],
      ),
    "aws:pipes/pipe:Pipe": (props, settings) =>
      ["sourceParameters.dynamodbStreamParameters", "sourceParameters.kinesisStreamParameters"]
        .filter((source) => isGiven(props, source))
        .flatMap((source) => [
          ...demandLimits(props, `${source}.`, settings),
          ...demandGiven(
            props,
            `${source}.deadLetterConfig.arn`,
            "write the ARN of a queue or topic for the records that keep failing",
          ),
        ]),
  }),
};

function demandLimits(props: object, at: string, { maximumRetryAttempts, maximumRecordAge }: Settings): Finding[] {
  return [
    ...demandRange(props, `${at}maximumRetryAttempts`, { minimum: 0, maximum: maximumRetryAttempts, note }),
    ...demandRange(props, `${at}maximumRecordAgeInSeconds`, { minimum: 60, maximum: maximumRecordAge, note }),
  ];
}

const partialFailures: ResourceRule = {
  name: "event-source-partial-failures",
  description: "A bad record does not cause the good records of its batch to be processed again.",
  enforcementLevel: "advisory",
  severity: "low",
  practice: "REL05-BP03",
  tags: ["lambda", "kinesis", "dynamodb", "kafka", "sqs", "reliability"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
  remediationSteps:
    'Set functionResponseTypes: ["ReportBatchItemFailures"] and return batchItemFailures from the function; for ' +
    "streams and Kafka, set bisectBatchOnFunctionError: true as well. A Kafka mapping needs provisionedPollerConfig for both.",
  checkResource: byType({
    [mappingType]: (props) => [
      ...unless(
        () =>
          !anyOf(
            () => readsStream(props),
            () => sourceIs(props, /^arn:[^:]+:sqs:/),
          ),
        () => responseTypes(props),
      ),
      ...unless(
        () => !readsStream(props),
        () => demandTrue(props, "bisectBatchOnFunctionError", "write true"),
      ),
    ],
  }),
};

function responseTypes(props: object): Finding[] {
  const path = "functionResponseTypes[]";
  const message =
    'functionResponseTypes does not contain ReportBatchItemFailures: write ["ReportBatchItemFailures"], and return ' +
    "batchItemFailures from the function.";
  return unless(
    () => holds(props, path, (value) => value === "ReportBatchItemFailures"),
    () => {
      const problems = unreadable(read(props, path));
      return problems.length > 0 ? problems : [{ message }];
    },
  );
}

/**
 * Whether a mapping reads a Kinesis or DynamoDB stream or a Kafka topic, which have the same error handling. If the ARN
 * is unknown, a starting position shows that the source is one of these or DocumentDB, which has a property of its own.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
function readsStream(props: object): boolean {
  if (["topics", "selfManagedEventSource"].some((path) => isGiven(props, path))) return true;
  const isUnknown = readGiven(props, "eventSourceArn").some(({ state }) => state === "unknown");
  if (!isUnknown) return sourceIs(props, /^arn:[^:]+:(kinesis|dynamodb|kafka):/);
  return isGiven(props, "startingPosition") && !isGiven(props, "documentDbEventSourceConfig");
}

function sourceIs(props: object, pattern: RegExp): boolean {
  return holds(props, "eventSourceArn", (arn) => pattern.test(String(arn)));
}

export const eventSourceRules = [boundedRetries, partialFailures];
