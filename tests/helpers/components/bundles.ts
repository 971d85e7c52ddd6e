import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import type { BundleArgs } from "../../../components/lambda/args";
import { bundle } from "../../../components/lambda/bundle";
import type { BundleFiles } from "../../../components/lambda/bundleCache";
import { temporaryFolder } from "../temporaryFolder";

export const repository = process.cwd();

/** Creates a program's folder and makes it the working directory, until {@link leave}. */
export function program(files: Record<string, string | Buffer>): string {
  const folder = temporaryFolder();
  process.chdir(folder);
  for (const [name, content] of Object.entries(files)) write(name, content);
  return folder;
}

/** Returns to the repository; call it after each test with a program. */
export function leave(): void {
  process.chdir(repository);
}

/** Writes a file of the program. */
export function write(name: string, content: string | Buffer): void {
  fs.mkdirSync(path.dirname(path.resolve(name)), { recursive: true });
  fs.writeFileSync(path.resolve(name), content);
}

export function build(
  entry: string,
  options: BundleArgs = {},
  exportName = "handler",
  architecture = "arm64",
): Promise<BundleFiles> {
  return bundle({ entryPoint: path.resolve(entry), exportName, architecture, options });
}

/** The message of the error with which a promise is rejected. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => expect.fail("it was built"),
    (error) => error.message,
  );
}

/** The first bytes of an ELF file for a machine. */
function elf(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF\x02\x01\x01", "latin1");
  header.writeUInt16LE(machine, 18);
  return header;
}

export const arm64 = elf(0xb7);
export const x86 = elf(0x3e);
