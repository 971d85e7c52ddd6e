// Where requests of modules led.
"use strict";
const Module = require("node:module");
const path = require("node:path");
const { inPackage, Stamps } = require("./stamps.cjs");

/** The requests of packages change with an installation only, a program's with each new file. */
const groupOf = (file) => (inPackage(file) ? "packages" : "program");

class ResolutionCache {
  /** @param kept The groups that an earlier process wrote, and of which files to use them */
  constructor({ groups = {}, isKept }) {
    this.groups = {};
    for (const name of ["packages", "program"]) {
      const { stamps = {}, requests = {} } = groups[name] ?? {};
      const isValid = Object.keys(requests).every(isKept) && Stamps.areValid(stamps);
      this.groups[name] = { stamps: new Stamps(isValid ? stamps : {}), requests: isValid ? requests : {} };
    }
    this.fresh = 0;
  }

  /** Node's own way to resolve a request, unless the answer is known. */
  resolveWith(resolve) {
    const cache = this;
    return function (request, parent, isMain, options) {
      const from = parent?.filename;
      const isKnowable = from && !options && !path.isAbsolute(request) && !Module.isBuiltin(request);
      if (!isKnowable) return resolve.call(this, request, parent, isMain, options);
      const { requests, stamps } = cache.groups[groupOf(from)];
      const folder = path.dirname(from);
      const known = requests[folder]?.[request];
      if (known) return known;
      watch(stamps, from);
      const found = resolve.call(this, request, parent, isMain);
      watch(stamps, found);
      requests[folder] = { ...requests[folder], [request]: found };
      cache.fresh++;
      return found;
    };
  }

  /** What to write, if there is something new. */
  groupsToWrite() {
    if (this.fresh === 0) return undefined;
    this.fresh = 0;
    const entries = Object.entries(this.groups);
    return Object.fromEntries(
      entries.map(([name, { stamps, requests }]) => [name, { stamps: stamps.taken, requests }]),
    );
  }
}

/**
 * Watches everything that decides where requests from this file, and to it, lead: the names in its folder and, as a folder
 * with an index gives way to a file of its name, in the folder above; and the packages and manifests of all folders above.
 */
function watch(stamps, file) {
  let folder = path.dirname(file);
  stamps.add(folder);
  if (path.basename(file).startsWith("index.") || inPackage(file)) stamps.add(path.dirname(folder));
  for (;;) {
    stamps.add(path.join(folder, "package.json"));
    stamps.add(path.join(folder, "node_modules"));
    const above = path.dirname(folder);
    if (above === folder) return;
    if (path.basename(above) === "node_modules") stamps.add(above);
    folder = above;
  }
}

module.exports = { ResolutionCache };
