import { ProgramError } from "../engine/errors";
import type { Diagnostic, Graph } from "../engine/graph";
import type { ProgramOptions } from "../engine/run";
import { describeDiagnostic } from "../report/diagnostic";
import { progressOn } from "../report/progress";
import type { RunFlags } from "./options";

interface RunOptions
  extends Pick<ProgramOptions, "dryRun" | "unknowns" | "contents" | "previous" | "runner" | "onLaunch" | "onSuccess"> {
  signal: AbortSignal;
  /** Takes what the program says, as it says it. @default standard error, and only if the run fails */
  log?(line: string): void;
}

/** Runs the program that the flags name, and shows how far it has come. */
export async function run(flags: RunFlags, { log, ...options }: RunOptions): Promise<Graph> {
  // Loaded here so that --help and --version answer at once.
  const { runProgram } = require("../engine/run") as typeof import("../engine/run");
  const progress = progressOn(process.stderr);
  const write = log ?? ((line: string) => process.stderr.write(`${line}\n`));
  const shown = new Set<Diagnostic>();
  const show = (diagnostic: Diagnostic) => {
    if (!shown.has(diagnostic)) write(describeDiagnostic(diagnostic));
    shown.add(diagnostic);
  };
  // If the run fails, its errors are the failure's message.
  const showUnlessError = (diagnostic: Diagnostic) => diagnostic.severity !== "error" && show(diagnostic);
  try {
    const { cwd, stack, config, lookup: lookups, timeout, policyPacks = [] } = flags;
    const graph = await runProgram({
      ...options,
      directory: cwd,
      config,
      lookups,
      policyPacks,
      timeoutSeconds: timeout,
      ...(stack !== undefined && { stack }),
      onResource: progress.count,
      ...(log && { onDiagnostic: showUnlessError }),
    }).finally(progress.stop);
    if (log) graph.diagnostics.forEach(show);
    return graph;
  } catch (error) {
    if (error instanceof ProgramError && !options.signal.aborted) error.diagnostics.forEach(showUnlessError);
    throw error;
  }
}
