import type { Finding, ResourceRule } from "../../lib/rule";
import { isGiven, known, read } from "../../lib/values";
import { byType, demandGiven, demandRange, demandTrue, mayBe, unreadable } from "../checks";

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";

const note = " (AWS takes -1 and nothing for no bound)";

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
        ...demandRange(props, "maximumRetryAttempts", { minimum: 0, maximum: maximumRetryAttempts, note }),
        ...demandRange(props, "maximumRecordAgeInSeconds", { minimum: 60, maximum: maximumRecordAge, note }),
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

export const eventSourceRules = [boundedRetries, partialFailures];
