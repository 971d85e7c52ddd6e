import { spawnSync } from "node:child_process";
import { ProgramError } from "../engine/errors";

/** Set in a hook of git, where they name the repository's own folders and index. */
const ofHooks = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/** What git prints, without the last line end; undefined when it fails. */
export function tryGit(directory: string, ...parameters: string[]): string | undefined {
  const { status, stdout } = runGit(directory, parameters);
  return status === 0 ? stdout.replace(/\n$/, "") : undefined;
}

/** @throws ProgramError with what git says */
export function git(directory: string, ...parameters: string[]): string {
  const { status, stdout, stderr } = runGit(directory, parameters);
  if (status === 0) return stdout.replace(/\n$/, "");
  throw new ProgramError(`git ${parameters.join(" ")} failed in ${directory}:\n${stderr.trim()}`);
}

function runGit(directory: string, parameters: string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofHooks.includes(name)));
  const result = spawnSync("git", parameters, {
    cwd: directory,
    env: { ...env, LC_ALL: "C" },
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    windowsHide: true,
  });
  if (result.error) {
    const { code, message } = result.error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw new ProgramError(`git cannot be run: ${message}`);
    throw new ProgramError(
      "git is not installed: install it, or give a file that preview --json has written instead of a git ref.",
    );
  }
  return result;
}
