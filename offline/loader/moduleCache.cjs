// The JavaScript of modules, with V8's code for it.
"use strict";
const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");
const { stampOf } = require("./stamps.cjs");

/** With a smaller share of new modules the cache is not written again: after an edit, the write would cost more. */
const WORTHWHILE = 0.05;

const sourceMap = /\/\/# sourceMappingURL=data:\S+\s*$/;
/** Code that V8 made earlier cannot import(): Node 20 then has no callback for it. */
const imports = /\bimport\s*\(/;
const columnOffset = -Module.wrapper[0].length;

class ModuleCache {
  /** @param kept What `parts` returned in an earlier process, the body, and of which files to use it */
  constructor({ modules = {}, body, isKept }) {
    this.kept = modules;
    this.body = body;
    this.isKept = isKept;
    /** By file: { stamp, source, and either code, which V8 made earlier, or script }. */
    this.loaded = new Map();
    this.fresh = 0;
  }

  /** Makes what loads files, by extension, look into the cache first. */
  wrapLoaders() {
    for (const extension of Object.keys(Module._extensions)) {
      if (extension === ".json" || extension === ".node") continue;
      const load = Module._extensions[extension];
      Module._extensions[extension] = (module, filename) => {
        // Whoever compiles a module in a way of their own wants its source.
        if (Object.hasOwn(module, "_compile")) return load(module, filename);
        const entry = this.find(filename);
        // The stamp is older than what is read.
        this.expected = { filename, entry: entry ?? { stamp: stampOf(filename) } };
        return entry ? module._compile(entry.source, filename) : load(module, filename);
      };
    }
  }

  find(filename) {
    const [stamp, start, middle, end, isWide] = (this.isKept(filename) && this.kept[filename]) || [];
    if (!stamp || stampOf(filename) !== stamp) return undefined;
    const source = this.body[isWide ? "ucs2Slice" : "latin1Slice"](start, middle);
    return { stamp, source, code: end > middle ? this.body.subarray(middle, end) : undefined };
  }

  /** Node's own way to compile a module, unless V8's code for it is at hand. Records the module either way. */
  compileWith(compile) {
    const cache = this;
    return function (content, filename, ...rest) {
      const { expected } = cache;
      cache.expected = undefined;
      if (expected?.filename !== filename) return compile.call(this, content, filename, ...rest);
      const entry = Object.assign(expected.entry, { source: content });
      const made = imports.test(content) ? undefined : cache.scriptOf(entry, filename);
      cache.loaded.set(filename, entry);
      if (!made) return compile.call(this, content, filename, ...rest);
      // Only Node's own way registers a source map: it gets a module that has nothing else.
      const [map] = filename.endsWith("js") ? [] : (sourceMap.exec(content) ?? []);
      if (map) compile.call(this, map, filename, ...rest);
      return made
        .runInThisContext()
        .call(this.exports, this.exports, requireOf(this), this, filename, path.dirname(filename));
    };
  }

  /** @returns undefined for what is not CommonJS: Node knows what to do */
  scriptOf(entry, filename) {
    const source = Module.wrap(entry.source.replace(/^#!.*/, ""));
    try {
      const made = new vm.Script(source, { filename, columnOffset, cachedData: entry.code });
      if (!entry.code || made.cachedDataRejected) {
        this.fresh++;
        Object.assign(entry, { code: undefined, script: made });
      }
      return made;
    } catch {
      return undefined;
    }
  }

  /**
   * What to write: each module's place by file, and the parts of the body, if there is enough that is new.
   * Modules that this process did not load stay, as others may.
   */
  parts() {
    if (this.fresh <= this.loaded.size * WORTHWHILE) return undefined;
    this.fresh = 0;
    const [modules, parts] = [{}, []];
    let length = 0;
    const add = (part) => {
      parts.push(part);
      length += part.length;
      return length;
    };
    const others = Object.keys(this.kept).filter((name) => !this.loaded.has(name));
    for (const [name, entry] of [...this.loaded, ...others.map((name) => [name, this.find(name)])]) {
      if (!entry) continue;
      const isWide = /[^\0-\xff]/.test(entry.source);
      const start = length;
      const middle = add(Buffer.from(entry.source, isWide ? "utf16le" : "latin1"));
      modules[name] = [entry.stamp, start, middle, add(codeOf(entry)), isWide];
    }
    return { modules, parts };
  }
}

/** As Node makes it for a module. */
function requireOf(module) {
  const require = (id) => module.require(id);
  const resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  return Object.assign(require, {
    resolve,
    main: process.mainModule,
    extensions: Module._extensions,
    cache: Module._cache,
  });
}

/** None for what was compiled in Node's own way. */
function codeOf({ code, script }) {
  return code ?? script?.createCachedData() ?? Buffer.alloc(0);
}

module.exports = { ModuleCache };
