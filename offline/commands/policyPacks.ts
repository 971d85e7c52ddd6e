import type { Command } from "commander";
import type { PolicyPackOptions } from "../engine/crossguard/start";
import { ProgramError } from "../engine/errors";
import { text } from "./options";

type Given = { pack: string } | { config: string };

/** Adds the options for policy packs. The command's action finds them, paired, as the option `policyPacks`. */
export function addPolicyOptions(command: Command): Command {
  // One list for both, because their order says which belong together.
  const given: Given[] = [];
  return command
    .option(
      "--policy-pack <dir>",
      "check the program with the CrossGuard policy pack in this folder; repeatable",
      (pack) => void given.push({ pack: text(pack) }),
    )
    .option(
      "--policy-pack-config <file>",
      "configure the policy pack named before it (default: its policy-config.<stack>.json); repeatable",
      (config) => void given.push({ config: text(config) }),
    )
    .hook("preAction", () => void command.setOptionValue("policyPacks", pairPacks(given)));
}

/**
 * Pairs packs with configurations: by their order if there are as many of each, as the Pulumi CLI does;
 * otherwise each configuration belongs to the pack named before it.
 * @throws ProgramError when a configuration has no pack, or a pack has two
 */
export function pairPacks(given: Given[]): PolicyPackOptions[] {
  const directories = given.flatMap((one) => ("pack" in one ? [one.pack] : []));
  const configs = given.flatMap((one) => ("config" in one ? [one.config] : []));
  if (directories.length === configs.length) {
    return directories.map((directory, index) => ({ directory, config: configs[index] ?? "" }));
  }
  const packs: PolicyPackOptions[] = [];
  for (const one of given) {
    const last = packs.at(-1);
    if ("pack" in one) packs.push({ directory: one.pack });
    else if (!last)
      throw new ProgramError(`--policy-pack-config ${one.config} has no pack: name it first, with --policy-pack DIR.`);
    else if (last.config !== undefined) {
      throw new ProgramError(
        `--policy-pack-config ${one.config}: the pack ${last.directory} already has the configuration ${last.config}.`,
      );
    } else last.config = one.config;
  }
  return packs;
}
