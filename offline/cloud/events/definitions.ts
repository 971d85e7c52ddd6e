import type { Graph } from "../../engine/graph";
import { regionOf } from "../core/arns";
import { asMap, asNumber, asStrings, asText, ownResources, type Settings } from "../core/resources";
import { busArn, ruleArn } from "./arns";

/** A target as PutTargets has it. */
export type Target = {
  Id: string;
  Arn: string;
  RoleArn?: string;
  Input?: string;
  InputPath?: string;
  InputTransformer?: { InputPathsMap?: Record<string, string>; InputTemplate: string };
  SqsParameters?: { MessageGroupId?: string };
  KinesisParameters?: { PartitionKeyPath: string };
  BatchParameters?: {
    JobDefinition: string;
    JobName: string;
    ArrayProperties?: { Size?: number };
    RetryStrategy?: { Attempts?: number };
  };
  DeadLetterConfig?: { Arn?: string };
  RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
};

export interface BusDefinition {
  name: string;
  arn: string;
  description?: string;
  /** A policy document. */
  policy?: string;
  tags: Record<string, string>;
}

export interface RuleDefinition {
  name: string;
  arn: string;
  /** The ARN of its bus. */
  bus: string;
  description?: string;
  /** An event pattern, in JSON. */
  pattern?: string;
  schedule?: string;
  state: string;
  roleArn?: string;
  tags: Record<string, string>;
  targets: Target[];
}

/** The event buses, rules and targets of a program. */
export interface Definitions {
  buses: BusDefinition[];
  rules: RuleDefinition[];
}

const PREFIX = "aws:cloudwatch";

export function readDefinitions(graph: Graph): Definitions {
  const placeOf = (settings: Settings) =>
    asText(settings.region) || regionOf(asText(settings.arn) ?? "") || graph.region;
  const policies = new Map(
    ownResources(graph, `${PREFIX}/eventBusPolicy:EventBusPolicy`).map(({ settings }) => [
      busArn(asText(settings.eventBusName), placeOf(settings)),
      asText(settings.policy),
    ]),
  );
  const buses = ownResources(graph, `${PREFIX}/eventBus:EventBus`).map(({ name: own, settings }) => {
    const name = asText(settings.name) ?? own;
    const arn = busArn(name, placeOf(settings));
    return { name, arn, ...described(settings), policy: policies.get(arn) };
  });
  const targets = ownResources(graph, `${PREFIX}/eventTarget:EventTarget`).map(({ name, settings }) => ({
    rule: ruleArn(asText(settings.rule) ?? "", busArn(asText(settings.eventBusName), placeOf(settings))),
    target: readTarget(name, settings),
  }));
  const rules = ownResources(graph, `${PREFIX}/eventRule:EventRule`).map(({ name: own, settings }) => {
    const name = asText(settings.name) ?? own;
    const bus = busArn(asText(settings.eventBusName), placeOf(settings));
    const arn = ruleArn(name, bus);
    return {
      name,
      arn,
      bus,
      ...described(settings),
      pattern: asText(settings.eventPattern) || undefined,
      schedule: asText(settings.scheduleExpression) || undefined,
      state: asText(settings.state) || (settings.isEnabled === false ? "DISABLED" : "ENABLED"),
      roleArn: asText(settings.roleArn) || undefined,
      targets: targets.filter(({ rule }) => rule === arn).map(({ target }) => target),
    };
  });
  return { buses, rules };
}

function described({ description, tagsAll, tags }: Settings) {
  return { description: asText(description) || undefined, tags: asStrings(tagsAll ?? tags) };
}

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/eventtarget/ */
function readTarget(name: string, settings: Settings): Target {
  const { sqsTarget, kinesisTarget, batchTarget, inputTransformer, deadLetterConfig, retryPolicy } = settings;
  const given = <T>(block: unknown, read: (block: Settings) => T): T | undefined =>
    Object.keys(asMap(block)).length > 0 ? read(asMap(block)) : undefined;
  return {
    // The provider makes up an ID where the program gives none; in a preview it is empty.
    Id: asText(settings.targetId) || name,
    Arn: asText(settings.arn) ?? "",
    RoleArn: asText(settings.roleArn) || undefined,
    Input: asText(settings.input) || undefined,
    InputPath: asText(settings.inputPath) || undefined,
    InputTransformer: given(inputTransformer, ({ inputPaths, inputTemplate }) => ({
      InputPathsMap: asStrings(inputPaths),
      InputTemplate: asText(inputTemplate) ?? "",
    })),
    SqsParameters: given(sqsTarget, ({ messageGroupId }) => ({ MessageGroupId: asText(messageGroupId) })),
    KinesisParameters: given(kinesisTarget, ({ partitionKeyPath }) => ({
      PartitionKeyPath: asText(partitionKeyPath) ?? "",
    })),
    BatchParameters: given(batchTarget, ({ jobDefinition, jobName, arraySize, jobAttempts }) => ({
      JobDefinition: asText(jobDefinition) ?? "",
      JobName: asText(jobName) ?? "",
      ArrayProperties: asNumber(arraySize) ? { Size: asNumber(arraySize) } : undefined,
      RetryStrategy: asNumber(jobAttempts) ? { Attempts: asNumber(jobAttempts) } : undefined,
    })),
    DeadLetterConfig: given(deadLetterConfig, ({ arn }) => ({ Arn: asText(arn) })),
    RetryPolicy: given(retryPolicy, ({ maximumRetryAttempts, maximumEventAgeInSeconds }) => ({
      MaximumRetryAttempts: asNumber(maximumRetryAttempts),
      MaximumEventAgeInSeconds: asNumber(maximumEventAgeInSeconds),
    })),
  };
}
