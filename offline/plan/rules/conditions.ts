import { type Properties, reveal } from "../../engine/values";

type Inputs = Record<string, unknown>;

/**
 * The inputs that make the AWS provider replace a resource in combination with others (`CustomizeDiff`), by type.
 * @see ./aws.ts for the notation and the source
 */
const conditions: Record<string, (before: Inputs, after: Inputs) => string[]> = {
  "aws:batch/computeEnvironment:ComputeEnvironment": (before, after) => {
    if (isUpdatable(before) && isUpdatable(after)) return [];
    const onlyOnEc2 = ["securityGroupIds", "subnets"];
    const forced = isFargate(after) ? machineProperties : [...machineProperties, ...onlyOnEc2];
    return forced.map((name) => `computeResources.${name}`);
  },
  "aws:dynamodb/table:Table": (before, after) => [
    ...["restoreSourceName", "restoreSourceTableArn"].filter((name) => after[name]),
    ...["readUnitsPerSecond", "writeUnitsPerSecond"].flatMap((name) => {
      const [was = 0, is = 0] = [before, after].map((table) => Number(inside(table, "warmThroughput")[name] ?? 0));
      return is !== 0 && is < was ? [`warmThroughput.${name}`] : [];
    }),
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": (_, { vpcEndpointType }) =>
    vpcEndpointType === "Interface" ? [] : ["privateDnsEnabled"],
  "aws:lambda/invocation:Invocation": (_, { lifecycleScope = "CREATE_ONLY" }) =>
    lifecycleScope === "CREATE_ONLY" ? ["input"] : [],
};

/** The inputs that replace the resource in this case. */
export function conditionally(type: string, before: Properties, after: Properties): string[] {
  return conditions[type]?.(reveal(before) as Inputs, reveal(after) as Inputs) ?? [];
}

/** What Batch can change in place only in an environment whose instances it can replace. */
const machineProperties = [
  "allocationStrategy",
  "bidPercentage",
  "ec2Configurations",
  "ec2KeyPair",
  "imageId",
  "instanceRole",
  "instanceTypes",
  "launchTemplate",
  "tags",
];

/** @see https://docs.aws.amazon.com/batch/latest/userguide/updating-compute-environments.html */
function isUpdatable(environment: Inputs): boolean {
  const role = String(environment.serviceRole ?? "");
  const isServiceLinked = role === "" || /:role\/aws-service-role\/batch\.amazonaws\.com/.test(role);
  const strategy = String(inside(environment, "computeResources").allocationStrategy);
  const strategies = ["BEST_FIT_PROGRESSIVE", "SPOT_CAPACITY_OPTIMIZED", "SPOT_PRICE_CAPACITY_OPTIMIZED"];
  return isServiceLinked && strategies.includes(strategy);
}

function isFargate(environment: Inputs): boolean {
  return String(inside(environment, "computeResources").type).startsWith("FARGATE");
}

function inside(inputs: Inputs, name: string): Inputs {
  return (inputs[name] ?? {}) as Inputs;
}
