import type { Resource } from "../../engine/graph";
import { reveal } from "../../engine/values";

/**
 * The outputs that change with an update, by type. Most identify a new version, to which other resources refer.
 * @see ./aws.ts for the source
 */
const changedOutputs: Record<string, (changed: string[], resource: Resource) => string[]> = {
  "aws:batch/jobDefinition:JobDefinition": (changed) =>
    isOnly(changed, revisionless) ? [] : ["arn", "id", "revision"],
  "aws:dynamodb/table:Table": (changed) =>
    changed.some((name) => name === "streamEnabled" || name === "streamViewType") ? ["streamArn", "streamLabel"] : [],
  "aws:ec2/launchTemplate:LaunchTemplate": (changed) => (isOnly(changed, ["tags"]) ? [] : ["latestVersion"]),
  "aws:lambda/function:Function": (changed, { inputs }) =>
    reveal(inputs.publish) === true && !isOnly(changed, versionless)
      ? ["version", "qualifiedArn", "qualifiedInvokeArn"]
      : [],
  "aws:lambda/invocation:Invocation": (changed) => (changed.includes("input") ? ["result"] : []),
  "aws:s3/bucketObjectv2:BucketObjectv2": (changed) => (isOnly(changed, ["tags"]) ? [] : ["versionId", "etag"]),
};

const revisionless = ["tags", "deregisterOnNewRevision"];
const versionless = ["tags", "reservedConcurrentExecutions", "codeSigningConfigArn", "skipDestroy"];

/** The outputs that change when these inputs of a resource are updated. */
export function outputsOfUpdate(resource: Resource, changed: string[]): string[] {
  return changedOutputs[resource.type]?.(changed, resource) ?? [];
}

function isOnly(changed: string[], names: string[]): boolean {
  return changed.every((name) => names.includes(name));
}
