import type { Break } from "./model";

/**
 * The breaks, with the reasons that options `KIND:TARGET=REASON` give for them; and the options that fit none. `*` in a target
 * stands for any text.
 */
export function allow(breaks: Break[], given: string[]): { breaks: Break[]; unused: string[] } {
  const used = new Set<string>();
  const marked = breaks.map((one): Break => {
    for (const option of given) {
      const allowed = reasonFor(one, option);
      if (allowed === undefined) continue;
      used.add(option);
      return { ...one, allowed };
    }
    return one;
  });
  return { breaks: marked, unused: given.filter((option) => !used.has(option)) };
}

/** The option is read with the break at hand, as a target may have `=` in it. */
function reasonFor({ kind, target }: Break, option: string): string | undefined {
  const exact = `${kind}:${target}=`;
  if (option.startsWith(exact)) return option.slice(exact.length);
  if (!option.startsWith(`${kind}:`)) return undefined;
  const pattern = option.slice(kind.length + 1, option.indexOf("="));
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(target) ? option.slice(option.indexOf("=") + 1) : undefined;
}
