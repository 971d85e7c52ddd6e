/** A value as messages show it: a text that is no name could be anything, a secret in the wrong place too. */
export function show(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return describe(value);
  if (value === "") return "empty";
  return /^[\w.*/:-]{1,120}$/.test(value) ? value : "not a name";
}

/** What kind of value it is, where another was to be. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : `a ${typeof value}`;
}
