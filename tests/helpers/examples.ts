import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { repository } from "./offline/start";
import { createConsumer, offline } from "./packages/consumer";

/** Projects made of examples in one folder outside the repository, in which the packed packages are installed. */
export async function copyExamples(names: string[]): Promise<string> {
  const sources = names.map((name) => path.join(repository, "examples", name));
  const parent = await createConsumer({}, {}, sources.flatMap(dependenciesOf));
  for (const name of names) {
    const folder = path.join(parent, name);
    const { status, output } = await offline(parent, "init", folder, "--template", name);
    if (status !== 0) throw new Error(output);
    fs.symlinkSync(path.join(parent, "node_modules"), path.join(folder, "node_modules"));
  }
  return parent;
}

function dependenciesOf(example: string): string[] {
  const { dependencies, devDependencies } = JSON.parse(fs.readFileSync(path.join(example, "package.json"), "utf8"));
  return Object.keys({ ...dependencies, ...devDependencies });
}

/** Runs a script of a project's package.json, as `npm run` does. */
export async function runScript(folder: string, script: string, ...parameters: string[]): Promise<string> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = { cwd: folder, shell: process.platform === "win32" };
  try {
    const { stdout } = await promisify(execFile)(npm, ["run", "--silent", script, "--", ...parameters], options);
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`npm run ${script} failed in ${folder}:\n${stdout}${stderr}`);
  }
}
