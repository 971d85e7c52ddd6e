import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";

/** What runs a function in Python. */
export interface Python {
  /** The interpreter. */
  file: string;
  /** Where it looks for modules after the function's own folder. */
  folders: string[];
}

/** Prints the minor version, the version and the file of the Python that runs it, one per line. */
const QUESTION = "import sys; print(sys.version_info[1], sys.version.split()[0], sys.executable, sep='\\n')";

interface Interpreter {
  minor: number;
  version: string;
  file: string;
}

/** By command. A missing one is looked for each time, as it may have been installed since. */
const found = new Map<string, Promise<Interpreter | undefined>>();

/**
 * Finds the Python that runs a runtime such as `python3.13`: `python3`, unless it is older, or else the command of that name.
 * @returns its file, or what is missing
 */
export async function findPython(runtime: string): Promise<{ file: string } | { problem: string }> {
  const needed = Number(runtime.split(".")[1]);
  const first = await ask("python3");
  const fitting = first && first.minor >= needed ? first : await ask(runtime);
  if (fitting) return { file: fitting.file };
  const has = first ? `python3 is ${first.version} on this machine` : "this machine has no python3";
  const install = `install Python 3.${needed} or later, and put it on the PATH`;
  return { problem: `${runtime} is needed, but ${has}: ${install}` };
}

/** The folders of a layer in which Lambda looks for modules. @see https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html */
export function layerFolders(root: string, runtime: string): string[] {
  return [path.join(root, "python", "lib", runtime, "site-packages"), path.join(root, "python")];
}

function ask(command: string): Promise<Interpreter | undefined> {
  const known = found.get(command);
  if (known) return known;
  const answer = promisify(execFile)(command, ["-c", QUESTION]).then(
    ({ stdout }) => {
      const [minor, version = "", file = command] = stdout.split(/\r?\n/);
      return { minor: Number(minor), version, file };
    },
    () => {
      found.delete(command);
      return undefined;
    },
  );
  found.set(command, answer);
  return answer;
}
