/** The processor of a type; `unknown` if the name does not tell, which is never taken for x86. */
export type Architecture = "arm64" | "x86_64" | "unknown";

/** A parsed instance type: `db.r5.2xlarge.tpc2.mem8x` is a `db.`, an `r5`, a `2xlarge` and a `.tpc2.mem8x`. */
export interface InstanceType {
  /** The service's prefix with its dot, or nothing. */
  prefix: string;
  family: string;
  /** Absent in a bare family. */
  size?: string;
  /** What follows the size, with its dot, such as OpenSearch's `.search`, or nothing. */
  suffix: string;
}

const typePattern =
  /^(?<prefix>(?:db|cache|kafka|express|ml|mq|dax|dms)\.)?(?<family>[a-z](?=[a-z-]*\d)[a-z\d-]*)(?:\.(?<size>nano|micro|small|medium|large|\d*xlarge|metal(?:-\d+xl)?)(?<suffix>\.[a-z\d.]+)?)?$/;

/** Parses a type or a bare family; undefined for a text that does not look like one. */
export function parseInstanceType(type: string): InstanceType | undefined {
  const { prefix = "", family, size, suffix = "" } = typePattern.exec(type)?.groups ?? {};
  return family === undefined ? undefined : { prefix, family, size, suffix };
}

const armFamily = /^(?:a1|mac(?:2|-m)[a-z\d-]*|[a-z]{1,3}\d{1,2}[a-z]*-gb\d+|[a-z]{1,3}\d{1,2}g[a-z]*)$/;

const x86Family = /^(?:[a-z]{1,3}\d{1,2}[a-z]*(?:-(?:flex|\d+tb|b\d+))?|u-\d+tb\d+)$/;

/** OpenSearch's and Redshift's own families, whose names do not tell their hardware. */
const ownFamily = /^(?:or|om|oi|ra|dc|ds)\d$/;

/** Families of arm64 processors that are not AWS's own: Apple's, and NVIDIA's Grace. */
const otherArmFamily = /^mac|-gb\d+$/;

/** Words that AWS Batch accepts instead of types. @see AWS Batch API, ComputeResource, instanceTypes */
const batchWords = new Map<string, Architecture>([
  ["default_arm64", "arm64"],
  ["default_x86_64", "x86_64"],
  ["optimal", "x86_64"],
]);

/**
 * The processor that a type names: one of EC2 (`m7g.large`), a bare family (`m7g`), one of a managed service
 * (`db.m7g.large`, `m7g.large.search`, `ml.`, `cache.`, `kafka.`, `express.`, `mq.`, `dax.`, `dms.`) or AWS Batch's
 * words (`optimal`). It is a rule, not a list: a `g` right after the generation is Graviton, also in future families.
 * `unknown` for a service's own families (`or1.large.search`, `ra3.4xlarge`, `db.serverless`) and for any other text.
 * @see Amazon EC2 Instance Types, "Instance type naming conventions"
 */
export function architectureOf(type: string): Architecture {
  const word = batchWords.get(type);
  if (word !== undefined) return word;
  const family = parseInstanceType(type)?.family;
  if (family === undefined || ownFamily.test(family)) return "unknown";
  if (armFamily.test(family)) return "arm64";
  return x86Family.test(family) ? "x86_64" : "unknown";
}

/**
 * Whether a type runs on AWS Graviton: it is arm64, and neither a Mac (`mac2`, `mac-m4`) nor NVIDIA's Grace
 * (`p6e-gb200`). Accepts what {@link architectureOf} accepts.
 */
export function isGraviton(type: string): boolean {
  const family = parseInstanceType(type)?.family ?? "";
  return architectureOf(type) === "arm64" && !otherArmFamily.test(family);
}
