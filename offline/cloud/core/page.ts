import { asNumber } from "./resources";

/**
 * A page behind a token, in the order of positions that stay the same when something comes or ends between two pages.
 * @throws Error when the token is none that an earlier page ended with
 */
export function readPage<T>(
  all: T[],
  most: number,
  token: string | undefined,
  positionOf: (one: T, index: number) => number = (_, index) => index,
): { page: T[]; next?: string } {
  const last = token === undefined ? -Infinity : asNumber(Buffer.from(token, "base64url").toString());
  if (last === undefined) throw new Error(`"${token}" is no token that an earlier page ended with`);
  const rest = all
    .map((one, index) => ({ one, position: positionOf(one, index) }))
    .filter(({ position }) => position > last)
    .sort((one, other) => one.position - other.position);
  const page = rest.slice(0, most);
  const end = page.at(-1);
  const more = end !== undefined && page.length < rest.length;
  return {
    page: page.map(({ one }) => one),
    ...(more && { next: Buffer.from(String(end.position)).toString("base64url") }),
  };
}
