import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { begin } from "./offline/cli";
import { temporaryFolder } from "./offline/graph";
import { repository } from "./offline/start";

/** Copies of examples in one folder outside the repository, with what their package.json names. */
export async function copyExamples(names: string[]): Promise<string> {
  const parent = temporaryFolder();
  install(parent);
  for (const name of names) {
    const folder = path.join(parent, name);
    if (name === "minimal") await begin("init", folder).ended;
    else fs.cpSync(path.join(repository, "examples", name), folder, { recursive: true });
    fs.symlinkSync(path.join(parent, "node_modules"), path.join(folder, "node_modules"));
  }
  return parent;
}

/** Gives a folder the repository's own packages, and those that the examples use. */
function install(folder: string): void {
  fs.symlinkSync(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
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
