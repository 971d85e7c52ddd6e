import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { temporaryFolder } from "../temporaryFolder";
import { programDirectory } from "./program";
import { repository } from "./start";

export const bin = path.join(repository, "offline/bin.js");

interface Result {
  code: number | null;
  out: string;
  error: string;
}

export interface Command {
  child: ChildProcess;
  /** What it has printed so far. */
  printed: { out: string; error: string };
  ended: Promise<Result>;
}

/** Starts `pulumi-offline` as a user does whose environment names no region. */
export function begin(...parameters: string[]): Command {
  const env = { ...process.env, AWS_REGION: "", AWS_DEFAULT_REGION: "" };
  const child = spawn(process.execPath, [bin, ...parameters], { stdio: ["ignore", "pipe", "pipe"], env });
  const printed = { out: "", error: "" };
  child.stdout.on("data", (chunk) => (printed.out += chunk));
  child.stderr.on("data", (chunk) => (printed.error += chunk));
  const ended = new Promise<Result>((resolve) => child.once("close", (code) => resolve({ code, ...printed })));
  return { child, printed, ended };
}

/** A copy of a program of tests/offline/programs that a test may edit; it finds the repository's packages. */
export function copyOfProgram(name: string): string {
  const folder = temporaryFolder();
  fs.cpSync(programDirectory(name), folder, { recursive: true });
  fs.symlinkSync(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
