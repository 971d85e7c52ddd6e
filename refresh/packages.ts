import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";

/** The packages of PyPI that the data is read from, and the day on which each version was published. */
export const packages = {
  /** EC2's and EMR's own answers. */
  moto: { version: "5.2.5", published: "2026-10-27" },
  /** AWS's models of its APIs. */
  botocore: { version: "1.44.8", published: "2026-11-20" },
  /** The last days of Lambda's runtimes. */
  "cfn-lint": { version: "1.58.0", published: "2026-10-20" },
};

export type Package = keyof typeof packages;

/** The packages with their versions, as a generated file names its sources. */
export function sources(...names: Package[]): string {
  return names.map((name) => `${name} ${packages[name].version} (${packages[name].published})`).join(" and ");
}

/** Installs these versions, without what they depend on, into a folder. */
export function install(folder: string): void {
  const wanted = Object.entries(packages).map(([name, { version }]) => `${name}==${version}`);
  const options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--target", folder];
  execFileSync("python3", ["-m", "pip", "install", ...options, ...wanted], { stdio: "inherit" });
}

/** The version of a package in a folder that pip installed it into, if it is there. */
export function versionIn(folder: string, name: Package): string | undefined {
  const pattern = new RegExp(`^${name.replace("-", "[-_]")}-(.+)\\.dist-info$`);
  return fs.readdirSync(folder).flatMap((entry) => pattern.exec(entry)?.[1] ?? [])[0];
}

/** A file of JSON in a package. */
export function readJson<T>(folder: string, file: string): T {
  const content = fs.readFileSync(path.join(folder, file));
  return JSON.parse((file.endsWith(".gz") ? gunzipSync(content) : content).toString());
}

/** A shape where another one has it. */
interface Reference {
  shape: string;
  documentation?: string;
}

/** A shape of botocore's model of a service. */
export interface Shape {
  type: string;
  members?: Record<string, Reference>;
  /** What a list contains. */
  member?: Reference;
  /** What a map's keys lead to. */
  value?: Reference;
  enum?: string[];
  min?: number;
  max?: number;
  pattern?: string;
  documentation?: string;
}

/** The model of the newest version of a service's API. */
export function modelOf(folder: string, service: string): { shapes: Record<string, Shape> } {
  return readJson(folder, `${newestModel(folder, service)}/service-2.json.gz`);
}

/** The folder of the newest version of a service's API. */
export function newestModel(folder: string, service: string): string {
  const versions = fs.readdirSync(path.join(folder, "botocore/data", service)).sort();
  return `botocore/data/${service}/${versions.at(-1)}`;
}

/** The values of an enum of a service. */
export function enumOf(folder: string, service: string, shape: string): string[] {
  return modelOf(folder, service).shapes[shape]?.enum ?? [];
}
