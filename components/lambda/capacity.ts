import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import { trustPolicy } from "../access";
import { attachManagedPolicy } from "../managedPolicy";
import type { LambdaFunctionArgs } from "./args";
import type { FunctionCapacityArgs } from "./modeArgs";

/** Of the children of a function's component. */
interface Options {
  parent: pulumi.Resource;
}

/** What the function needs to run on instances, which are created unless a provider of them is given. */
export function capacityConfig(
  name: string,
  capacity: FunctionCapacityArgs,
  args: LambdaFunctionArgs,
  opts: Options,
): NonNullable<lambda.FunctionArgs["capacityProviderConfig"]> {
  const capacityProviderArn = capacity.providerArn ?? createProvider(name, capacity, args, opts).arn;
  return {
    lambdaManagedInstancesCapacityProviderConfig: {
      capacityProviderArn,
      executionEnvironmentMemoryGibPerVcpu: capacity.memoryPerVcpu,
      perExecutionEnvironmentMaxConcurrency: capacity.maxConcurrency,
    },
  };
}

/** A provider whose instances are Graviton, even if somebody runs a function on it that is not for arm64. */
function createProvider(
  name: string,
  capacity: FunctionCapacityArgs,
  args: LambdaFunctionArgs,
  opts: Options,
): lambda.CapacityProvider {
  const { subnetIds = [], securityGroupIds = [], instanceTypes, excludedInstanceTypes } = capacity;
  const { role, allowed } = createOperatorRole(`${name}-operator`, args, opts);
  // Pulumi's type requires both lists of instance types, of which AWS takes one.
  const requirements = { architectures: ["arm64"], allowedInstanceTypes: instanceTypes, excludedInstanceTypes };
  return new lambda.CapacityProvider(
    name,
    {
      vpcConfig: { subnetIds, securityGroupIds },
      permissionsConfig: { capacityProviderOperatorRoleArn: role.arn },
      instanceRequirements: [requirements] as lambda.CapacityProviderArgs["instanceRequirements"],
      capacityProviderScalingConfigs: scalingOf(capacity),
      tags: args.tags,
    },
    { ...opts, dependsOn: allowed },
  );
}

/** Lambda refuses a scaling policy in its `Auto` mode, although Pulumi's type requires one. */
function scalingOf({ maxVcpus = 400, targetCpuUtilization }: FunctionCapacityArgs) {
  const scalingPolicies = targetCpuUtilization !== undefined && [
    { predefinedMetricType: "LambdaCapacityProviderAverageCPUUtilization", targetValue: targetCpuUtilization },
  ];
  const mode = scalingPolicies ? { scalingMode: "Manual", scalingPolicies } : { scalingMode: "Auto" };
  return [{ maxVcpuCount: maxVcpus, ...mode }] as lambda.CapacityProviderArgs["capacityProviderScalingConfigs"];
}

/**
 * The role with which Lambda starts instances. It has AWS's own policy, to which AWS adds the rights that new features
 * need. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-operator-role.html
 */
function createOperatorRole(name: string, { permissionsBoundary, tags }: LambdaFunctionArgs, opts: Options) {
  const assumeRolePolicy = trustPolicy("lambda.amazonaws.com");
  const role = new iam.Role(name, { assumeRolePolicy, permissionsBoundary, tags }, opts);
  return { role, allowed: attachManagedPolicy(name, role, "AWSLambdaManagedEC2ResourceOperator", opts) };
}

/** How many environments the function's published version has; nothing if Lambda decides. */
export function limitEnvironments(
  name: string,
  { minEnvironments, maxEnvironments }: FunctionCapacityArgs,
  version: { functionName: pulumi.Input<string>; qualifier: pulumi.Input<string> },
  opts: Options,
): pulumi.Resource[] {
  if (minEnvironments === undefined && maxEnvironments === undefined) return [];
  const functionScalingConfig = {
    minExecutionEnvironments: minEnvironments,
    maxExecutionEnvironments: maxEnvironments,
  };
  return [new lambda.FunctionScalingConfig(name, { ...version, functionScalingConfig }, opts)];
}
