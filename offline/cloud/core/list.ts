import type { AwsError } from "./awsError";
import { asNumber } from "./resources";
import type { Input } from "./types";

/**
 * The page after a token, in the order of positions, which stay valid while entries come and go between pages.
 * @param name the token's name in the request and in the answer
 * @param invalid makes the error for an invalid token
 */
export function readPage<T>(
  all: T[],
  most: number,
  input: Input,
  name: string,
  invalid: (message: string) => AwsError,
  positionOf: (one: T, index: number) => number = (_, index) => index,
): { page: T[]; next: Record<string, string> } {
  const token = input[name];
  const last = token === undefined ? -Infinity : asNumber(Buffer.from(String(token), "base64url").toString());
  if (last === undefined || (token !== undefined && tokenOf(last) !== token)) {
    throw invalid(`${name} "${token}" is not a valid pagination token: begin without it`);
  }
  const rest = all
    .map((one, index) => ({ one, position: positionOf(one, index) }))
    .filter(({ position }) => position > last)
    .sort((one, other) => one.position - other.position);
  const page = rest.slice(0, most);
  const end = page.at(-1);
  return {
    page: page.map(({ one }) => one),
    next: end && page.length < rest.length ? { [name]: tokenOf(end.position) } : {},
  };
}

function tokenOf(position: number): string {
  return Buffer.from(`${position}`).toString("base64url");
}
