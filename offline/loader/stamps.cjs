// Whether files and folders are as they were.
"use strict";
const fs = require("node:fs");

/** Changes with a file's content and with a folder's list of names. Null for what does not exist. */
function stampOf(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}` : null;
}

/** Stamps by path, each taken when the path was first named. */
class Stamps {
  constructor(taken = {}) {
    this.taken = taken;
  }

  add(file) {
    if (!(file in this.taken)) this.taken[file] = stampOf(file);
  }

  /** Whether nothing has changed since the stamps were taken. */
  static areValid(taken) {
    return Object.entries(taken).every(([file, stamp]) => stampOf(file) === stamp);
  }
}

module.exports = { Stamps, stampOf };
