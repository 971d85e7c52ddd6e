import { isOlder, isReleaseLabel, parseRelease } from "../../graviton/emrReleases";
import { retentionMistake } from "../../observability/rules/retention";
import { listOf, type Mistakes } from "../../validation";
import { checkRights } from "../cluster/placeChecks";
import { EmrEngine, type EmrServerlessArgs, type EmrWorkersArgs } from "./args";
import { type Capacity, capacityOf, resourcesOf } from "./capacity";
import { firstRelease } from "./rules/releases";
import { memoryPerVcpu, workerMemoryMistake, workerVcpus } from "./rules/workers";

/** What EMR keeps ready of each engine. @see EMR Serverless API, CreateApplication */
const workerTypes: Record<EmrEngine, string[]> = {
  [EmrEngine.Spark]: ["Driver", "Executor"],
  [EmrEngine.Hive]: ["HiveDriver", "TezTask"],
};

/** An image in a private repository of ECR, with a tag or a digest. @see EMR Serverless API, ImageConfigurationInput */
const imagePattern = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z0-9._-]+\/[a-z0-9._/-]+(?::[\w.-]+|@sha256:[0-9a-f]{64})$/;

const most = 1_000_000;

const units: Record<keyof Capacity, string> = { vcpus: "vCPUs", memory: "GiB of memory", disk: "GiB of disk" };

/** Every mistake in the arguments. */
export function checkServerless(mistakes: Mistakes, args: EmrServerlessArgs, name: string): void {
  mistakes.componentName(name, 64, /^[A-Za-z0-9][\w.-]*$/, "a letter or digit, then letters, digits, `.`, `_` and `-`");
  mistakes.oneOf(args.engine, "engine", EmrEngine);
  checkRelease(mistakes, args);
  checkCapacity(mistakes, args);
  mistakes.range(args.idleMinutes, "idleMinutes", 0, 10_080, "minutes, where 0 never stops it");
  checkNetwork(mistakes, args);
  checkRights(mistakes, args);
  mistakes.keyArn(args.kmsKeyArn, "kmsKeyArn");
  for (const [classification, properties] of Object.entries(args.configurations ?? {})) {
    const path = `configurations.${classification}`;
    const some = Object.keys(properties).length > 0;
    mistakes.check(some, path, 'is empty; write properties, such as { "spark.sql.shuffle.partitions": "64" }');
  }
  const retention = retentionMistake(args.logRetentionDays);
  if (retention) mistakes.add("logRetentionDays", retention);
}

function checkRelease(mistakes: Mistakes, { releaseLabel, engine, imageUri }: EmrServerlessArgs): void {
  if (!isReleaseLabel(releaseLabel)) {
    mistakes.add("releaseLabel", `is "${releaseLabel}", not a whole label; write one such as emr-7.10.0`);
    return;
  }
  const release = parseRelease(releaseLabel);
  const notBefore = (path: string, first: string, what: string) => {
    const reason = `${what} emr-${first}, and the release is ${releaseLabel}; write emr-${first} or later`;
    mistakes.check(!isOlder(release, first), path, reason);
  };
  notBefore("releaseLabel", firstRelease.any, "EMR Serverless begins with");
  const hive = engine === EmrEngine.Hive && releaseLabel.startsWith("emr-spark-");
  mistakes.check(!hive, "engine", `is "Hive", which ${releaseLabel} lacks; write a release such as emr-7.10.0`);
  if (imageUri === undefined) return;
  notBefore("imageUri", firstRelease.image, "images of one's own begin with");
  const isImage = typeof imageUri !== "string" || imagePattern.test(imageUri);
  const example = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/spark:1";
  mistakes.check(isImage, "imageUri", `is "${imageUri}"; write an image in ECR with its tag, such as ${example}`);
}

function checkCapacity(mistakes: Mistakes, args: EmrServerlessArgs): void {
  const { maximumCapacity, initialCapacity = [], engine = EmrEngine.Spark } = args;
  mistakes.range(maximumCapacity?.vcpus, "maximumCapacity.vcpus", 1, most, "vCPUs");
  mistakes.range(maximumCapacity?.memory, "maximumCapacity.memory", 1, most, "GiB");
  mistakes.range(maximumCapacity?.disk, "maximumCapacity.disk", 1, most, "GiB");
  for (const [index, workers] of initialCapacity.entries()) {
    const path = `initialCapacity[${index}]`;
    checkWorkers(mistakes, path, workers);
    const known = workerTypes[engine] ?? [];
    const choices = listOf(known.map((type) => `"${type}"`));
    const fits = known.length === 0 || known.includes(workers.type);
    mistakes.check(fits, `${path}.type`, `is "${workers.type}"; ${engine} has ${choices}`);
    const again = initialCapacity.slice(0, index).some(({ type }) => type === workers.type);
    mistakes.check(!again, `${path}.type`, `"${workers.type}" is there before; write all of its workers there`);
  }
  const needed = resourcesOf(initialCapacity);
  const limits = capacityOf(args);
  for (const [resource, unit] of Object.entries(units) as [keyof Capacity, string][]) {
    const { [resource]: limit = Number.POSITIVE_INFINITY } = limits;
    const reason = `has ${needed[resource]} ${unit} in all, and \`maximumCapacity\` ${limit}; raise that, or have fewer`;
    mistakes.check(needed[resource] <= limit, "initialCapacity", reason);
  }
}

function checkWorkers(mistakes: Mistakes, path: string, { count, vcpus = 2, memory, disk }: EmrWorkersArgs): void {
  mistakes.range(count, `${path}.count`, 1, most, "workers");
  mistakes.range(disk, `${path}.disk`, 20, 200, "GiB");
  const sized = workerVcpus.includes(vcpus);
  mistakes.check(sized, `${path}.vcpus`, `is ${vcpus}; write ${listOf(workerVcpus.map(String))}`);
  const mistake = workerMemoryMistake(vcpus, memory ?? vcpus * memoryPerVcpu);
  if (mistake) mistakes.add(`${path}.memory`, mistake);
}

function checkNetwork(mistakes: Mistakes, { vpcId, subnetIds }: EmrServerlessArgs): void {
  const advice = "write both, or neither for jobs that need nothing of a VPC";
  if (vpcId !== undefined && subnetIds === undefined)
    mistakes.add("subnetIds", `is missing beside \`vpcId\`; ${advice}`);
  if (vpcId === undefined && subnetIds !== undefined)
    mistakes.add("vpcId", `is missing beside \`subnetIds\`; ${advice}`);
  if (!Array.isArray(subnetIds)) return;
  const { length } = subnetIds;
  const enough = length >= 1 && length <= 16;
  mistakes.check(enough, "subnetIds", `has ${length}; write 1 to 16 private subnets, in two zones or more`);
}
