import type { Graph } from "../engine/graph";
import type { ProgramOptions } from "../engine/run";
import { progressOn } from "../report/progress";
import type { RunFlags } from "./options";

type RunOptions = Pick<ProgramOptions, "dryRun" | "unknowns" | "onLaunch"> & { signal: AbortSignal };

/** Runs the program that the flags name, and shows its progress. */
export async function run(flags: RunFlags, options: RunOptions): Promise<Graph> {
  // Loaded here so that --help and --version answer at once.
  const { runProgram } = require("../engine/run") as typeof import("../engine/run");
  const progress = progressOn(process.stderr);
  try {
    const { cwd, stack, config, timeout, policyPacks = [] } = flags;
    return await runProgram({
      ...options,
      directory: cwd,
      config,
      policyPacks,
      timeoutSeconds: timeout,
      ...(stack !== undefined && { stack }),
      onResource: progress.count,
    });
  } finally {
    progress.stop();
  }
}
