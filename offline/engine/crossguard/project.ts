import * as fs from "node:fs";
import * as path from "node:path";
import { readYaml } from "../documents";
import { ProgramError } from "../errors";
import { readRuntime } from "../project/project";

/** The contents of PulumiPolicy.yaml. @see https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/ */
export interface PackProject {
  /** The folder of PulumiPolicy.yaml, absolute. */
  directory: string;
  /** The module to load: `main`, else the folder, whose package.json names its module. */
  entryPoint: string;
  /** Overrides that of package.json. */
  version?: string;
  /** The tsconfig of `runtime.options`, absolute. */
  tsconfig?: string;
}

/** @throws ProgramError when it is missing, or names something that cannot run here */
export function readPackProject(directory: string): PackProject {
  const names = ["PulumiPolicy.json", "PulumiPolicy.yaml", "PulumiPolicy.yml"];
  const file = names.map((name) => path.join(directory, name)).find((candidate) => fs.existsSync(candidate));
  if (!file) {
    throw new ProgramError(`There is no PulumiPolicy.yaml in ${directory}: name the folder of a policy pack.`);
  }
  const yaml = readYaml(file);
  const { options, mistake } = readRuntime(yaml.runtime, "packs");
  if (mistake) throw new ProgramError(`${file}: ${mistake}.`);
  return {
    directory,
    entryPoint: typeof yaml.main === "string" ? path.resolve(directory, yaml.main) : directory,
    ...(yaml.version !== undefined && yaml.version !== null && { version: String(yaml.version) }),
    ...(typeof options.tsconfig === "string" && { tsconfig: path.resolve(directory, options.tsconfig) }),
  };
}
