import type { Secret } from "./secret";

export type Filter = { Key?: string; Values?: string[] };

/**
 * The secrets that fit every filter, newest first. A filter's values are alternatives, of which those with `!` exclude.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html
 */
export function chosen(
  secrets: readonly Secret[],
  {
    Filters = [],
    SortOrder = "desc",
    SortBy = "created-date",
  }: { Filters?: Filter[]; SortOrder?: string; SortBy?: string },
): Secret[] {
  const found = secrets.filter((secret) => Filters.every((filter) => fits(secret, filter)));
  const keyOf = ({ definition, accessedAt = 0, changedAt, createdAt }: Secret) =>
    ({ name: definition.name, "last-accessed-date": accessedAt, "last-changed-date": changedAt })[SortBy] ?? createdAt;
  const sorted = found.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : keyOf(one) > keyOf(other) ? 1 : 0));
  return SortOrder === "asc" ? sorted : sorted.reverse();
}

function fits(secret: Secret, { Key = "", Values = [] }: Filter): boolean {
  const texts = textsOf(secret, Key);
  const excluding = Values.filter((value) => value.startsWith("!")).map((value) => value.slice(1));
  const wanted = Values.filter((value) => !value.startsWith("!"));
  const has = (value: string) => texts.some((text) => isIn(text, value, Key));
  return !excluding.some(has) && (wanted.length === 0 || wanted.some(has));
}

/** Descriptions and `all` are searched for words, whatever their case; the other properties by their beginning. */
function isIn(text: string, value: string, key: string): boolean {
  if (key !== "description" && key !== "all") return text.startsWith(value);
  const words = text.toLowerCase().split(/[^\w]+/);
  return value
    .toLowerCase()
    .split(/[^\w]+/)
    .every((wanted) => words.some((word) => word.startsWith(wanted)));
}

function textsOf({ definition: { name, description = "", tags } }: Secret, key: string): string[] {
  switch (key) {
    case "name":
      return [name];
    case "description":
      return [description];
    case "tag-key":
      return Object.keys(tags);
    case "tag-value":
      return Object.values(tags);
    case "all":
      return [name, description, ...Object.entries(tags).flat()];
    default:
      return [];
  }
}
