import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../../../packaging/packages";

const parent = path.join(root, ".cache", "packages");

/** What packages are made of, relative to the repository. */
const sources = ["components", "policies", "offline", "packaging", "examples", "LICENSE", "package-lock.json"];

/**
 * A folder that is made once for all processes and runs, as long as the sources of the packages stay the same.
 * @param name tells apart what is made of the same sources
 * @param make fills the folder; another process may do so at the same time, and the first one to finish prevails
 */
export async function kept(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const digest = digestOfSources();
  const folder = path.join(parent, `${digest}-${name}`);
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(parent, { recursive: true });
  removeOld(digest);
  const draft = fs.mkdtempSync(`${folder}.`);
  await make(draft);
  try {
    fs.renameSync(draft, folder);
  } catch (error) {
    fs.rmSync(draft, { recursive: true });
    if (!fs.existsSync(folder)) throw error;
  }
  return folder;
}

function digestOfSources(): string {
  const options = ["--cached", "--others", "--exclude-standard", "-z"];
  const listed = execFileSync("git", ["ls-files", ...options, "--", ...sources], { cwd: root, encoding: "utf8" });
  const hash = createHash("sha256");
  for (const name of listed.split("\0").sort()) {
    const file = path.join(root, name);
    if (name === "" || !fs.existsSync(file)) continue;
    const text = fs.readFileSync(file);
    hash.update(`${name}\0${text.length}\0`).update(text);
  }
  return hash.digest("hex").slice(0, 32);
}

/** Removes what was made of other sources, after a day: another run may still be using it. */
function removeOld(digest: string): void {
  const day = 24 * 60 * 60 * 1000;
  for (const name of fs.readdirSync(parent)) {
    const folder = path.join(parent, name);
    const made = fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    const isOld = Date.now() - made > day && !name.startsWith(digest);
    if (isOld) fs.rmSync(folder, { recursive: true, force: true });
  }
}
