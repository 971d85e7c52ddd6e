import { isOlder, parseRelease } from "../../graviton/emrReleases";
import { listOf, type Mistakes } from "../../validation";
import { checkAccess } from "../accessChecks";
import { EmrEngine, type EmrServerlessArgs } from "./args";
import { type Capacity, capacityOf, resourcesOf } from "./capacity";
import { firstRelease } from "./rules/releases";
import { memoryPerVcpu, workerMemoryMistake } from "./rules/workers";

/** The workers that EMR keeps ready for each engine. @see EMR Serverless API, CreateApplication */
const workerTypes: Record<EmrEngine, string[]> = {
  [EmrEngine.Spark]: ["Driver", "Executor"],
  [EmrEngine.Hive]: ["HiveDriver", "TezTask"],
};

const units: Record<keyof Capacity, string> = { vcpus: "vCPUs", memory: "GiB of memory", disk: "GiB of disk" };

/** Adds every mistake in the arguments. */
export function checkServerless(mistakes: Mistakes, args: EmrServerlessArgs, name: string): void {
  mistakes.componentName(name, 64, /^[A-Za-z0-9][\w.-]*$/, "a letter or digit, then letters, digits, `.`, `_` and `-`");
  checkRelease(mistakes, args);
  checkCapacity(mistakes, args);
  checkNetwork(mistakes, args);
  checkAccess(mistakes, "access", args.access);
}

function checkRelease(mistakes: Mistakes, { releaseLabel, engine, imageUri, scheduler }: EmrServerlessArgs): void {
  if (releaseLabel === "") return;
  const release = parseRelease(releaseLabel);
  const notBefore = (path: string, first: string, what: string) => {
    const reason = `${what} emr-${first}, but the release is ${releaseLabel}; write emr-${first} or later`;
    mistakes.check(!isOlder(release, first), path, reason);
  };
  notBefore("releaseLabel", firstRelease.any, "EMR Serverless begins with");
  const hive = engine === EmrEngine.Hive && releaseLabel.startsWith("emr-spark-");
  mistakes.check(!hive, "engine", `is "Hive", which ${releaseLabel} lacks; write a release such as emr-7.10.0`);
  if (imageUri !== undefined) notBefore("imageUri", firstRelease.image, "custom images begin with");
  if (scheduler !== undefined) notBefore("scheduler", firstRelease.scheduler, "waiting job runs begin with");
}

function checkCapacity(mistakes: Mistakes, args: EmrServerlessArgs): void {
  const { initialCapacity = [], engine = EmrEngine.Spark } = args;
  for (const [index, workers] of initialCapacity.entries()) {
    const path = `initialCapacity[${index}]`;
    const { vcpus = 2, memory = vcpus * memoryPerVcpu } = workers;
    const mistake = workerMemoryMistake(vcpus, memory);
    if (mistake) mistakes.add(`${path}.memory`, mistake);
    const known = workerTypes[engine] ?? [];
    const choices = listOf(known.map((type) => `"${type}"`));
    const fits = known.length === 0 || known.includes(workers.type);
    mistakes.check(fits, `${path}.type`, `is "${workers.type}"; for ${engine} write ${choices}`);
    const again = initialCapacity.slice(0, index).some(({ type }) => type === workers.type);
    mistakes.check(!again, `${path}.type`, `"${workers.type}" is listed before; write all of its workers there`);
  }
  const needed = resourcesOf(initialCapacity);
  const limits = capacityOf(args);
  for (const [resource, unit] of Object.entries(units) as [keyof Capacity, string][]) {
    const { [resource]: limit = Number.POSITIVE_INFINITY } = limits;
    const reason = `has ${needed[resource]} ${unit} in all, but \`maximumCapacity\` has ${limit}; raise that, or write fewer`;
    mistakes.from("maximumCapacity").check(needed[resource] <= limit, "initialCapacity", reason);
  }
}

function checkNetwork(mistakes: Mistakes, { vpcId, subnetIds }: EmrServerlessArgs): void {
  const advice = "write both, or neither for jobs that need nothing in a VPC";
  if (vpcId !== undefined && subnetIds === undefined)
    mistakes.add("subnetIds", `is missing, although \`vpcId\` is given; ${advice}`);
  if (vpcId === undefined && subnetIds !== undefined)
    mistakes.add("vpcId", `is missing, although \`subnetIds\` is given; ${advice}`);
}
