import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess, Statement } from "../../access";
import { listOf } from "../../validation";

/** What a function may do with a cluster: add steps and follow them, read it, or read and terminate it. */
export type EmrAccessLevel = "addSteps" | "read" | "terminate";

/** Which environment variables `access()` sets, and the role that its steps run as. */
export interface EmrAccessOptions {
  /** The environment variable that holds the cluster's id. @default "CLUSTER_ID" */
  environmentName?: string;
  /** The role of `security.runtimeRoles` that added steps run as. @default the only one, or none where there are none */
  runtimeRole?: string;
  /** The environment variable that holds that role's ARN. @default "EXECUTION_ROLE_ARN" */
  runtimeRoleEnvironmentName?: string;
}

/** The resources that access is given to. */
export interface AccessTarget {
  clusterId: pulumi.Output<string>;
  clusterArn: pulumi.Output<string>;
  runtimeRoleArns: Record<string, pulumi.Output<string>>;
}

const reading = ["DescribeCluster", "DescribeStep", "ListSteps", "ListInstances"];

/** @see Service Authorization Reference, Amazon Elastic MapReduce */
const actions: Record<EmrAccessLevel, string[]> = {
  addSteps: ["DescribeCluster", "DescribeStep", "ListSteps", "CancelSteps"],
  read: reading,
  terminate: [...reading, "TerminateJobFlows"],
};

/** @throws pulumi.RunError if the runtime role does not exist, or none of several is chosen */
export function emrAccess(levels: EmrAccessLevel[], target: AccessTarget, options: EmrAccessOptions): FunctionAccess {
  const { environmentName = "CLUSTER_ID", runtimeRoleEnvironmentName = "EXECUTION_ROLE_ARN" } = options;
  const adds = levels.includes("addSteps");
  const roleArn = adds ? runtimeRoleArn(target, options) : undefined;
  const others = new Set(levels.flatMap((level) => actions[level]));
  const resources = [target.clusterArn];
  return {
    environment: {
      [environmentName]: target.clusterId,
      ...(roleArn && { [runtimeRoleEnvironmentName]: roleArn }),
    },
    statements: [
      ...(adds ? [addition(resources, roleArn)] : []),
      { actions: [...others].map((action) => `elasticmapreduce:${action}`), resources },
    ],
  };
}

/** Without the condition, steps could be added that run as the nodes, or as another step's role. */
function addition(resources: pulumi.Output<string>[], roleArn?: pulumi.Output<string>): Statement {
  const statement = { actions: ["elasticmapreduce:AddJobFlowSteps"], resources };
  return roleArn
    ? { ...statement, conditions: { StringEquals: { "elasticmapreduce:ExecutionRoleArn": roleArn } } }
    : statement;
}

function runtimeRoleArn({ runtimeRoleArns }: AccessTarget, { runtimeRole }: EmrAccessOptions) {
  const names = Object.keys(runtimeRoleArns);
  if (names.length === 0 && runtimeRole === undefined) return undefined;
  const chosen = runtimeRole ?? (names.length === 1 ? names[0] : undefined);
  const arn = chosen === undefined ? undefined : runtimeRoleArns[chosen];
  if (arn) return arn;
  const asked = runtimeRole === undefined ? "no runtime role is given" : `there is no runtime role "${runtimeRole}"`;
  const known = listOf(names.map((name) => `"${name}"`)) || "the name of one that you add to `security.runtimeRoles`";
  throw new pulumi.RunError(`access: ${asked}; write \`runtimeRole\`: ${known}`);
}
