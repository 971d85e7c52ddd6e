import { createHash, randomBytes } from "node:crypto";

const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** An id in EMR's format, such as `s-0123456789ABCDEFGHIJ`; the same for the same seed. */
export function idOf(prefix: string, length: number, seed: string | Buffer = randomBytes(32)): string {
  const digest = createHash("sha256").update(seed).digest().subarray(0, length);
  return `${prefix}${[...digest].map((byte) => CHARACTERS[byte % CHARACTERS.length]).join("")}`;
}
