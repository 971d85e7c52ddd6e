import * as fs from "node:fs";
import * as path from "node:path";
import { isGraviton } from "../components/graviton/architecture";
import { vcpusOfSize } from "../components/graviton/families";
import { enumOf, readJson } from "./packages";

/** An answer of EC2's DescribeInstanceTypes. */
interface Described {
  ProcessorInfo: { SupportedArchitectures: string[] };
  VCpuInfo: { DefaultVCpus: number };
  MemoryInfo: { SizeInMiB: number };
  InstanceStorageInfo?: { TotalSizeInGB: number };
}

/** A size of a family. */
interface Size {
  size: string;
  vcpus: number;
  /** MiB. */
  memory: number;
  /** GB of instance store. */
  disk: number;
}

export interface Family {
  name: string;
  architecture: "arm64" | "x86_64";
  /** From the smallest to the largest, bare metal last. */
  sizes: Size[];
}

/** EC2's families in alphabetical order. */
export function familiesIn(folder: string): Family[] {
  const types = readJson<Record<string, Described>>(folder, "moto/ec2/resources/instance_types.json.gz");
  const families = new Map<string, Family>();
  for (const [type, { ProcessorInfo, VCpuInfo, MemoryInfo, InstanceStorageInfo }] of Object.entries(types)) {
    const [name = "", size = ""] = type.split(".");
    const architecture = ProcessorInfo.SupportedArchitectures.some((one) => one.startsWith("arm64"))
      ? "arm64"
      : "x86_64";
    const family = families.get(name) ?? { name, architecture, sizes: [] };
    const disk = InstanceStorageInfo?.TotalSizeInGB ?? 0;
    family.sizes.push({ size, vcpus: VCpuInfo.DefaultVCpus, memory: MemoryInfo.SizeInMiB, disk });
    families.set(name, family);
  }
  for (const { sizes } of families.values()) sizes.sort((one, other) => rank(one) - rank(other));
  return [...families.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function rank({ size, vcpus, memory }: Size): number {
  return (size.startsWith("metal") ? 1e12 : 0) + vcpus * 1e8 + memory;
}

/**
 * The sizes of Graviton families, as [families, sizes] where several have the same ones. EC2's answers lack a few sizes
 * of the newest families, which its model has.
 */
export function gravitonSizes(folder: string, families: Family[]): [families: string, sizes: string][] {
  const named = enumOf(folder, "ec2", "InstanceType").map((type) => type.split("."));
  const graviton = families.filter(({ name, architecture }) => architecture === "arm64" && isGraviton(name));
  const sizesOf = ({ name, sizes }: Family) => {
    const known = sizes.map(({ size }) => size);
    const others = named.flatMap(([family, size = ""]) => (family === name && !known.includes(size) ? [size] : []));
    return [...known, ...others].join(" ");
  };
  return grouped(graviton.map((family) => [family.name, sizesOf(family)]));
}

/** The types whose vCPUs the size does not tell. */
export function irregularVcpus(families: Family[]): [type: string, vcpus: number][] {
  return families.flatMap(({ name, sizes }) =>
    sizes.flatMap(({ size, vcpus }): [string, number][] =>
      vcpusOfSize(size) === vcpus ? [] : [[`${name}.${size}`, vcpus]],
    ),
  );
}

/** EMR's releases, oldest first, without previews; `emr-spark-` releases with that word. */
export function emrReleases(folder: string): string[] {
  const files = fs.readdirSync(path.join(folder, "moto/emr/resources"));
  const releases = files.flatMap((file) => /^instance-types-emr-((?:spark-)?[\d.]+)\.json\.gz$/.exec(file)?.[1] ?? []);
  return releases.sort((one, other) => ordinal(one) - ordinal(other));
}

/** The Graviton types that EMR lists for a release. */
export function emrTypes(folder: string, release: string): string[] {
  const types = readJson<string[]>(folder, `moto/emr/resources/instance-types-emr-${release}.json.gz`);
  return types.filter((type) => isGraviton(type));
}

/** The Graviton families that EMR lists, with their sizes and the releases that list them. */
export function emrFamilies(folder: string): { families: string; releases: string[] }[] {
  const listed = new Map<string, string[]>();
  for (const release of emrReleases(folder)) {
    for (const type of emrTypes(folder, release)) listed.set(type, [...(listed.get(type) ?? []), release]);
  }
  const families = familiesIn(folder).flatMap(({ name, sizes }): [string, string][] => {
    const known = sizes.filter(({ size }) => listed.has(`${name}.${size}`));
    const [first] = known.map(({ size }) => listed.get(`${name}.${size}`)?.join(" "));
    const differs = known.some(({ size }) => listed.get(`${name}.${size}`)?.join(" ") !== first);
    if (differs) throw new Error(`EMR lists the sizes of ${name} for different releases, for which there is no form`);
    return first === undefined ? [] : [[`${name}:${known.map(({ size }) => size)}`, first]];
  });
  return grouped(families).map(([names, releases]) => ({ families: names, releases: releases.split(" ") }));
}

/** The keys with the same value, together. */
function grouped(entries: [key: string, value: string][]): [keys: string, value: string][] {
  const groups = new Map<string, string[]>();
  for (const [key, value] of entries) groups.set(value, [...(groups.get(value) ?? []), key]);
  return [...groups].map(([value, keys]) => [keys.join(" "), value]);
}

function ordinal(release: string): number {
  return release
    .replace("spark-", "")
    .split(".")
    .reduce((sum, part) => sum * 1000 + Number(part), 0);
}
