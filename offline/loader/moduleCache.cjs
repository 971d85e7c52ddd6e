// What processes of one kind loaded: the JavaScript of modules with V8's code for it, and where their requests led.
"use strict";
const { readCache, writeCache } = require("./cacheFile.cjs");
const { Stamps, stampOf } = require("./stamps.cjs");

/** With a smaller share of what is new a cache is not written again: after an edit, the write would cost more. */
const WORTHWHILE = 0.05;

class ModuleCache {
  /** @param file An earlier process may have written it */
  constructor(file) {
    const { index, body } = readCache(file) ?? {};
    const isOfUse = index !== undefined && Stamps.areValid(index.basis);
    const isInPlace = isOfUse && Stamps.areValid(index.places);
    this.isOfUse = isOfUse;
    this.file = file;
    this.body = body;
    /** By file: its stamp, where its source and its code begin and end in the body, and whether the source is UTF-16. */
    this.kept = isOfUse ? index.modules : {};
    /** By file: { stamp, source, and either code, which V8 made earlier, or script }. */
    this.loaded = new Map();
    /** Files by the folder and the text of the request, with a line break between them. */
    this.requests = isInPlace ? index.requests : {};
    /** All that decides where these requests lead. */
    this.places = new Stamps(isInPlace ? index.places : {});
    /** The files that decide how modules are compiled, such as tsconfig.json and package.json. */
    this.basis = new Stamps(isOfUse ? index.basis : {});
    this.fresh = 0;
  }

  /** The module of a file, if the file is the one that was read. */
  find(file) {
    const [stamp, start, middle, end, isWide] = this.kept[file] ?? [];
    if (!stamp || stampOf(file) !== stamp) return undefined;
    const source = this.body[isWide ? "ucs2Slice" : "latin1Slice"](start, middle);
    return { stamp, source, code: end > middle ? this.body.subarray(middle, end) : undefined };
  }

  /** @returns whether there was enough to write */
  save() {
    const size = this.loaded.size + Object.keys(this.requests).length;
    if (this.fresh <= size * WORTHWHILE) return false;
    this.fresh = 0;
    const [modules, parts] = [{}, []];
    let length = 0;
    const add = (part) => {
      parts.push(part);
      length += part.length;
      return length;
    };
    // Other processes may load what this one did not.
    const others = Object.keys(this.kept).filter((name) => !this.loaded.has(name));
    for (const [name, entry] of [...this.loaded, ...others.map((name) => [name, this.find(name)])]) {
      if (!entry) continue;
      const isWide = /[^\0-\xff]/.test(entry.source);
      const start = length;
      const middle = add(Buffer.from(entry.source, isWide ? "utf16le" : "latin1"));
      modules[name] = [entry.stamp, start, middle, add(codeOf(entry)), isWide];
    }
    const { basis, places, requests } = this;
    writeCache(this.file, { basis: basis.taken, places: places.taken, requests, modules }, parts);
    return true;
  }
}

/** None for what was compiled in Node's own way. */
function codeOf({ code, script }) {
  return code ?? script?.createCachedData() ?? Buffer.alloc(0);
}

module.exports = { ModuleCache };
