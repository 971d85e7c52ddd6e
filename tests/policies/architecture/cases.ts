import type { Kind } from "../../../policies/architecture/judge";
import type { ArchitectureProperty } from "../../../policies/architecture/rule";
import { architectureProperties } from "../../../policies/architecture/rules";

export type Props = Record<string, unknown>;

interface Sample {
  /** A value that selects Graviton, */
  good: string;
  /** one that does not, */
  bad: string;
  /** and what to write instead of it. */
  instead: string;
}

const sample = (bad: string, good: string): Sample => ({ good, bad, instead: good });

const samples: Record<Kind, Sample> = {
  instanceType: sample("m5.large", "m7g.large"),
  emrInstanceType: sample("m5.xlarge", "m7g.xlarge"),
  managedInstanceType: sample("db.m5.large", "db.m7g.large"),
  architecture: sample("x86_64", "arm64"),
  cpuManufacturer: sample("intel", "amazon-web-services"),
  amiType: sample("AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"),
  nodePool: sample("general-purpose", "system"),
  buildEnvironment: sample("LINUX_CONTAINER", "ARM_CONTAINER"),
  buildImage: sample("aws/codebuild/amazonlinux-x86_64-standard:5.0", "aws/codebuild/amazonlinux-aarch64-standard:3.0"),
  platform: sample("linux/amd64", "linux/arm64"),
};

export const kinds = Object.keys(samples) as Kind[];

const upperCase = sample("X86_64", "ARM64");

/** Values of policies that write them differently from others of their kind. */
const samplesByPolicy: Record<string, Partial<Record<Kind, Sample>>> = {
  "batch-arm64": { architecture: upperCase },
  "ecs-arm64": { architecture: upperCase },
  "emr-serverless-arm64": { architecture: upperCase },
  "elasticache-arm64": { managedInstanceType: sample("cache.m5.large", "cache.m7g.large") },
  "opensearch-arm64": { managedInstanceType: sample("m5.large.search", "m7g.large.search") },
  "msk-arm64": { managedInstanceType: sample("kafka.m5.large", "kafka.m7g.large") },
  "mq-arm64": { managedInstanceType: sample("mq.m5.large", "mq.m7g.large") },
  "sagemaker-arm64": { managedInstanceType: sample("ml.m5.large", "ml.m8g.large") },
};

export function sampleOf({ policy, kind }: Pick<ArchitectureProperty, "policy" | "kind">): Sample {
  return samplesByPolicy[policy]?.[kind] ?? samples[kind];
}

/**
 * A resource's properties with these values at the row's path: one, or several if the path contains a list (the last
 * one if it contains several). The type's other rows have the values that they need.
 */
export function propsWith(row: ArchitectureProperty, values: unknown[]): Props {
  const others = architectureProperties.filter(
    (other) => other.type === row.type && other !== row && other.missing && !other.missing.when,
  );
  const rest = others.reduce<Props>((props, other) => put(props, other.path, [sampleOf(other).good]), {});
  return put(rest, row.path, values);
}

/** The properties without the row's value, but with everything on the path to it. */
export function propsWithout(row: ArchitectureProperty): Props {
  return propsWith(row, row.path.endsWith("[]") ? [] : [undefined]);
}

/** The properties with these values at a path, in the manner of `propsWith`. */
export function put(props: Props, path: string, values: unknown[]): Props {
  return place(props, path.match(/[^.[\]{}]+|\[\]|\{\}/g) ?? [], values) as Props;
}

function place(at: unknown, steps: string[], values: unknown[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return values[0];
  if (step === "{}") return JSON.stringify(place(typeof at === "string" ? JSON.parse(at) : {}, rest, values));
  if (step === "[]") {
    const list = Array.isArray(at) ? at : [];
    const shares = rest.includes("[]") ? [values] : values.map((value) => [value]);
    return shares.map((share, index) => place(list[index], rest, share));
  }
  const map = (at ?? {}) as Props;
  return { ...map, [step]: place(map[step], rest, values) };
}

/** The path that messages show for the value at an index of the row's path. */
export function placeOf({ path }: ArchitectureProperty, index = 0): string {
  const last = path.lastIndexOf("[]");
  const indexed = last < 0 ? path : `${path.slice(0, last)}[${index}]${path.slice(last + 2)}`;
  return indexed.replaceAll("[]", "[0]").replaceAll("{}", "");
}

/** The top-level property in the row's path. */
export function rootOf({ path }: ArchitectureProperty): string {
  return path.split(/[.[{]/)[0] ?? path;
}

export function isJson({ path }: ArchitectureProperty): boolean {
  return path.includes("{}");
}

/** Rows that accept several values, outside JSON documents, whose content is unknown only as a whole. */
export const listRows = architectureProperties.filter(({ path }) => path.includes("[]"));

export const unknownElementRows = listRows.filter((row) => !isJson(row));
