import { randomUUID } from "node:crypto";

/** How long iterators and tokens of pages can be used. */
const LIFETIME_MILLISECONDS = 5 * 60_000;

/** Text that callers hand back, such as an iterator. No two are the same. @param content plain data */
export function tokenOf(content: object): string {
  return Buffer.from(JSON.stringify([content, Date.now(), randomUUID().slice(0, 8)])).toString("base64");
}

/**
 * What is in a token.
 * @param isValid whether it is content of the kind that is wanted
 */
export function readToken<T extends object>(
  token: string,
  isValid: (content: Partial<T>) => boolean,
): { content: T; isExpired: boolean } | undefined {
  try {
    const [content, created] = JSON.parse(Buffer.from(token, "base64").toString());
    if (!isValid(content)) return undefined;
    return { content, isExpired: !(Date.now() - created <= LIFETIME_MILLISECONDS) };
  } catch {
    return undefined;
  }
}
