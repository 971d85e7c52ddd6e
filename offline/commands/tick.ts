import { type Command, InvalidArgumentError } from "commander";
import type { Tick } from "../cloud/clock/service";
import type { Advance, Firing } from "../cloud/core/clock";
import { inSeconds } from "../cloud/core/times";
import { callJson } from "./callService";
import { readDuration } from "./options";
import { addSessionOptions, findSession, type SessionFlags } from "./sessions";

interface TickFlags extends SessionFlags {
  to: Tick;
}

/** Adds the command `tick`. */
export function addTick(program: Command, signal: AbortSignal): void {
  addSessionOptions(
    program
      .command("tick")
      .description("move the clock of a program's schedules forward, and fire all that is due on the way")
      .requiredOption("--to <time>", "a time such as 2030-03-31T03:00:00Z, or how far: 90m, 1h, 2d, 1d12h", readTime),
  ).action((flags: TickFlags) => tick(flags, signal));
}

async function tick(flags: TickFlags, signal: AbortSignal): Promise<void> {
  const advance = await callJson<Advance>(findSession(flags), "offline", "Offline.Tick", flags.to, signal);
  process.stdout.write(`${linesOf(advance).join("\n")}\n`);
}

/** A time without an offset is UTC, as functions have it. @throws InvalidArgumentError if it is neither time nor duration */
export function readTime(given: string): Tick {
  const duration = readDuration(given);
  if (duration !== undefined) return { by: duration };
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/.test(given);
  const to = isTime
    ? Date.parse(/T.*(Z|[+-]\d\d:\d\d)$/.test(given) ? given : `${given.padEnd(16, "T00:00")}Z`)
    : Number.NaN;
  if (!Number.isNaN(to)) return { to };
  throw new InvalidArgumentError("Write a time such as 2030-03-31T03:00:00Z, or a duration such as 90m, 1h or 2d.");
}

function linesOf({ fired, now, next, isComplete }: Advance): string[] {
  const lines = fired.map((one) => `${lineOf(one)}${one.failure === undefined ? "" : ` failed: ${one.failure}`}`);
  if (fired.length === 0) lines.push("Nothing was due.");
  if (!isComplete) lines.push(`Stopped after ${fired.length}: run tick again to go on.`);
  const then = next === undefined ? "Nothing fires after that." : `Next: ${lineOf(next)}`;
  return [...lines, `The schedules' clock shows ${inSeconds(now)}. ${then}`];
}

function lineOf({ time, what }: Firing): string {
  return `${inSeconds(time)} ${what}`;
}
