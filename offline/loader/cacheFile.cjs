// The file that keeps what a process loaded: each module's JavaScript with V8's code for it, and where requests led.
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const v8 = require("node:v8");
const { stampOf } = require("./stamps.cjs");

/** How many files are kept, the oldest ones going first. One for packages has about 8 MB, one for a program few. */
const KEPT = 60;

/**
 * The folder for caches, or undefined if there is none that only this user can write to: its files are executed.
 * It is outside the project, which may be read-only.
 */
function cacheFolder() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const caches = (process.platform === "win32" && LOCALAPPDATA) || XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  const folder = path.join(caches, "pulumi-offline");
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = fs.lstatSync(folder);
    const isOwn = process.platform === "win32" || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOwn ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** The cache of a process, told apart by what it runs and by what V8's code depends on. */
function cachePath(...subject) {
  const folder = cacheFolder();
  const format = fs.readdirSync(__dirname).map((name) => stampOf(path.join(__dirname, name)));
  const { NODE_OPTIONS } = process.env;
  const kind = [process.version, process.arch, v8.cachedDataVersionTag(), process.execArgv, NODE_OPTIONS];
  const name = createHash("sha256")
    .update(JSON.stringify([format, __dirname, kind, subject]))
    .digest("hex")
    .slice(0, 32);
  return folder && path.join(folder, name);
}

/**
 * Reads a cache.
 * @returns its index, and the sources and code that the index points into; undefined if there is none, or only a part
 */
function readCache(file) {
  try {
    const content = fs.readFileSync(file);
    const [total, size] = [content.readUInt32LE(0), content.readUInt32LE(4)];
    if (total !== content.length) return undefined;
    return { index: JSON.parse(content.utf8Slice(8, 8 + size)), body: content.subarray(8 + size) };
  } catch {
    return undefined;
  }
}

/** Writes a cache, all or nothing. A failure is no error: the next process loads what it needs without the cache. */
function writeCache(file, index, parts = []) {
  const head = Buffer.from(JSON.stringify(index));
  const sizes = Buffer.alloc(8);
  const body = Buffer.concat(parts);
  sizes.writeUInt32LE(8 + head.length + body.length, 0);
  sizes.writeUInt32LE(head.length, 4);
  const draft = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(draft, Buffer.concat([sizes, head, body]), { mode: 0o600 });
    fs.renameSync(draft, file);
    removeOld(path.dirname(file));
  } catch {
    fs.rmSync(draft, { force: true });
  }
}

function removeOld(folder) {
  const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
  if (files.length <= KEPT) return;
  const byAge = files.map((file) => [fs.statSync(file).mtimeMs, file]).sort(([one], [other]) => other - one);
  for (const [, file] of byAge.slice(KEPT)) fs.rmSync(file, { force: true });
}

module.exports = { cachePath, readCache, writeCache };
