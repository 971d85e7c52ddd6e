const SETS = new Set(["SS", "NS", "BS"]);

/** JSON of items that is the same for the same content, whatever the order of attributes and of the members of sets. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (name, member) => {
    if (!member || typeof member !== "object") return member;
    if (Array.isArray(member)) return SETS.has(name) ? member.toSorted() : member;
    return Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
