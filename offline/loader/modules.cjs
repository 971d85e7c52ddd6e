// Node's ways to load and to compile a module, which look into a cache first.
"use strict";
const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");
const { inPackage, watch } = require("./requests.cjs");
const { stampOf } = require("./stamps.cjs");

const sourceMap = /\/\/# sourceMappingURL=data:\S+\s*$/;
/**
 * Code that V8 made earlier cannot import(): Node 20 has no callback for it, and Node 22 warns of the constant that would
 * give it one. A comment may stand before the parenthesis.
 */
const imports = /\bimport\s*(?:\/\*[\s\S]*?\*\/\s*|\/\/[^\n]*\n\s*)*\(/;
const columnOffset = -Module.wrapper[0].length;

/** The module that is about to be compiled: { filename, entry, cache }. */
let expected;

/** @param cacheOf Finds the cache for a file */
function loadWith(load, cacheOf) {
  return (module, filename) => {
    // Whoever compiles a module in a way of their own wants its source.
    if (Object.hasOwn(module, "_compile")) return load(module, filename);
    const cache = cacheOf(filename);
    const entry = cache.find(filename);
    // What compiles a module may load others first.
    const before = expected;
    // The stamp is older than what is read.
    expected = { filename, cache, entry: entry ?? { stamp: stampOf(filename) } };
    if (!entry) watch(cache, filename);
    try {
      return entry ? module._compile(entry.source, filename) : load(module, filename);
    } finally {
      expected = before;
    }
  };
}

/** Records the module in its cache. */
function compileWith(compile) {
  return function (content, filename, ...rest) {
    const isExpected = expected?.filename === filename && rest[0] !== "module";
    if (!isExpected) return compile.call(this, content, filename, ...rest);
    const { cache, entry } = expected;
    expected = undefined;
    entry.source = content;
    const script = imports.test(content) ? undefined : scriptOf(entry, filename, cache);
    // Node reads a package's source as fast as the cache does: only V8's code for it is worth keeping.
    if (script || !inPackage(filename)) cache.loaded.set(filename, entry);
    if (!script) return compile.call(this, content, filename, ...rest);
    // Only Node's own way, in wrapSafe, registers a source map: it gets a module that has nothing else.
    const [map] = inPackage(filename) ? [] : (sourceMap.exec(content) ?? []);
    if (map) compile.call(this, map, filename, ...rest);
    return script
      .runInThisContext()
      .call(this.exports, this.exports, requireOf(this), this, filename, path.dirname(filename));
  };
}

/** @returns undefined for what is not CommonJS: Node knows what to do */
function scriptOf(entry, filename, cache) {
  const source = Module.wrap(entry.source.replace(/^#!.*/, ""));
  try {
    const script = new vm.Script(source, { filename, columnOffset, cachedData: entry.code });
    if (!entry.code || script.cachedDataRejected) {
      cache.fresh++;
      Object.assign(entry, { code: undefined, script });
    }
    return script;
  } catch {
    return undefined;
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

/** Leaves the module that is being loaded out of the cache. */
function skip() {
  expected = undefined;
}

module.exports = { compileWith, loadWith, skip };
