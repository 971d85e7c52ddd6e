import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { StackConfig } from "./config";
import { ProgramError } from "./errors";
import { findUpwards, type Project } from "./project";

export interface Launch {
  project: Project;
  config: StackConfig;
  organization: string;
  dryRun: boolean;
  /** The address of the engine's services. */
  address: string;
}

/** Starts the program with the SDK's own runner, as the Pulumi CLI does. It leads a process group of its own. */
export function launchProgram(launch: Launch): ChildProcess {
  const { project, config } = launch;
  const { workingDirectory } = project;
  const loaders = loaderArguments(project);
  const runner = resolveRunner(workingDirectory);
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
  const program = spawn(process.execPath, [...loaders, runner, ...runnerArguments], {
    cwd: workingDirectory,
    env: { ...process.env, ...environmentOf(launch) },
    detached: process.platform !== "win32",
    windowsHide: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  guard(program);
  return program;
}

/**
 * Ends the program's process group when this process is gone, killed perhaps: a program that spins would not notice.
 * Windows ends the children of a process with it.
 */
function guard(program: ChildProcess): void {
  if (process.platform === "win32" || program.pid === undefined) return;
  const command = `read _; kill -s KILL -- -${program.pid}`;
  const watcher = spawn("/bin/sh", ["-c", command], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  watcher.unref();
  program.once("exit", () => watcher.kill("SIGKILL"));
}

function resolveRunner(directory: string): string {
  try {
    return createRequire(path.join(directory, "program")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new ProgramError(`@pulumi/pulumi is not installed for the program in ${directory}: run npm install there.`);
  }
}

/**
 * tsx compiles TypeScript without checking its types: the SDK's bundled ts-node takes seconds for the check.
 * Only ES modules need its loader of `import`, as that starts a thread.
 */
function loaderArguments(project: Project): string[] {
  const required = ["--require", require.resolve("./preload.cjs"), "--require", require.resolve("../typescript.cjs")];
  const imported = isModule(project) ? ["--import", pathToFileURL(require.resolve("tsx")).href] : [];
  // The SDK handles rejections late; what it cannot handle it reports itself.
  return ["--disable-warning=PromiseRejectionHandledWarning", ...required, ...imported];
}

function isModule(project: Project): boolean {
  if (/\.m[jt]s$/.test(project.entryPoint)) return true;
  const manifest = findUpwards(project.workingDirectory, "package.json");
  return manifest !== undefined && typeOf(manifest) === "module";
}

function typeOf(manifest: string): unknown {
  try {
    return (JSON.parse(fs.readFileSync(manifest, "utf8")) as { type?: unknown }).type;
  } catch (error) {
    throw new ProgramError(`${manifest} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function environmentOf({ project, config }: Launch): NodeJS.ProcessEnv {
  return {
    PULUMI_CONFIG: JSON.stringify(config.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
    PULUMI_NODEJS_TYPESCRIPT: "false",
    NODE_COMPILE_CACHE: path.join(project.directory, ".cache", "node"),
    ...(project.tsconfig && { TSX_TSCONFIG_PATH: project.tsconfig }),
  };
}

/** Ends the program and all that it started. */
export function killProgram(program: ChildProcess): void {
  if (program.pid === undefined) return;
  try {
    if (process.platform === "win32") program.kill("SIGKILL");
    else process.kill(-program.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
