import * as path from "node:path";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { storedIn, wipe } from "../cloud/wipe";
import { ProgramError } from "../engine/errors";
import { text } from "./options";

interface WipeFlags {
  data: string;
  yes?: boolean;
}

/** Adds the command `wipe`. */
export function addWipe(program: Command, signal: AbortSignal): void {
  program
    .command("wipe")
    .description("delete what start has stored in a data folder")
    .requiredOption("--data <dir>", "the folder that was given to start as --data", text)
    .option("--yes", "do not ask")
    .action((flags: WipeFlags) => confirmAndWipe(flags, signal));
}

async function confirmAndWipe({ data, yes }: WipeFlags, signal: AbortSignal): Promise<void> {
  const folder = path.resolve(data);
  const stored = (await storedIn(folder)).join(", ");
  if (!yes && !(await confirm(`Delete ${stored} in ${folder}? [y/N] `, signal))) return;
  await wipe(folder);
  process.stdout.write(`deleted ${stored} in ${folder}\n`);
}

/** @throws ProgramError when nobody can be asked */
async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) throw new ProgramError("wipe asks before it deletes: add --yes where it cannot ask.");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question, { signal })).trim());
  } finally {
    lines.close();
  }
}
