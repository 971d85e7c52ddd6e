// Loads modules from one file that an earlier process of the same kind left: finding, reading and compiling them takes most
// of the time that a program needs to start. Modules keep their names, their order and their identity.
//
// Nothing stale is used. A module comes from the cache only if its file has the size and the times, of its content and of
// its status, of the one that was read. A resolution does only if it is between packages, and if no folder and no manifest
// that could lead elsewhere has changed; a program's own requests are resolved anew each time.
"use strict";
const Module = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const vm = require("node:vm");
const { cachePath, readCache, writeCache } = require("./cacheFile.cjs");
const { placesOf, stampOf } = require("./stamps.cjs");

/** With a smaller share of new modules the cache is not written again: after an edit, the write would cost more. */
const WORTHWHILE = 0.05;
/** When a process that runs on writes its cache, in milliseconds. */
const SETTLED = 5000;

const inPackage = /[\\/]node_modules[\\/]/;
const sourceMap = /\/\/# sourceMappingURL=data:\S+\s*$/;
/** Code that V8 made earlier cannot import(): Node 20 then has no callback for it. */
const imports = /\bimport\s*\(/;
const columnOffset = -Module.wrapper[0].length;

/** Modules by file: { stamp, source, and either code, which V8 made earlier, or script }. */
const loaded = new Map();
/** Files by the folder and the text of the request. */
const resolved = {};
let file;
let kept = { modules: {}, resolutions: {}, body: undefined };
let fresh = 0;
let taken;

/**
 * Begins to record what is loaded, for the next process with the same subject.
 * @param subject what the process runs, such as the program's folder
 */
function open(...subject) {
  // The SDK sets this flag when it is loaded, and V8 refuses code that was made with other flags.
  v8.setFlagsFromString("--allow-natives-syntax");
  file = process.env.NODE_V8_COVERAGE ? undefined : cachePath(process.execArgv, process.env.NODE_OPTIONS, ...subject);
  if (!file) return;
  const read = readCache(file);
  if (read) {
    kept = { ...read.index, body: read.body };
    if (!kept.places.every(([place, stamp]) => stampOf(place) === stamp)) kept.resolutions = {};
  }
  Module.prototype._compile = compileOrTake(Module.prototype._compile);
  Module._resolveFilename = resolveOrTake(Module._resolveFilename);
  process.once("exit", save);
  setTimeout(save, SETTLED).unref();
}

/** Makes what loads files, by extension, look into the cache first. Called after all others have added theirs. */
function wrapLoaders() {
  if (!file) return;
  for (const extension of Object.keys(Module._extensions)) {
    if (extension === ".json" || extension === ".node") continue;
    const load = Module._extensions[extension];
    Module._extensions[extension] = (module, filename) => {
      // Whoever compiles a module of their own wants its source.
      const entry = Object.hasOwn(module, "_compile") ? undefined : find(filename);
      if (!entry) return load(module, filename);
      taken = { filename, entry };
      module._compile(entry.source, filename);
    };
  }
}

function find(filename) {
  const [stamp, start, middle, end, isWide] = kept.modules[filename] ?? [];
  if (!stamp || stampOf(filename) !== stamp) return undefined;
  const source = kept.body[isWide ? "ucs2Slice" : "latin1Slice"](start, middle);
  return { stamp, source, ...(end > middle && { code: kept.body.subarray(middle, end) }) };
}

/** Node's own way to compile a module, unless V8's code for it is at hand. Records the module either way. */
function compileOrTake(compile) {
  return function (content, filename, ...rest) {
    const entry = taken?.filename === filename ? taken.entry : { stamp: stampOf(filename), source: content };
    taken = undefined;
    const isRecorded = entry.stamp !== undefined && !Object.hasOwn(this, "_compile");
    const made = isRecorded && !imports.test(content) ? scriptOf(entry, filename) : undefined;
    if (isRecorded) loaded.set(filename, entry);
    if (!made) return compile.call(this, content, filename, ...rest);
    // Only Node's own way registers a source map: it gets a module that has nothing else.
    const [map] = inPackage.test(filename) ? [] : (sourceMap.exec(content) ?? []);
    if (map) compile.call(this, map, filename, ...rest);
    return made
      .runInThisContext()
      .call(this.exports, this.exports, requireOf(this), this, filename, path.dirname(filename));
  };
}

/** @returns undefined for what is not CommonJS: Node knows what to do */
function scriptOf(entry, filename) {
  const source = Module.wrap(entry.source.replace(/^#!.*/, ""));
  try {
    const made = new vm.Script(source, { filename, columnOffset, cachedData: entry.code });
    if (!entry.code || made.cachedDataRejected) {
      fresh++;
      Object.assign(entry, { code: undefined, script: made });
    }
    return made;
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

function resolveOrTake(resolve) {
  return function (request, parent, isMain, options) {
    if (options || !inPackage.test(parent?.filename ?? "") || Module.isBuiltin(request)) {
      return resolve.call(this, request, parent, isMain, options);
    }
    const folder = path.dirname(parent.filename);
    resolved[folder] ??= {};
    resolved[folder][request] ??= kept.resolutions[folder]?.[request] ?? resolve.call(this, request, parent, isMain);
    return resolved[folder][request];
  };
}

function save() {
  if (fresh <= loaded.size * WORTHWHILE) return;
  fresh = 0;
  const modules = {};
  const parts = [];
  let length = 0;
  const add = (part) => {
    parts.push(part);
    length += part.length;
    return length;
  };
  // Commands that load fewer modules leave those of the others in place.
  const others = Object.keys(kept.modules).filter((name) => !loaded.has(name));
  for (const [name, entry] of [...loaded, ...others.map((name) => [name, find(name)])]) {
    if (!entry) continue;
    const isWide = /[^\0-\xff]/.test(entry.source);
    const start = length;
    const middle = add(Buffer.from(entry.source, isWide ? "utf16le" : "latin1"));
    modules[name] = [entry.stamp, start, middle, add(codeOf(entry)), isWide];
  }
  const resolutions = { ...kept.resolutions };
  for (const [folder, requests] of Object.entries(resolved))
    resolutions[folder] = { ...resolutions[folder], ...requests };
  writeCache(file, { modules, resolutions, places: placesOf(Object.keys(modules)) }, parts);
}

/** None for what was compiled in Node's own way. */
function codeOf({ code, script }) {
  return code ?? script?.createCachedData() ?? Buffer.alloc(0);
}

module.exports = { open, wrapLoaders };
