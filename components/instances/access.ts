import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess, Statement } from "../access";
import type { InstanceTagArgs } from "./args";

/** What a function may do with the instances: list them, or list them and start or stop those with the tag. */
export type InstanceAccessLevel = "describe" | "start" | "stop";

const actions = { start: "ec2:StartInstances", stop: "ec2:StopInstances" };

/** What a function needs to use the instances with a tag. @param opts of the look-ups of the account and its region */
export function instanceAccess(
  levels: InstanceAccessLevel[],
  { key, value }: InstanceTagArgs,
  opts: pulumi.InvokeOptions,
): FunctionAccess {
  const changes = (["start", "stop"] as const).filter((level) => levels.includes(level)).map((level) => actions[level]);
  const tagged: Statement = {
    actions: changes,
    resources: [allInstances(opts)],
    conditions: { StringEquals: { [`aws:ResourceTag/${key}`]: value } },
  };
  return {
    environment: { INSTANCE_TAG_KEY: key, INSTANCE_TAG_VALUE: value },
    statements: [describeStatement, ...(changes.length > 0 ? [tagged] : [])],
  };
}

/** It does not support resource-level permissions. @see Service Authorization Reference, Amazon EC2 */
const describeStatement: Statement = { actions: ["ec2:DescribeInstances"], resources: ["*"] };

/** All instances of the account in the region: which ones are meant is known only later. */
export function allInstances(opts: pulumi.InvokeOptions): pulumi.Output<string> {
  const { partition } = getPartitionOutput({}, opts);
  const { region } = getRegionOutput({}, opts);
  const { accountId } = getCallerIdentityOutput({}, opts);
  return pulumi.interpolate`arn:${partition}:ec2:${region}:${accountId}:instance/*`;
}
