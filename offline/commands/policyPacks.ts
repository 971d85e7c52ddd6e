import { type Command, InvalidArgumentError } from "commander";
import type { PolicyPackOptions } from "../engine/crossguard/start";
import { ProgramError } from "../engine/errors";

type Given = { pack: string } | { config: string };

/** Adds the options that name policy packs. The command's action finds what they say as the option `policyPacks`. */
export function addPolicyOptions(command: Command): Command {
  // One list for both, as their order says what belongs together.
  const given: Given[] = [];
  const add = (text: string, one: Given) => {
    if (!text) throw new InvalidArgumentError("Name a path.");
    given.push(one);
  };
  return command
    .option("--policy-pack <dir>", "check with the CrossGuard policy pack there; repeatable", (pack) =>
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
 * As many configurations as packs go together by their order, as with the Pulumi CLI. Else each belongs to the pack named
 * before it.
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
        `--policy-pack-config ${one.config}: ${last.directory} has the configuration ${last.config} already.`,
      );
    } else last.config = one.config;
  }
  return packs;
}
