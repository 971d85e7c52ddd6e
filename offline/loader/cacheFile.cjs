// The file that keeps what a process loaded: each module's JavaScript with V8's code for it, and where requests led.
"use strict";
const { createHash, randomUUID } = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const v8 = require("node:v8");
const { stampOf } = require("./stamps.cjs");

/** How many files are kept, those that were used last. One for packages has about 8 MB, one for a program few. */
const KEPT = 60;

/** What else decides what a process loads. */
const VARIABLES = [
  "NODE_OPTIONS",
  "NODE_PATH",
  "NODE_PRESERVE_SYMLINKS",
  "NODE_PRESERVE_SYMLINKS_MAIN",
  "TSX_TSCONFIG_PATH",
];

/**
 * A folder for caches, or undefined if there is none that only this user can write to: its files are executed.
 * It is outside the project, which may be read-only.
 */
function cacheFolder(name = "") {
  try {
    const { XDG_CACHE_HOME = "", LOCALAPPDATA = "" } = process.env;
    const named = process.platform === "win32" ? LOCALAPPDATA : XDG_CACHE_HOME;
    const caches = path.isAbsolute(named) ? named : path.join(os.homedir(), ".cache");
    const folders = [path.join(caches, "pulumi-offline"), path.join(caches, "pulumi-offline", name)];
    return folders.every(isPrivate) ? folders[1] : undefined;
  } catch {
    return undefined;
  }
}

/** Creates the folder if it does not exist. Windows gives a user's folders to that user alone, and knows no such modes. */
function isPrivate(folder) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = fs.lstatSync(folder);
  return stat.isDirectory() && (!process.getuid || (stat.uid === process.getuid() && (stat.mode & 0o077) === 0));
}

/**
 * A file for each subject, in the folder for caches. They are told apart by the subject, by what V8's code depends on, and by
 * the code that loads them.
 */
function cachePaths(folder, subjects) {
  const own = [__dirname, path.join(__dirname, "../typescript")].flatMap((one) =>
    fs.readdirSync(one).map((name) => stampOf(path.join(one, name))),
  );
  own.push(stampOf(path.join(__dirname, "../typescript.cjs")));
  const variables = VARIABLES.map((name) => process.env[name]);
  const kind = [process.version, process.arch, v8.cachedDataVersionTag(), process.execArgv, variables];
  return subjects.map((subject) => {
    const text = JSON.stringify([__dirname, own, kind, subject]);
    return path.join(folder, createHash("sha256").update(text).digest("hex").slice(0, 32));
  });
}

/**
 * Reads a cache.
 * @returns its index, and the sources and code that the index points into; undefined if there is none, or only a part
 */
function readCache(file) {
  try {
    const content = fs.readFileSync(file);
    // The ones that are used last are kept.
    fs.utimesSync(file, new Date(), new Date());
    const [total, size] = [content.readUInt32LE(0), content.readUInt32LE(4)];
    if (total !== content.length) return undefined;
    return { index: JSON.parse(content.utf8Slice(8, 8 + size)), body: content.subarray(8 + size) };
  } catch {
    return undefined;
  }
}

/** Writes a cache, all or nothing. */
function writeCache(file, index, parts = []) {
  const head = Buffer.from(JSON.stringify(index));
  const sizes = Buffer.alloc(8);
  const body = Buffer.concat(parts);
  sizes.writeUInt32LE(8 + head.length + body.length, 0);
  sizes.writeUInt32LE(head.length, 4);
  replaceFile(file, Buffer.concat([sizes, head, body]));
}

/** Whoever reads the file meanwhile gets the old one or the new one. A failure is no error: nothing is kept then. */
function replaceFile(file, content) {
  const draft = `${file}.${randomUUID()}`;
  try {
    fs.writeFileSync(draft, content, { mode: 0o600 });
    fs.renameSync(draft, file);
  } catch {
    fs.rmSync(draft, { force: true });
  }
}

/** Removes all but the files of a folder that were used last. */
function removeOld(folder, kept = KEPT) {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    if (entries.length <= kept) return;
    const files = entries.map(({ name }) => path.join(folder, name));
    const byAge = files.map((file) => [fs.statSync(file).mtimeMs, file]).sort(([one], [other]) => other - one);
    for (const [, file] of byAge.slice(kept)) fs.rmSync(file, { force: true });
  } catch {
    // Another process removes them at the same time.
  }
}

module.exports = { cacheFolder, cachePaths, readCache, removeOld, replaceFile, writeCache };
