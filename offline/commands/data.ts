import * as fs from "node:fs";
import { buffer } from "node:stream/consumers";

/** What a user gives: the contents of a file, standard input for `-`, or the text itself. */
export async function readData(given: string): Promise<Buffer> {
  if (given === "-") return buffer(process.stdin);
  return isFile(given) ? fs.readFileSync(given) : Buffer.from(given);
}

export function isFile(given: string): boolean {
  return fs.existsSync(given) && fs.statSync(given).isFile();
}
