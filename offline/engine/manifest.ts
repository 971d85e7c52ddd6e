import * as fs from "node:fs";
import { ProgramError } from "./errors";

/** What the engine asks of a package.json. */
interface Manifest {
  type?: string;
  dependencies?: Record<string, string>;
  pulumi?: { name?: string };
}

/** @throws ProgramError when it is not JSON */
export function readManifest(file: string): Manifest {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new ProgramError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
