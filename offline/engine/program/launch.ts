import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { readManifest } from "../documents";
import { ProgramError } from "../errors";
import type { StackConfig } from "../project/config";
import { findUpwards, type Project } from "../project/project";

/** What a program, and the packs that judge it, are started with. */
export interface Launch {
  project: Project;
  config: StackConfig;
  organization: string;
  dryRun: boolean;
  /** The address of the engine's services. */
  address: string;
}

/** Starts the program as the Pulumi CLI does. */
export function launchProgram(launch: Launch): ChildProcess {
  const { project, config } = launch;
  const { workingDirectory } = project;
  // Only ES modules need tsx's loader of `import`, as that starts a thread.
  const nodeArguments = isModule(project) ? ["--import", pathToFileURL(require.resolve("tsx")).href] : [];
  const runnerArguments = [
    `--monitor=${launch.address}`,
    `--engine=${launch.address}`,
    `--organization=${launch.organization}`,
    `--project=${project.name}`,
    `--stack=${config.stack}`,
    `--root-directory=${project.directory}`,
    `--pwd=${workingDirectory}`,
    // How many registrations may be under way at once; the Pulumi CLI sets no bound either.
    "--parallel=1024",
    ...(launch.dryRun ? ["--dry-run"] : []),
    project.entryPoint,
  ];
  return launchRunner({
    runner: resolveRunner("run", "program", workingDirectory),
    directory: workingDirectory,
    nodeArguments,
    runnerArguments,
    environment: environmentOf(launch),
    cacheDirectory: project.directory,
  });
}

export interface RunnerLaunch {
  /** The file of the SDK's runner. */
  runner: string;
  /** The working directory. */
  directory: string;
  nodeArguments?: string[];
  runnerArguments: string[];
  environment: NodeJS.ProcessEnv;
  /** The folder whose `.cache` keeps compiled code. */
  cacheDirectory: string;
}

/**
 * Starts one of the SDK's runners, leader of a process group of its own that outlives neither the runner nor this process.
 * The child closes, all that it printed read, soon after its end.
 * tsx compiles TypeScript without checking its types: the SDK's bundled ts-node takes seconds for the check.
 */
export function launchRunner(launch: RunnerLaunch): ChildProcess {
  const loaders = ["./preload.cjs", "../../typescript.cjs"].flatMap((file) => ["--require", require.resolve(file)]);
  const nodeArguments = [
    // The SDK handles rejections late; what it cannot handle it reports itself.
    "--disable-warning=PromiseRejectionHandledWarning",
    ...loaders,
    ...(launch.nodeArguments ?? []),
  ];
  const child = spawn(process.execPath, [...nodeArguments, launch.runner, ...launch.runnerArguments], {
    cwd: launch.directory,
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: path.join(launch.cacheDirectory, ".cache", "node"),
      ...launch.environment,
    },
    detached: process.platform !== "win32",
    windowsHide: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  guard(child);
  child.once("exit", () => release(child));
  return child;
}

/** How long the output of a child that has ended may stay open, in milliseconds. */
const drainLimit = 500;

/** What the child left running could hold its output open: a daemon, which has left the group, even now. */
function release(child: ChildProcess): void {
  killGroup(child);
  setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, drainLimit).unref();
}

/**
 * Ends the child's process group when this process is gone, killed perhaps: a child that spins would not notice.
 * Windows ends the children of a process with it.
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

function environmentOf({ project, config }: Launch): NodeJS.ProcessEnv {
  return {
    PULUMI_CONFIG: JSON.stringify(config.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
    PULUMI_NODEJS_TYPESCRIPT: "false",
    ...(project.tsconfig && { TSX_TSCONFIG_PATH: project.tsconfig }),
  };
}

/** Ends the child of `launchRunner` and all that it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
