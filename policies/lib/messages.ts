/** A value as messages show it. Text that does not look like a name is hidden, as it may be a misplaced secret. */
export function show(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return describe(value);
  if (value === "") return "empty";
  return /^[\w.*/:-]{1,120}$/.test(value) ? value : "not a name";
}

/** The type of a value, with its article, for messages about wrong types. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : `a ${typeof value}`;
}
