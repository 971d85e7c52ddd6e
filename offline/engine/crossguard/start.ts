import * as path from "node:path";
import type { Launch } from "../program/launch";
import { PackProcess } from "./process";
import { readPackProject } from "./project";

/** A policy pack to run. */
export interface PolicyPackOptions {
  /** The folder of its PulumiPolicy.yaml. */
  directory: string;
  /** Its configuration file. @default policy-config.<stack>.json in its folder, if it exists */
  config?: string;
}

/** A pack with its process, or with the reason why it did not start. */
export interface StartedPack extends PolicyPackOptions {
  process: PackProcess | Error;
  /** The version in PulumiPolicy.yaml. */
  version?: string;
}

export function startPack({ directory: given, config }: PolicyPackOptions, run: Launch): StartedPack {
  const directory = path.resolve(given);
  const named = { directory, ...(config !== undefined && { config: path.resolve(config) }) };
  try {
    const pack = readPackProject(directory);
    const { version } = pack;
    return { ...named, process: new PackProcess(pack, run), ...(version !== undefined && { version }) };
  } catch (error) {
    return { ...named, process: error instanceof Error ? error : new Error(String(error)) };
  }
}
