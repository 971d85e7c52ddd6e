import { type Command, InvalidArgumentError } from "commander";
import type { PolicyPackOptions } from "../engine/crossguard/start";
import { ProgramError } from "../engine/errors";

type Given = { pack: string } | { config: string };

/** Adds the options that name policy packs. The command's action receives them as the option `policyPacks`. */
export function addPolicyOptions(command: Command): Command {
  // One list for both, as their order pairs them.
  const given: Given[] = [];
  const add = (text: string, one: Given) => {
    if (!text) throw new InvalidArgumentError("Name a path.");
    given.push(one);
  };
  return command
    .option("--policy-pack <dir>", "check with the CrossGuard policy pack in this folder; repeatable", (pack) =>
      add(pack, { pack }),
    )
    .option(
      "--policy-pack-config <file>",
      "configuration of the pack named before it (default: its policy-config.<stack>.json); repeatable",
      (config) => add(config, { config }),
    )
    .hook("preAction", () => void command.setOptionValue("policyPacks", pairPacks(given)));
}

/**
 * Equal numbers of packs and configurations are paired in order, as by the Pulumi CLI. Otherwise each configuration belongs
 * to the pack named before it.
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
      throw new ProgramError(`--policy-pack-config ${one.config}: name its pack before it with --policy-pack DIR.`);
    else if (last.config !== undefined) {
      throw new ProgramError(
        `--policy-pack-config ${one.config}: ${last.directory} already has the configuration ${last.config}.`,
      );
    } else last.config = one.config;
  }
  return packs;
}
