// Keeps compiled code on disk, in one file for each source file. As it will be executed, it is read and written only in a
// folder that belongs to this user and that nobody else can enter. Without such a folder, nothing is kept.
"use strict";
const { hash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { threadId } = require("node:worker_threads");

/** The last line of a complete file. */
const end = "\n//complete";

class Cache {
  /** @param {string} folder It is created if it does not exist */
  constructor(folder) {
    this.folder = isPrivate(folder) ? folder : undefined;
  }

  /**
   * What was kept under this name, provided that it was made from the same content.
   * @param {string} name
   * @param {string} content
   * @returns {string | undefined}
   */
  read(name, content) {
    if (!this.folder) return undefined;
    const text = readText(path.join(this.folder, digest(name)));
    const header = headerOf(content);
    return text?.startsWith(header) && text.endsWith(end) ? text.slice(header.length, -end.length) : undefined;
  }

  /** Replaces what was kept under this name. */
  write(name, content, text) {
    if (!this.folder) return;
    const file = path.join(this.folder, digest(name));
    const draft = `${file}.${process.pid}.${threadId}`;
    try {
      fs.writeFileSync(draft, headerOf(content) + text + end, { mode: 0o600 });
      fs.renameSync(draft, file);
    } catch {
      // The disk is full or read-only: the next run compiles again.
      fs.rmSync(draft, { force: true });
    }
  }
}

const digest = (text) => hash("sha256", text);
const headerOf = (content) => `//${digest(content)}\n`;

function isPrivate(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = fs.lstatSync(folder);
    // Windows gives a user's folders to that user alone, and has neither owners nor modes that Node could read.
    return stat.isDirectory() && (!process.getuid || (stat.uid === process.getuid() && (stat.mode & 0o077) === 0));
  } catch {
    return false;
  }
}

/** The text of a file without its byte order mark, or undefined if it cannot be read. */
function readText(file) {
  try {
    return fs.readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return undefined;
  }
}

module.exports = { Cache, digest, readText };
