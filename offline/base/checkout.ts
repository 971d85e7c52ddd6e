import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { messageOf, ProgramError } from "../engine/errors";
import { nearest } from "../engine/nearest";
import type { Project } from "../engine/project/project";
import { stackFile } from "../engine/project/stack";
import { git, tryGit } from "./git";
import { haveSameLock, linkPackages } from "./packages";

/** The files of a git ref, in a temporary folder. */
export interface Checkout {
  /** The folder of the repository that it was made from, and its counterpart. */
  root: { here: string; there: string };
  /** The program's folder in it. */
  directory: string;
  /** The ref and its commit: `origin/main (1df9faa)`. */
  title: string;
  /** About what makes a comparison with it less exact. */
  notes: string[];
  /** Removes it. It also goes when the process ends. */
  remove(): void;
}

/**
 * Checks a ref out with the packages of the current checkout, as a git worktree outside of it. Hooks do not run.
 * @throws ProgramError when there is no such ref, or it does not have the program or its stack's file
 */
export function checkOut(ref: string, project: Project, stack: string): Checkout {
  const here = tryGit(project.directory, "rev-parse", "--show-toplevel");
  if (here === undefined) throw notARepository(ref, project.directory);
  const prefix = git(project.directory, "rev-parse", "--show-prefix");
  const commit = findCommit(ref, here);
  needFiles(project, stack, (file, otherwise) => {
    const inside = path.posix.join(prefix, file.replaceAll(path.sep, "/"));
    if (inside.startsWith("../") || tryGit(here, "cat-file", "-e", `${commit}:${inside}`) !== undefined) return;
    throw new ProgramError(`${ref} has no ${inside}: ${otherwise}`);
  });
  const there = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-offline-diff-")));
  const remove = () => {
    process.removeListener("exit", remove);
    fs.rmSync(there, { recursive: true, force: true, maxRetries: 3 });
    tryGit(here, "worktree", "remove", "--force", there);
  };
  process.once("exit", remove);
  try {
    git(here, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", there, commit);
    const folders = git(here, "ls-tree", "-r", "-d", "-z", "--name-only", "--full-tree", commit).split("\0");
    linkPackages(here, there, folders);
  } catch (error) {
    remove();
    throw new ProgramError(`${ref} could not be checked out: ${messageOf(error)}`);
  }
  return {
    root: { here, there },
    directory: path.join(there, prefix),
    title: commit.startsWith(ref) ? commit.slice(0, 10) : `${ref} (${commit.slice(0, 10)})`,
    notes: haveSameLock(here, there, prefix)
      ? []
      : [`dependencies differ from the lock file of ${ref}: both are run with those installed now`],
    remove,
  };
}

function notARepository(ref: string, directory: string): ProgramError {
  // Git may also refuse a repository of another owner, and says what to do about it.
  try {
    git(directory, "rev-parse", "--show-toplevel");
  } catch (error) {
    if (!/not a git repository/.test(messageOf(error))) return new ProgramError(messageOf(error));
  }
  return new ProgramError(
    `"${ref}" is neither a file nor a git ref, as ${directory} is not in a git repository. ` +
      "Give a file that the base's program has written: pulumi-offline preview --json > base.json",
  );
}

/** @throws ProgramError with what to name or to fetch instead */
function findCommit(ref: string, root: string): string {
  const find = (name: string) => tryGit(root, "rev-parse", "--verify", "--quiet", "--end-of-options", name);
  const commit = find(`${ref}^{commit}`);
  if (commit !== undefined) return commit;
  const other = find(ref);
  if (other !== undefined) {
    const type = tryGit(root, "cat-file", "-t", other);
    throw new ProgramError(`"${ref}" is a ${type} in ${root}. Name a branch, a tag or a commit.`);
  }
  const missing = `There is no file and no commit "${ref}" in ${root}`;
  if (tryGit(root, "rev-parse", "--is-shallow-repository") === "true") {
    throw new ProgramError(
      `${missing}, which is a shallow clone. Fetch the commit first: git fetch --unshallow ` +
        "(in GitHub Actions: actions/checkout with fetch-depth: 0).",
    );
  }
  const refs = tryGit(root, "for-each-ref", "--format=%(refname:short)")?.split("\n").filter(Boolean) ?? [];
  if (refs.length === 0) throw new ProgramError(`${missing}, which has no commits yet: git commit the program first.`);
  const meant = nearest(ref, refs);
  const instead = tryGit(root, "remote") ? "Fetch it first: git fetch --all --tags" : `There are: ${refs.join(", ")}`;
  throw new ProgramError(`${missing}${meant ? `: did you mean "${meant}"?` : `. ${instead}`}`);
}

function needFiles(project: Project, stack: string, need: (file: string, otherwise: string) => void): void {
  const { directory, file } = project;
  need(path.relative(directory, file), "the program is newer, or has moved. Compare with a later ref.");
  const settings = stackFile(project, stack);
  if (settings === undefined) return;
  const otherwise = `the stack ${stack} is newer, or its file is not committed`;
  need(
    path.relative(directory, settings),
    `${otherwise}. Name another stack with --stack, or compare with a later ref.`,
  );
}
