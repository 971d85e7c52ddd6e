import type { Graph } from "../../engine/graph";
import { ownArn } from "../core/arns";
import { asMap, asNumber, asStrings, asText, isGiven, ownResources, type Settings } from "../core/resources";

/** A schedule's target as the API has it. */
export type Target = {
  Arn: string;
  RoleArn: string;
  Input?: string;
  DeadLetterConfig?: { Arn?: string };
  RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
  SqsParameters?: { MessageGroupId?: string };
  KinesisParameters?: { PartitionKey: string };
  EventBridgeParameters?: { DetailType: string; Source: string };
  EcsParameters?: object;
  SageMakerPipelineParameters?: object;
};

/** What CreateSchedule and UpdateSchedule say of a schedule. Dates are milliseconds since 1970. */
export type ScheduleInput = {
  Name: string;
  GroupName?: string;
  ScheduleExpression: string;
  ScheduleExpressionTimezone?: string;
  StartDate?: number;
  EndDate?: number;
  FlexibleTimeWindow: { Mode: "OFF" | "FLEXIBLE"; MaximumWindowInMinutes?: number };
  State?: "ENABLED" | "DISABLED";
  ActionAfterCompletion?: "NONE" | "DELETE";
  Description?: string;
  KmsKeyArn?: string;
  Target: Target;
  ClientToken?: string;
};

/** A schedule, with the defaults of what is not given. */
export interface Schedule extends ScheduleInput {
  arn: string;
  name: string;
  GroupName: string;
  ScheduleExpressionTimezone: string;
  State: "ENABLED" | "DISABLED";
  ActionAfterCompletion: "NONE" | "DELETE";
}

export interface ScheduleGroup {
  name: string;
  arn: string;
  tags: Record<string, string>;
}

export const DEFAULT_GROUP = "default";
const DEFAULT_RETRY_POLICY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };

export function scheduleOf(input: ScheduleInput, region: string): Schedule {
  const { GroupName = DEFAULT_GROUP, Name } = input;
  const RetryPolicy = { ...DEFAULT_RETRY_POLICY, ...input.Target.RetryPolicy };
  return {
    ...input,
    name: Name,
    arn: scheduleArn(GroupName, Name, region),
    GroupName,
    ScheduleExpressionTimezone: input.ScheduleExpressionTimezone ?? "UTC",
    State: input.State ?? "ENABLED",
    ActionAfterCompletion: input.ActionAfterCompletion ?? "NONE",
    Target: { ...input.Target, RetryPolicy },
  };
}

export function groupOf(name: string, region: string, tags: Record<string, string> = {}): ScheduleGroup {
  return { name, arn: ownArn("scheduler", region, `schedule-group/${name}`), tags };
}

export function scheduleArn(group: string, name: string, region: string): string {
  return ownArn("scheduler", region, `schedule/${group}/${name}`);
}

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/scheduler/schedulegroup/ */
export function readGroups(graph: Graph): ScheduleGroup[] {
  return ownResources(graph, "aws:scheduler/scheduleGroup:ScheduleGroup").map(({ name, settings }) =>
    groupOf(asText(settings.name) ?? name, regionOf(settings, graph), asStrings(settings.tagsAll ?? settings.tags)),
  );
}

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/scheduler/schedule/ */
export function readSchedules(graph: Graph): Schedule[] {
  return ownResources(graph, "aws:scheduler/schedule:Schedule").map(({ name, settings }) => {
    const window = asMap(settings.flexibleTimeWindow);
    const input: ScheduleInput = {
      Name: asText(settings.name) ?? name,
      GroupName: asText(settings.groupName) || undefined,
      ScheduleExpression: asText(settings.scheduleExpression) ?? "",
      ScheduleExpressionTimezone: asText(settings.scheduleExpressionTimezone) || undefined,
      StartDate: dateOf(settings.startDate),
      EndDate: dateOf(settings.endDate),
      FlexibleTimeWindow: {
        Mode: window.mode === "FLEXIBLE" ? "FLEXIBLE" : "OFF",
        MaximumWindowInMinutes: asNumber(window.maximumWindowInMinutes) || undefined,
      },
      State: settings.state === "DISABLED" ? "DISABLED" : "ENABLED",
      ActionAfterCompletion: settings.actionAfterCompletion === "DELETE" ? "DELETE" : "NONE",
      Description: asText(settings.description) || undefined,
      KmsKeyArn: asText(settings.kmsKeyArn) || undefined,
      Target: readTarget(asMap(settings.target)),
    };
    return scheduleOf(input, regionOf(settings, graph));
  });
}

function regionOf({ region }: Settings, graph: Graph): string {
  return asText(region) || graph.region;
}

function dateOf(value: unknown): number | undefined {
  const date = Date.parse(asText(value) ?? "");
  return Number.isNaN(date) ? undefined : date;
}

function readTarget(settings: Settings): Target {
  const { deadLetterConfig, retryPolicy, sqsParameters, kinesisParameters, eventbridgeParameters } = settings;
  const { ecsParameters, sagemakerPipelineParameters } = settings;
  const retries = asMap(retryPolicy);
  const event = asMap(eventbridgeParameters);
  return {
    Arn: asText(settings.arn) ?? "",
    RoleArn: asText(settings.roleArn) ?? "",
    Input: asText(settings.input) || undefined,
    ...(isGiven(deadLetterConfig) && { DeadLetterConfig: { Arn: asText(asMap(deadLetterConfig).arn) } }),
    ...(isGiven(retryPolicy) && {
      RetryPolicy: without({
        MaximumRetryAttempts: asNumber(retries.maximumRetryAttempts),
        MaximumEventAgeInSeconds: asNumber(retries.maximumEventAgeInSeconds),
      }),
    }),
    ...(isGiven(sqsParameters) && { SqsParameters: { MessageGroupId: asText(asMap(sqsParameters).messageGroupId) } }),
    ...(isGiven(kinesisParameters) && {
      KinesisParameters: { PartitionKey: asText(asMap(kinesisParameters).partitionKey) ?? "" },
    }),
    ...(isGiven(eventbridgeParameters) && {
      EventBridgeParameters: { DetailType: asText(event.detailType) ?? "", Source: asText(event.source) ?? "" },
    }),
    ...(isGiven(ecsParameters) && { EcsParameters: asMap(ecsParameters) }),
    ...(isGiven(sagemakerPipelineParameters) && { SageMakerPipelineParameters: asMap(sagemakerPipelineParameters) }),
  };
}

/** Without what is not given, which a default replaces. */
function without(policy: NonNullable<Target["RetryPolicy"]>): NonNullable<Target["RetryPolicy"]> {
  return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
}
