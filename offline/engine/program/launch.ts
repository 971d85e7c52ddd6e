import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import * as path from "node:path";
import { readManifest } from "../documents";
import { ProgramError } from "../errors";
import type { StackConfig } from "../project/config";
import { findUpwards, type Project } from "../project/project";
import { runNode } from "./node.cjs";

/**
 * How a program runs: "sdk" is the way of the Pulumi CLI, in which the SDK's ts-node compiles it and checks its types; "fast"
 * compiles it as the SDK does, but checks no types, and leaves out what is rarely used of the SDK.
 */
export type RunnerMode = "fast" | "sdk";

/** How to start a program and its policy packs. */
export interface Launch {
  project: Project;
  config: StackConfig;
  organization: string;
  dryRun: boolean;
  /** The address of the engine's services. */
  address: string;
  mode: RunnerMode;
}

/** Starts the program as the Pulumi CLI does. */
export function launchProgram(launch: Launch): ChildProcess {
  const { project, config } = launch;
  const { workingDirectory } = project;
  const runnerArguments = [
    `--monitor=${launch.address}`,
    `--engine=${launch.address}`,
    `--organization=${launch.organization}`,
    `--project=${project.name}`,
    `--stack=${config.stack}`,
    `--root-directory=${project.directory}`,
    `--pwd=${workingDirectory}`,
    // As good as no limit on concurrent registrations; the Pulumi CLI sets none either.
    "--parallel=1024",
    ...(launch.dryRun ? ["--dry-run"] : []),
    project.entryPoint,
  ];
  return launchRunner({
    mode: launch.mode,
    runner: resolveRunner("run", "program", workingDirectory),
    directory: workingDirectory,
    nodeArguments: launch.mode === "sdk" ? project.nodeArguments : withoutCompilers(project.nodeArguments),
    runnerArguments,
    environment: environmentOf(launch),
    isModule: isModule(project),
    ...(project.typescript && { tsconfig: project.tsconfig ?? path.join(workingDirectory, "tsconfig.json") }),
  });
}

/** Leaves out loaders that compile TypeScript, such as `--loader ts-node/esm`. */
function withoutCompilers(given: string[]): string[] {
  const isCompiler = (value: string) => /^(ts-node|tsx)(\/|$)/.test(value);
  return given.filter((one, index) => {
    const [, flag, value = ""] = /^(--[\w-]+=)?(.*)$/.exec(one) ?? [];
    return !isCompiler(value) && (flag !== undefined || !isCompiler(given[index + 1] ?? ""));
  });
}

export interface RunnerLaunch {
  mode: RunnerMode;
  /** The file of the SDK's runner. */
  runner: string;
  /** The working directory. */
  directory: string;
  nodeArguments?: string[];
  runnerArguments: string[];
  environment: NodeJS.ProcessEnv;
  /** Whether the program is an ES module: the loader for these starts a thread. @default false */
  isModule?: boolean;
  /** Whose options compile TypeScript, absolute; the file need not exist. @default esbuild compiles it, as tsx would */
  tsconfig?: string;
}

/**
 * Starts one of the SDK's runners in its own process group, which outlives neither the runner nor this process.
 * The child emits "close" soon after it ends, once its output has been read.
 */
export function launchRunner({ mode, nodeArguments = [], tsconfig, ...launch }: RunnerLaunch): ChildProcess {
  const { runner, runnerArguments, directory } = launch;
  const environment = { ...process.env, ...launch.environment };
  const child =
    mode === "sdk"
      ? spawn(process.execPath, [...nodeArguments, runner, ...runnerArguments], {
          cwd: directory,
          env: environment,
          detached: process.platform !== "win32",
          windowsHide: true,
          stdio: ["ignore", "pipe", "pipe"],
        })
      : runNode(nodeArguments, { ...launch, environment, ...(tsconfig && { compiler: { runner, tsconfig } }) });
  guard(child);
  child.once("exit", () => release(child));
  return child;
}

/** How long the output of a child that has ended may stay open, in milliseconds. */
const drainLimit = 500;

/** A daemon of the child's, no longer in its group, survives this and could hold its output open. */
function release(child: ChildProcess): void {
  killGroup(child);
  setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, drainLimit).unref();
}

/**
 * Ends the child's process group when this process is gone, even if it was killed: a busy child would not notice.
 * Windows ends child processes itself.
 */
function guard(child: ChildProcess): void {
  if (process.platform === "win32" || child.pid === undefined) return;
  const command = `read _; kill -s KILL -- -${child.pid}`;
  const watcher = spawn("/bin/sh", ["-c", command], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  watcher.unref();
  child.once("exit", () => watcher.kill("SIGKILL"));
}

/** @throws ProgramError when the SDK is not installed for the folder */
export function resolveRunner(runner: "run" | "run-policy-pack", subject: string, directory: string): string {
  try {
    return createRequire(path.join(directory, subject)).resolve(`@pulumi/pulumi/cmd/${runner}`);
  } catch {
    throw new ProgramError(
      `@pulumi/pulumi is not installed for the ${subject} in ${directory}: run npm install there.`,
    );
  }
}

function isModule(project: Project): boolean {
  if (/\.m[jt]s$/.test(project.entryPoint)) return true;
  const manifest = findUpwards(project.workingDirectory, "package.json");
  return manifest !== undefined && readManifest(manifest).type === "module";
}

function environmentOf({ project, config, mode }: Launch): NodeJS.ProcessEnv {
  const { tsconfig } = project;
  return {
    PULUMI_CONFIG: JSON.stringify(config.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
    PULUMI_NODEJS_TYPESCRIPT: String(mode === "sdk" && project.typescript),
    ...(tsconfig && (mode === "sdk" ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig } : { TSX_TSCONFIG_PATH: tsconfig })),
  };
}

/** Ends the child of `launchRunner` and everything that it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}
