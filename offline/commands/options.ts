import { type Command, InvalidArgumentError } from "commander";
import type { PolicyPackOptions } from "../engine/crossguard/start";

/** The options of every command that runs a program. */
export interface RunFlags {
  cwd: string;
  stack?: string;
  config: Record<string, string>;
  timeout: number;
  policyPacks?: PolicyPackOptions[];
}

/** Adds the options of `RunFlags`, except the policy packs. */
export function addRunOptions(command: Command): Command {
  return command
    .option("--cwd <dir>", "folder of the Pulumi program", process.cwd())
    .option("--stack <name>", "stack (default: dev if there is one, else the only one)")
    .option("--config <key=value>", "configuration that overrides the stack's file; repeatable", pair, {})
    .option("--timeout <seconds>", "end the program if it takes longer", duration, 120);
}

/** Adds `name=value` to the earlier ones. */
export function pair(text: string, earlier: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Write it as name=value.");
  return { ...earlier, [name]: value };
}

export function list(text: string, earlier: string[]): string[] {
  return [...earlier, text];
}

export function port(text: string): number {
  const number = Number(text);
  if (text && Number.isInteger(number) && number >= 0 && number < 65536) return number;
  throw new InvalidArgumentError("Give a number from 0 to 65535.");
}

/** In seconds. Timers count milliseconds in 31 bits. */
const longestTimeout = 2_147_483;

function duration(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= longestTimeout) return number;
  throw new InvalidArgumentError(`Give a number above 0 and at most ${longestTimeout}.`);
}
