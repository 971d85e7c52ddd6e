import { below, listOf, type Mistakes } from "../validation";

/** Adds a mistake unless exactly one of an object's properties of several kinds is given. */
export function oneOf<Kind extends string>(
  mistakes: Mistakes,
  given: Partial<Record<Kind, unknown>>,
  kinds: readonly Kind[],
  path: string,
): void {
  const [first, ...others] = kinds.filter((kind) => given[kind] !== undefined);
  if (first === undefined) mistakes.add(path, `has none of ${listOf(kinds.map((kind) => `\`${kind}\``))}; write one`);
  for (const other of others)
    mistakes.add(below(path, other), `cannot be combined with \`${first}\`; write one of them`);
}
