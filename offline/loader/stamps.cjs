// Whether files and folders are as they were.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

/** Changes whenever a file's content or a folder's list of names does. Undefined for what does not exist. */
function stampOf(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat && `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
}

/**
 * Every folder and manifest in packages that decides where the requests of these files lead, with their stamps.
 * A folder's stamp also tells of the folders that it does not have.
 */
function placesOf(files) {
  const folders = new Set();
  for (const file of files) {
    const outermost = file.indexOf(`${path.sep}node_modules${path.sep}`) + 1;
    let folder = path.dirname(file);
    while (outermost > 0 && folder.length >= outermost && !folders.has(folder)) {
      folders.add(folder);
      folder = path.dirname(folder);
    }
  }
  const candidates = [...folders].flatMap((folder) => [
    folder,
    path.join(folder, "package.json"),
    path.join(folder, "node_modules"),
  ]);
  return [...new Set(candidates)].flatMap((place) => {
    const stamp = stampOf(place);
    return stamp === undefined ? [] : [[place, stamp]];
  });
}

module.exports = { placesOf, stampOf };
