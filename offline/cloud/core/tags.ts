/** A tag as most APIs have it. */
export type Tag = { Key: string; Value: string };

/** The values of tags by their keys. */
export function tagsOf(tags: Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** The reverse of `tagsOf`. */
export function listTags(tags: Record<string, string>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
