import * as fs from "node:fs/promises";
import * as path from "node:path";
import { unzipSync } from "fflate";

/** Magic numbers of native executables: ELF (Linux) and Mach-O (macOS). */
const MAGIC_NUMBERS = ["7f454c46", "cffaedfe", "cafebabe"];

/**
 * True if a function's code is a folder or a zip file without native parts. Code that cannot be inspected (in S3, made
 * of named assets, or at a relative path) may contain some; besides, `@pulumi/policy` 1.21 returns named assets without
 * their content.
 */
export async function isPureCode(code: unknown): Promise<boolean> {
  const archive = unwrap(code);
  if (typeof archive !== "object" || archive === null || !("path" in archive)) return false;
  try {
    const place = String(await archive.path);
    // A pack runs in its own folder, where the program's relative paths mean something else.
    if (!path.isAbsolute(place)) return false;
    const files = (await fs.stat(place)).isDirectory() ? readFolder(place) : readZip(place);
    for await (const { name, content } of files) if (isNative(name, content)) return false;
    return true;
  } catch {
    return false;
  }
}

interface File {
  name: string;
  content: Uint8Array;
}

async function* readFolder(folder: string): AsyncGenerator<File> {
  for (const name of await fs.readdir(folder, { recursive: true })) {
    const file = path.join(folder, name);
    // Pulumi packs the target of a symbolic link.
    if ((await fs.stat(file)).isFile()) yield { name, content: await fs.readFile(file) };
  }
}

async function* readZip(file: string): AsyncGenerator<File> {
  for (const [name, content] of Object.entries(unzipSync(await fs.readFile(file)))) yield { name, content };
}

function isNative(name: string, content: Uint8Array): boolean {
  if (/\.(node|so|dylib|pyd)(\.\d+)*$/.test(name)) return true;
  return MAGIC_NUMBERS.includes(Buffer.from(content.subarray(0, 4)).toString("hex"));
}

/** CrossGuard wraps values to detect unknowns and secrets, and a wrapped promise cannot be awaited. */
function unwrap(value: unknown): unknown {
  const wrapped = value as { __isSpecialProxy?: true; __getSpecialProxyTarget?: unknown } | undefined;
  return wrapped?.__isSpecialProxy ? unwrap(wrapped.__getSpecialProxyTarget) : value;
}
