import { callerArn } from "../../engine/context";
import { asList, asMap, asStrings, asText, asTexts, isGiven, type Settings } from "../core/resources";
import type { Application } from "./application";
import type { JobRun } from "./jobRun";

/** @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_Application.html */
export function describeApplication(application: Application): object {
  const { definition } = application;
  const { settings } = definition;
  const { id: applicationId, ...summary } = summarizeApplication(application);
  const capacities = asList(settings.initialCapacities).map(({ initialCapacityType, initialCapacityConfig }) => {
    return [String(initialCapacityType), asMap(initialCapacityConfig)];
  });
  const { subnetIds, securityGroupIds } = asMap(settings.networkConfiguration);
  return {
    applicationId,
    ...summary,
    initialCapacity: Object.fromEntries(capacities),
    ...(isGiven(settings.maximumCapacity) && { maximumCapacity: settings.maximumCapacity }),
    tags: asStrings(settings.tagsAll),
    autoStartConfiguration: { enabled: definition.autoStart },
    autoStopConfiguration: {
      enabled: definition.idleMinutes !== undefined,
      idleTimeoutMinutes: definition.idleMinutes,
    },
    networkConfiguration: { subnetIds: asTexts(subnetIds), securityGroupIds: asTexts(securityGroupIds) },
    ...(isGiven(settings.imageConfiguration) && { imageConfiguration: settings.imageConfiguration }),
    runtimeConfiguration: asList(settings.runtimeConfigurations),
  };
}

/** @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_ApplicationSummary.html */
export function summarizeApplication({ definition, state, createdAt, updatedAt }: Application): Settings {
  const { id, arn, name, releaseLabel, type, settings } = definition;
  return {
    id,
    arn,
    name,
    releaseLabel,
    type: `${type.charAt(0).toUpperCase()}${type.slice(1)}`,
    state,
    stateDetails: "",
    createdAt,
    updatedAt,
    architecture: asText(settings.architecture) || "X86_64",
  };
}

/** @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_JobRun.html */
export function describeJobRun(jobRun: JobRun): object {
  const { id: jobRunId, ...summary } = summarizeJobRun(jobRun);
  const { input, startedAt, endedAt } = jobRun;
  const { executionRoleArn: _, ...asGiven } = input;
  return {
    jobRunId,
    ...summary,
    ...asGiven,
    startedAt,
    endedAt,
    ...(startedAt !== undefined &&
      endedAt !== undefined && { totalExecutionDurationSeconds: Math.round((endedAt - startedAt) / 1000) }),
  };
}

/** @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_JobRunSummary.html */
export function summarizeJobRun(jobRun: JobRun): Settings {
  const { application, input } = jobRun;
  return {
    applicationId: application.id,
    id: jobRun.id,
    name: input.name,
    mode: input.mode,
    arn: jobRun.arn,
    createdBy: callerArn(jobRun.arn.split(":")[3] ?? ""),
    createdAt: jobRun.createdAt,
    updatedAt: jobRun.updatedAt,
    executionRole: input.executionRoleArn,
    state: jobRun.state,
    stateDetails: jobRun.stateDetails,
    releaseLabel: application.releaseLabel,
    type: application.type === "hive" ? "Hive" : "Spark",
    attempt: jobRun.attempt,
    attemptCreatedAt: jobRun.attemptCreatedAt,
    attemptUpdatedAt: jobRun.updatedAt,
  };
}
