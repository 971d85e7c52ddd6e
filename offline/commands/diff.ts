import { type Command, InvalidArgumentError, Option } from "commander";
import { breakKinds } from "../diff/model";
import type { DiffFlags, diffPrograms } from "./diffPrograms";
import { addRunOptions } from "./options";
import { addPolicyOptions } from "./policyPacks";

/** Adds the command `diff`. */
export function addDiff(program: Command, signal: AbortSignal): void {
  addPolicyOptions(addRunOptions(program.command("diff <base>")))
    .description("run the program and show what changes against a base: a file of preview --json, or a git ref")
    .option(
      "--allow <kind:target=reason>",
      "accept a breaking change, as the report names it, with the reason; repeatable",
      allowance,
      [],
    )
    .option("--json", "print the comparison as JSON")
    .addOption(new Option("--markdown", "print Markdown for a comment on a pull request").conflicts("json"))
    .option("--unknowns", "leave computed outputs unknown, as in the first preview of a stack")
    .action((base: string, flags: DiffFlags) => {
      // Loaded here, as no other command needs it.
      const loaded = require("./diffPrograms") as { diffPrograms: typeof diffPrograms };
      return loaded.diffPrograms(base, flags, signal);
    });
}

function allowance(given: string, earlier: string[]): string[] {
  const [, kind, reason] = /^([^:]*):.+?=(.*)$/s.exec(given) ?? [];
  if (!(breakKinds as readonly (string | undefined)[]).includes(kind)) {
    throw new InvalidArgumentError(`Write it as KIND:TARGET=REASON. KIND is one of: ${breakKinds.join(", ")}.`);
  }
  if (!reason?.trim()) throw new InvalidArgumentError("Write why after the =.");
  return [...earlier, given];
}
