/** What is wrong with a share identifier, if anything. @see AWS Batch API, ShareAttributes */
export function shareMistake(identifier: string): string | undefined {
  if (/^[A-Za-z0-9]{1,255}\*?$/.test(identifier)) return undefined;
  return `is "${identifier}"; write 1 to 255 letters and digits, and a \`*\` at the end to match a prefix`;
}

/** Whether a job could belong to both shares, which Batch refuses. */
export function sharesOverlap(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

function covers(pattern: string, identifier: string): boolean {
  if (!pattern.endsWith("*")) return pattern === identifier;
  return identifier.startsWith(pattern.slice(0, -1));
}
