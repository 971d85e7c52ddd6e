import * as fs from "node:fs";
import * as path from "node:path";
import { ProgramError } from "../errors";
import type { Project } from "./project";

/** Which stack is meant: `dev` if its file is there, else the only one there is; `dev` when there is no stack file. */
export function chooseStack(project: Project, wanted: string | undefined): string {
  const stacks = listStacks(project);
  const [first = "dev", ...others] = stacks;
  if (wanted === undefined) {
    if (stacks.includes("dev") || stacks.length === 0) return "dev";
    if (others.length === 0) return first;
    throw new ProgramError(`Which stack? Give --stack with one of: ${stacks.join(", ")}.`);
  }
  // A stack's full name is organization/project/stack.
  const name = wanted.slice(wanted.lastIndexOf("/") + 1);
  if (stacks.length === 0 || stacks.includes(name)) return name;
  throw new ProgramError(
    `There is no stack "${name}" in ${project.stackDirectory}. Its stacks are: ${stacks.join(", ")}.`,
  );
}

/** The stack's file, if it is there. */
export function stackFile(project: Project, stack: string): string | undefined {
  const extensions = [path.extname(project.file), ".yaml", ".yml", ".json"];
  const candidates = extensions.map((extension) => path.join(project.stackDirectory, `Pulumi.${stack}${extension}`));
  return candidates.find((file) => fs.existsSync(file));
}

/** Settings of deployments in Pulumi Cloud have files of their own, `Pulumi.<stack>.deploy.yaml`. */
function listStacks(project: Project): string[] {
  const files = fs.existsSync(project.stackDirectory) ? fs.readdirSync(project.stackDirectory) : [];
  const stacks = files.flatMap((file) => /^Pulumi\.(.+)(?<!\.deploy)\.(?:ya?ml|json)$/.exec(file)?.[1] ?? []);
  return [...new Set(stacks)];
}
