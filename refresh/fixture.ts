import { isGraviton } from "../components/graviton/architecture";
import { emrFamilies, emrReleases, type Family, familiesIn } from "./machines";
import { enumOf, modelOf, sources } from "./packages";

/** The data that tests hold the library's rules against: EC2's and EMR's own tables, and other services' names. */
export function fixture(folder: string): string {
  const families = familiesIn(folder);
  const content = {
    source:
      `EC2 and EMR: ${sources("moto")}, answers of DescribeInstanceTypes and ListSupportedInstanceTypes. Names: enums ` +
      `of ${sources("botocore")}; ElastiCache and RDS: the classes its documentation names. Sizes are ` +
      "size:vCPUs:MiB[:GB of instance store]; EMR families are family:sizes, by the releases that list them.",
    notGraviton: families
      .filter(({ name, architecture }) => architecture === "arm64" && !isGraviton(name))
      .map(({ name }) => name)
      .join(" "),
    ec2: { arm64: tableOf(families, "arm64"), x86_64: tableOf(families, "x86_64") },
    names: namesIn(folder, families),
    emr: {
      releases: emrReleases(folder).join(" "),
      families: emrFamilies(folder).map((group) => ({ releases: group.releases.join(" "), families: group.families })),
    },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function tableOf(families: Family[], wanted: Family["architecture"]): Record<string, string> {
  const rows = families
    .filter(({ architecture }) => architecture === wanted)
    .map(({ name, sizes }) => [
      name,
      sizes.map(({ size, vcpus, memory, disk }) => [size, vcpus, memory, ...(disk ? [disk] : [])].join(":")).join(" "),
    ]);
  return Object.fromEntries(rows);
}

function namesIn(folder: string, families: Family[]): Record<string, string> {
  const known = new Set(families.flatMap(({ name, sizes }) => sizes.map(({ size }) => `${name}.${size}`)));
  const { shapes } = modelOf(folder, "sagemaker");
  const sageMaker = Object.keys(shapes).filter((shape) => /InstanceType$/.test(shape));
  const names = {
    EC2: enumOf(folder, "ec2", "InstanceType").filter((type) => !known.has(type)),
    GameLift: enumOf(folder, "gamelift", "EC2InstanceType"),
    OpenSearch: [
      ...enumOf(folder, "opensearch", "OpenSearchPartitionInstanceType"),
      ...enumOf(folder, "es", "ESPartitionInstanceType"),
    ],
    SageMaker: sageMaker.flatMap((shape) => shapes[shape]?.enum ?? []),
    SageMakerEndpoint: enumOf(folder, "sagemaker", "ProductionVariantInstanceType"),
    ElastiCache: documented(folder, "elasticache", /\bcache\.[a-z]+\d[a-z\d]*\.\w+/g),
    RDS: documented(folder, "rds", /\bdb\.[a-z]+\d[a-z\d]*\.\w+/g),
  };
  return Object.fromEntries(
    Object.entries(names).map(([service, found]) => [service, [...new Set(found)].sort().join(" ")]),
  );
}

function documented(folder: string, service: string, pattern: RegExp): string[] {
  return JSON.stringify(modelOf(folder, service)).match(pattern) ?? [];
}
