import { gravitonMistake } from "../graviton/mistake";
import type { Mistakes } from "../validation";
import type { ComputeEnvironmentArgs, GravitonBatchArgs } from "./args";
import { AllocationStrategy } from "./args";
import { environmentName, isFargate, isSpot } from "./environments";

const ofInstances = [
  ...["minVcpus", "workload", "graviton5", "instanceTypes", "allocationStrategy", "bidPercentage", "imageId"],
  ...["volumeSize", "placementGroup", "instanceUpdate"],
] as const;

/** Finds the mistakes in the environments, in each one and in their combination. */
export function checkEnvironments(mistakes: Mistakes, name: string, { environments }: GravitonBatchArgs): void {
  const named = new Set<string>();
  for (const [index, environment] of environments.entries()) {
    const path = `environments[${index}]`;
    const own = mistakes.from(`${path}.type`);
    checkEnvironment(own, path, environment);
    const mixed = environments[0] !== undefined && isFargate(environment) !== isFargate(environments[0]);
    const beside = `is ${environment.type} alongside ${environments[0]?.type}`;
    const instead = "a queue has one or the other: write another GravitonBatch for it";
    mistakes.from("environments[0].type").check(!mixed, `${path}.type`, `${beside}; ${instead}`);
    const label = environmentName(environment);
    checkName(own, label, `${path}.name`);
    const taken = `"${label}" is taken by another environment; write a name to tell them apart`;
    own.check(!named.has(label), `${path}.name`, taken);
    named.add(label);
    own.autoName(`${name}-${label}`, `${path}.name`, 128);
  }
}

/** The characters that Batch allows in names. @see AWS Batch API, CreateComputeEnvironment */
export function checkName(mistakes: Mistakes, name: string, path: string): void {
  const allowed = "a letter or digit, then letters, digits, `_` and `-`";
  const valid = /^[A-Za-z0-9][\w-]*$/.test(name);
  mistakes.check(valid, path, `"${name}" has characters that AWS refuses here; write ${allowed}`);
}

function checkEnvironment(mistakes: Mistakes, path: string, args: ComputeEnvironmentArgs): void {
  if (isFargate(args)) {
    for (const property of ofInstances) {
      mistakes.check(args[property] === undefined, `${path}.${property}`, "is not for Fargate; leave it out");
    }
    return;
  }
  const most = mistakes.from(`${path}.maxVcpus`);
  most.range(args.minVcpus, `${path}.minVcpus`, 0, args.maxVcpus, "vCPUs, as `maxVcpus` is the limit");
  if (!isSpot(args)) {
    mistakes.check(args.bidPercentage === undefined, `${path}.bidPercentage`, "is for Spot only; leave it out");
  }
  checkStrategy(mistakes, path, args);
  checkInstanceTypes(mistakes, path, args);
}

function checkStrategy(mistakes: Mistakes, path: string, args: ComputeEnvironmentArgs): void {
  const { allocationStrategy = "" } = args;
  const forSpot = allocationStrategy.startsWith("SPOT_");
  const forEc2 = allocationStrategy === AllocationStrategy.BestFitProgressiveOrdered;
  const property = `${path}.allocationStrategy`;
  if (isSpot(args)) {
    const instead = `write "${AllocationStrategy.SpotCapacityOptimizedPrioritized}"`;
    mistakes.check(!forEc2, property, `is for EC2 only; ${instead}`);
  } else mistakes.check(!forSpot, property, `is for Spot only; write "${AllocationStrategy.BestFitProgressive}"`);
}

function checkInstanceTypes(
  mistakes: Mistakes,
  path: string,
  { instanceTypes, workload, graviton5, imageId }: ComputeEnvironmentArgs,
) {
  if (instanceTypes === undefined) return;
  for (const [property, value] of Object.entries({ workload, graviton5 })) {
    const reason = "does nothing with `instanceTypes`; write one of them";
    mistakes.check(value === undefined, `${path}.${property}`, reason);
  }
  for (const [index, type] of instanceTypes.entries()) {
    const mistake = instanceTypeMistake(type, imageId !== undefined);
    if (mistake) mistakes.add(`${path}.instanceTypes[${index}]`, mistake);
  }
}

/** Families that Batch has no image for. @see AWS Batch API, Ec2Configuration */
const withoutImage = new Map([
  ["a1", "Amazon Linux 2023 does not run on it"],
  ["g5g", "Batch has no image for GPUs on Graviton"],
]);

/** Why Batch cannot run arm64 containers on a type, if it cannot. */
export function instanceTypeMistake(type: string, hasImage: boolean): string | undefined {
  if (type === "default_arm64") return undefined;
  const mistake = gravitonMistake(type, "m7g");
  if (mistake) return mistake;
  const reason = withoutImage.get(type.replace(/\..*/, ""));
  if (reason === undefined || hasImage) return undefined;
  return `is "${type}"; ${reason}: write the \`imageId\` of an AMI for it`;
}
