import { hash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Archive, Asset, isMap, type Properties, Secret, type Value } from "./values";

/**
 * Gives every asset and archive inside a value a digest of its contents, unless they cannot be read.
 * @param directory Where relative paths start
 */
export function recordContents(value: Value | Properties, directory: string): void {
  if (value instanceof Secret) recordContents(value.value, directory);
  else if (value instanceof Asset || value instanceof Archive) value.digest = digestIfReadable(value, directory);
  else if (Array.isArray(value)) for (const element of value) recordContents(element, directory);
  else if (isMap(value)) for (const field of Object.values(value)) recordContents(field, directory);
}

function digestIfReadable(value: Asset | Archive, directory: string): string | undefined {
  try {
    return digestOf(value, directory);
  } catch {
    return undefined;
  }
}

function digestOf({ source }: Asset | Archive, directory: string): string {
  if (source.uri !== undefined) return sha256(`uri ${source.uri}`);
  if (source.path !== undefined) return digestOfPath(path.resolve(directory, source.path));
  if ("text" in source && source.text !== undefined) return sha256(source.text);
  const assets = "assets" in source ? Object.entries(source.assets ?? {}) : [];
  return hashAll(assets.map(([name, asset]) => [name, digestOf(asset, directory)]));
}

function digestOfPath(file: string): string {
  if (!fs.statSync(file).isDirectory()) return sha256(fs.readFileSync(file));
  return hashAll(fs.readdirSync(file).map((name) => [name, digestOfPath(path.join(file, name))]));
}

function hashAll(entries: [name: string, digest: string][]): string {
  return sha256(JSON.stringify(entries.toSorted(([one], [other]) => (one < other ? -1 : 1))));
}

function sha256(contents: string | Buffer): string {
  return hash("sha256", contents);
}
