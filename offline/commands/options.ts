import { type Command, InvalidArgumentError } from "commander";
import type { PolicyPackOptions } from "../engine/crossguard/start";

/** The options of every command that runs a program. */
export interface RunFlags {
  cwd: string;
  stack?: string;
  config: Record<string, string>;
  lookup: Record<string, "none">;
  timeout: number;
  policyPacks?: PolicyPackOptions[];
}

/** Adds the options of `RunFlags`, except those for policy packs. */
export function addRunOptions(command: Command): Command {
  return command
    .option("--cwd <dir>", "the Pulumi program's folder", text, process.cwd())
    .option("--stack <name>", "the stack (default: dev if it has a file, otherwise the only stack that has one)", text)
    .option("--config <key=value>", "set a configuration value, overriding the stack's file; repeatable", pair, {})
    .option(
      "--lookup <token=none>",
      "let a function, such as aws:ec2/getVpc:getVpc, find nothing; repeatable",
      lookup,
      {},
    )
    .option("--timeout <seconds>", "stop the program if it runs longer than this", duration, 120);
}

/** Refuses what an unset variable of a shell leaves: an empty path would be the current folder. */
export function text(given: string): string {
  if (given) return given;
  throw new InvalidArgumentError("It must not be empty.");
}

/** Adds `name=value` to those given before it. */
export function pair(given: string, earlier: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Write it as name=value.");
  return { ...earlier, [name]: value };
}

/** Adds `token=none` to those given before it. */
function lookup(given: string, earlier: Record<string, "none">): Record<string, "none"> {
  const [, token] = /^(\w[\w-]*(?::[\w/.-]+){1,2})=none$/.exec(given) ?? [];
  if (token !== undefined) return { ...earlier, [token]: "none" };
  throw new InvalidArgumentError("Write it as TOKEN=none, such as aws:ec2/getVpc:getVpc=none.");
}

export function list(given: string, earlier: string[]): string[] {
  return [...earlier, given];
}

export function port(given: string): number {
  const number = Number(given);
  if (given && Number.isInteger(number) && number >= 0 && number < 65536) return number;
  throw new InvalidArgumentError("Use a number from 0 to 65535.");
}

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** The milliseconds of a duration such as `90m` or `1d12h`; undefined if it is not one. */
export function readDuration(given: string): number | undefined {
  const parts = [...given.matchAll(/(\d+)([smhdw])/gy)];
  if (given === "" || parts.map(([part]) => part).join("") !== given) return undefined;
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}

/** In seconds: timers count milliseconds in 31 bits. */
const longestTimeout = 2_147_483;

function duration(given: string): number {
  const number = Number(given);
  if (number > 0 && number <= longestTimeout) return number;
  throw new InvalidArgumentError(`Use a number of seconds above 0, at most ${longestTimeout}.`);
}
