import * as fs from "node:fs";
import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import { Command } from "commander";
import { addDiff } from "./commands/diff";
import { addInit } from "./commands/init";
import { addInvoke } from "./commands/invoke";
import { addLogs } from "./commands/logs";
import { addOutput } from "./commands/output";
import { addPreview } from "./commands/preview";
import { addPut } from "./commands/put";
import { addRedrive } from "./commands/redrive";
import { addServices } from "./commands/services";
import { addStart } from "./commands/start";
import { addTick } from "./commands/tick";
import { addToken } from "./commands/token";
import { addWipe } from "./commands/wipe";
import { messageOf } from "./engine/errors";

/** The command line. A user's mistake ends it with one message and exit code 1, unless the command has set another. Ctrl-C ends everything that it started. */
export async function main(argv: string[]): Promise<void> {
  const interrupt = new AbortController();
  let signalled = false;
  const stop = () => {
    if (interrupt.signal.aborted) process.exit(130);
    signalled = true;
    interrupt.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  // Whoever read the output, such as head, has seen enough. What they read about may have failed all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => interrupt.abort());
  try {
    await createCommand(interrupt.signal).parseAsync(argv);
  } catch (error) {
    if (signalled) process.exitCode = 130;
    else process.exitCode ??= 1;
    if (signalled) return;
    // The log is written in the next turn of the event loop, and comes first.
    await setImmediate();
    process.stderr.write(`error: ${messageOf(error)}\n`);
  }
}

function createCommand(signal: AbortSignal): Command {
  const { version, description } = JSON.parse(fs.readFileSync(path.join(__dirname, "package.json"), "utf8"));
  const program = new Command("pulumi-offline").version(version).description(description);
  for (const add of [
    addPreview,
    addDiff,
    addStart,
    addOutput,
    addInvoke,
    addLogs,
    addRedrive,
    addPut,
    addTick,
    addToken,
    addServices,
    addWipe,
    addInit,
  ])
    add(program, signal);
  return program;
}
