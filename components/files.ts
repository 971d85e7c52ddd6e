import { statSync } from "node:fs";
import * as path from "node:path";
import type { Mistakes } from "./validation";

export function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

export function isFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Adds a mistake unless a path from the program's folder leads to a file. */
export function checkFile(mistakes: Mistakes, file: string, at: string): void {
  const place = path.resolve(file);
  mistakes.check(isFile(place), at, `there is no file ${place}; write a path relative to the program's folder`);
}
