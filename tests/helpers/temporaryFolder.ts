import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const folders: string[] = [];

/** A new folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "offline-")));
  folders.push(folder);
  return folder;
}

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

// Outside mocha, whose parallel processes end without this event.
process.once("exit", removeTemporaryFolders);
