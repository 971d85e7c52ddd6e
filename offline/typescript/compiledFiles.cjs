// Keeps compiled code on disk, in one file for each source file.
"use strict";
const { hash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { cacheFolder, removeOld, replaceFile } = require("../loader/cacheFile.cjs");

/** The last line of a complete file. */
const end = "\n//complete";
/** How many files are kept: as many as a large program has, several times. */
const KEPT = 2000;

class CompiledFiles {
  constructor() {
    this.folder = cacheFolder("typescript");
    this.isWritten = false;
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
    if (!this.isWritten) removeOld(this.folder, KEPT);
    this.isWritten = true;
    replaceFile(path.join(this.folder, digest(name)), headerOf(content) + text + end);
  }
}

const digest = (text) => hash("sha256", text);
const headerOf = (content) => `//${digest(content)}\n`;

/** The text of a file without its byte order mark, or undefined if it cannot be read. */
function readText(file) {
  try {
    return fs.readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return undefined;
  }
}

module.exports = { CompiledFiles, digest, readText };
