// Whether files and folders are as they were.
"use strict";
const fs = require("node:fs");

/** Within this time after a change, another one may go unnoticed: file systems count in ticks. In milliseconds. */
const TICK = 20;
let count = 0;

/** Changes with a file's content and with a folder's list of names. Null for what does not exist. */
function stampOf(file) {
  const stat = statOf(file);
  if (!stat) return null;
  const { ino, size, mtimeMs, ctimeMs } = stat;
  // What has only just changed is never the same again.
  const unsettled = Date.now() - ctimeMs < TICK ? ` ${process.pid} ${count++}` : "";
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}${unsettled}`;
}

function statOf(file) {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch {
    // What should be a folder above it is a file, or cannot be entered.
    return undefined;
  }
}

/** Stamps by path, each taken when the path was first named. */
class Stamps {
  constructor(taken = {}) {
    this.taken = taken;
  }

  add(file) {
    if (!Object.hasOwn(this.taken, file)) this.taken[file] = stampOf(file);
  }

  /** Whether nothing has changed since the stamps were taken. */
  static areValid(taken) {
    return Object.entries(taken).every(([file, stamp]) => stampOf(file) === stamp);
  }
}

module.exports = { Stamps, stampOf };
