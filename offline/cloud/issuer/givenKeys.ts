import * as fs from "node:fs";
import type { JWK } from "jose";
import { asMap, isMap } from "../core/resources";

/**
 * The public keys in a file, whose tokens are accepted besides the local ones.
 * @param file a JSON Web Key Set, as identity providers publish it
 * @throws Error that says what is wrong with it
 */
export function readKeys(file: string): JWK[] {
  const { keys } = asMap(parse(file));
  if (!Array.isArray(keys)) throw new Error(`--keys ${file} is not a JSON Web Key Set: it needs a list of "keys"`);
  const mistakes = keys.flatMap((key, index) => mistakeIn(key, `keys[${index}]`));
  if (mistakes.length > 0) throw new Error(`--keys ${file} cannot be used: ${mistakes.join("; ")}`);
  return keys as JWK[];
}

function parse(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    // The text of a key must not get into a message.
    const why = error instanceof SyntaxError ? "it is not JSON" : (error as Error).message;
    throw new Error(`--keys ${file} cannot be read: ${why}`);
  }
}

function mistakeIn(key: unknown, at: string): string[] {
  if (!isMap(key)) return [`${at} is not a key`];
  if (key.kty !== "RSA" && key.kty !== "EC") return [`${at} has the kty ${JSON.stringify(key.kty)}, not RSA or EC`];
  if ("d" in key) return [`${at} is a private key; give its public part`];
  return typeof key.kid === "string" ? [] : [`${at} has no kid, which tokens name it by`];
}
