import type { Graph } from "../../engine/graph";
import { ownArn, serviceOf } from "../core/arns";
import { withCapital } from "../core/names";
import type { FilterCriteria } from "../core/polling/filters";
import { asMap, asStrings, asText, isMap, ownResources, type Settings } from "../core/resources";

/** How a stream is read. */
export type StreamParameters = {
  StartingPosition?: string;
  /** In milliseconds since 1970. */
  StartingPositionTimestamp?: number;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  MaximumRecordAgeInSeconds?: number;
  MaximumRetryAttempts?: number;
  ParallelizationFactor?: number;
  OnPartialBatchItemFailure?: "AUTOMATIC_BISECT";
  DeadLetterConfig?: { Arn?: string };
};

type SourceParameters = {
  FilterCriteria?: FilterCriteria;
  SqsQueueParameters?: Pick<StreamParameters, "BatchSize" | "MaximumBatchingWindowInSeconds">;
  KinesisStreamParameters?: StreamParameters;
  DynamoDBStreamParameters?: StreamParameters;
};

/** Texts may be JSONPaths into the event, such as `$.body.customer`. */
type TargetParameters = {
  InputTemplate?: string;
  LambdaFunctionParameters?: { InvocationType?: "REQUEST_RESPONSE" | "FIRE_AND_FORGET" };
  SqsQueueParameters?: { MessageGroupId?: string; MessageDeduplicationId?: string };
  KinesisStreamParameters?: { PartitionKey?: string };
  EventBridgeEventBusParameters?: { DetailType?: string; Source?: string; Resources?: string[] };
  CloudWatchLogsParameters?: { LogStreamName?: string };
  BatchJobParameters?: {
    JobDefinition: string;
    JobName: string;
    ArrayProperties?: { Size?: number };
    RetryStrategy?: { Attempts?: number };
    Parameters?: Record<string, string>;
    ContainerOverrides?: object;
  };
};

/** A pipe as the API describes it. */
export type Pipe = {
  name: string;
  arn: string;
  Description?: string;
  DesiredState: "RUNNING" | "STOPPED";
  Source: string;
  SourceParameters: SourceParameters;
  Enrichment?: string;
  EnrichmentParameters?: { InputTemplate?: string };
  Target: string;
  TargetParameters: TargetParameters;
  RoleArn?: string;
  Tags: Record<string, string>;
};

/** The names of the API that are not those of the program, beginning with a capital. */
const API_NAMES: Record<string, string> = {
  activemqBrokerParameters: "ActiveMQBrokerParameters",
  cloudwatchLogsParameters: "CloudWatchLogsParameters",
  commands: "Command",
  dependsOns: "DependsOn",
  dynamodbStreamParameters: "DynamoDBStreamParameters",
  environments: "Environment",
  eventbridgeEventBusParameters: "EventBridgeEventBusParameters",
  rabbitmqBrokerParameters: "RabbitMQBrokerParameters",
  sagemakerPipelineParameters: "SageMakerPipelineParameters",
};
/** Maps, whose keys are the program's own. */
const MAPS = ["headerParameters", "parameters", "queryStringParameters"];

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/pipes/pipe/ */
export function readPipes(graph: Graph): Pipe[] {
  return ownResources(graph, "aws:pipes/pipe:Pipe").map(({ name: logicalName, settings }) => {
    const name = asText(settings.name) ?? logicalName;
    const region = asText(settings.region) || graph.region;
    return {
      name,
      arn: ownArn("pipes", region, `pipe/${name}`),
      Description: asText(settings.description) || undefined,
      DesiredState: settings.desiredState === "STOPPED" ? "STOPPED" : "RUNNING",
      Source: asText(settings.source) ?? "",
      SourceParameters: withApiNames(settings.sourceParameters),
      Enrichment: asText(settings.enrichment) || undefined,
      EnrichmentParameters: withApiNames(settings.enrichmentParameters),
      Target: asText(settings.target) ?? "",
      TargetParameters: withApiNames(settings.targetParameters),
      RoleArn: asText(settings.roleArn),
      Tags: asStrings(settings.tagsAll ?? settings.tags),
    };
  });
}

/** Parameters as the API has them, without what is not given. */
function withApiNames(parameters: unknown): Settings {
  const given = Object.entries(asMap(parameters)).filter(([, value]) => ![undefined, null, ""].includes(value as null));
  return Object.fromEntries(
    given.map(([key, value]) => [
      API_NAMES[key] ?? withCapital(key),
      key === "startingPositionTimestamp" ? Date.parse(String(value)) : MAPS.includes(key) ? value : inside(value),
    ]),
  );
}

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside);
  return isMap(value) ? withApiNames(value) : value;
}

/** How a pipe reads its source. */
export function readingOf({ Source, SourceParameters }: Pipe): StreamParameters {
  const { SqsQueueParameters, KinesisStreamParameters, DynamoDBStreamParameters } = SourceParameters;
  const parameters: Record<string, StreamParameters | undefined> = {
    sqs: SqsQueueParameters,
    kinesis: KinesisStreamParameters,
    dynamodb: DynamoDBStreamParameters,
  };
  return parameters[serviceOf(Source)] ?? {};
}
