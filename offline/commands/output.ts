import * as fs from "node:fs";
import type { Command } from "commander";
import { ProgramError } from "../engine/errors";
import { hideSecrets } from "../engine/query";
import { redact, reveal } from "../engine/values";
import { addRunOptions, type RunFlags, text } from "./options";
import { run } from "./run";

interface OutputFlags extends RunFlags {
  to?: string;
  showSecrets?: boolean;
}

/** Adds the command `output`. */
export function addOutput(program: Command, signal: AbortSignal): void {
  addRunOptions(program.command("output [name]"))
    .description("run the program and print all of its outputs, or the named one")
    .option("--to <file>", "write to this file instead of standard output", text)
    .option("--show-secrets", "print secrets in clear text")
    .action((name: string | undefined, flags: OutputFlags) => output(name, flags, signal));
}

async function output(name: string | undefined, flags: OutputFlags, signal: AbortSignal): Promise<void> {
  const graph = await run(flags, { signal });
  const { outputs } = flags.showSecrets ? graph : hideSecrets(graph);
  const value = name === undefined ? outputs : outputs[name];
  if (value === undefined) {
    const names = Object.keys(outputs).sort().join(", ");
    throw new ProgramError(
      `There is no output "${name}". ${names ? `The outputs are: ${names}.` : "The program has no outputs."}`,
    );
  }
  const shown = flags.showSecrets ? reveal(value) : redact(value);
  const text = typeof shown === "string" ? shown : JSON.stringify(shown, null, 2);
  const ended = text.endsWith("\n") ? text : `${text}\n`;
  if (flags.to === undefined) process.stdout.write(ended);
  else fs.writeFileSync(flags.to, ended);
}
