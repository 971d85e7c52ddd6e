import * as fs from "node:fs";
import * as path from "node:path";
import { Command } from "commander";
import { addOutput } from "./commands/output";
import { addPreview } from "./commands/preview";
import { addStart } from "./commands/start";
import { messageOf, ProgramError } from "./engine/errors";
import { describeDiagnostic } from "./report/diagnostic";

/** The command line. A user's mistake ends it with one message and exit code 1; Ctrl-C ends everything it started. */
export async function main(argv: string[]): Promise<void> {
  const interrupt = new AbortController();
  const stop = () => (interrupt.signal.aborted ? process.exit(130) : interrupt.abort());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  // A reader such as head may close the output early. The exit code stands: the command may have failed all the same.
  process.stdout.on("error", () => process.exit());
  try {
    await createCommand(interrupt.signal).parseAsync(argv);
  } catch (error) {
    if (interrupt.signal.aborted) process.exitCode = 130;
    else {
      process.stderr.write(`${describe(error)}\n`);
      process.exitCode = 1;
    }
  }
}

function describe(error: unknown): string {
  const shown = error instanceof ProgramError ? error.diagnostics.filter(({ severity }) => severity !== "error") : [];
  return [...shown.map(describeDiagnostic), `error: ${messageOf(error)}`].join("\n");
}

function createCommand(signal: AbortSignal): Command {
  const { version, description } = JSON.parse(fs.readFileSync(path.join(__dirname, "package.json"), "utf8"));
  const program = new Command("pulumi-offline").version(version).description(description);
  for (const add of [addPreview, addStart, addOutput]) add(program, signal);
  return program;
}
