import { ec2Sizes, irregularVcpus } from "./data";

/**
 * Graviton families by workload, the newest that most regions have first. The ninth generation is left out until most
 * regions have it. `storage` families have disks of their own; the others need EBS.
 * @see Amazon EC2 Instance Types, "Amazon EC2 instance types by Region"
 */
export const gravitonFamilies = {
  general: ["m8g", "m7g", "m6g"],
  cpu: ["c8g", "c7g", "c6g"],
  memory: ["r8g", "r7g", "r6g"],
  storage: ["i8g", "i4g", "im4gn", "is4gen"],
} as const;

/** Families of the ninth generation by workload, with disks of their own for storage. */
export const graviton5Families = {
  general: ["m9g"],
  cpu: ["c9g"],
  memory: ["r9g"],
  storage: ["m9gd", "c9gd", "r9gd"],
} as const;

/** RDS's own family. @see Amazon RDS User Guide, "Hardware specifications for DB instance classes" */
const rdsSizes = ["x2g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"] as const;

const sizesByFamily = new Map(
  [...ec2Sizes, rdsSizes].flatMap(([families, sizes]) =>
    families.split(" ").map((family): [string, string[]] => [family, sizes.split(" ")]),
  ),
);

/** A Graviton family's sizes, smallest first, bare metal last; none for any other family. */
export function sizesOf(family: string): readonly string[] {
  return sizesByFamily.get(family) ?? [];
}

/** A type of an earlier generation, which EC2's answers lack. */
const earlier = "i3.metal:72";

const vcpusByType = new Map(
  `${irregularVcpus} ${earlier}`.split(" ").map((entry): [type: string, vcpus: number] => {
    const [type = "", vcpus] = entry.split(":");
    return [type, Number(vcpus)];
  }),
);

/** The vCPUs of a type; undefined if they are not known. */
export function vcpusOf(family: string, size: string): number | undefined {
  return vcpusByType.get(`${family}.${size}`) ?? vcpusOfSize(size);
}

/** The vCPUs that nearly every type of a size has; undefined for bare metal, and for sizes below `medium`. */
export function vcpusOfSize(size: string): number | undefined {
  if (size === "medium") return 1;
  if (size === "large") return 2;
  const multiple = /^(\d*)xlarge$|^metal-(\d+)xl$/.exec(size);
  return multiple === null ? undefined : 4 * Number(multiple[1] || multiple[2] || 1);
}
