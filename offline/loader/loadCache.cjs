// Loads modules from files that an earlier process of the same kind left: finding, reading and compiling them takes most of
// the time that a program needs to start. Modules keep their names, their order and their identity.
//
// Nothing stale is used. A module is taken only if its file has the size and the times, of its content and of its status, of
// the one that was read; a resolution only if no folder and no manifest changed that could lead elsewhere.
"use strict";
const Module = require("node:module");
const v8 = require("node:v8");
const { cachePath, readCache, writeCache } = require("./cacheFile.cjs");
const { ModuleCache } = require("./moduleCache.cjs");
const { ResolutionCache } = require("./resolutionCache.cjs");
const { inPackage, Stamps } = require("./stamps.cjs");

/** When a process that runs on writes its cache, in milliseconds. */
const SETTLED = 5000;

let file;
let modules;
let resolutions;
/** The files that decide how a program is compiled. */
const basis = new Stamps();

/**
 * Begins to record what is loaded, for the next process with the same subject.
 * @param subject what the process runs, such as the program's folder
 */
function open(...subject) {
  // The SDK sets this flag when it is loaded, and V8 refuses code that was made with other flags.
  v8.setFlagsFromString("--allow-natives-syntax");
  file = process.env.NODE_V8_COVERAGE ? undefined : cachePath(process.execArgv, process.env.NODE_OPTIONS, ...subject);
  if (!file) return;
  modules = new ModuleCache(readKept(file));
  resolutions = new ResolutionCache(readKept(resolutionsFile()));
  Module.prototype._compile = modules.compileWith(Module.prototype._compile);
  process.once("exit", save);
  setTimeout(save, SETTLED).unref();
}

/** Called after all others have added what finds and loads files. */
function wrapLoaders() {
  if (!file) return;
  modules.wrapLoaders();
  Module._resolveFilename = resolutions.resolveWith(Module._resolveFilename);
}

const resolutionsFile = () => `${file}-resolutions`;

/** What an earlier process left, and whether it is still of use for the program, as it is for packages. */
function readKept(from) {
  const { index, body } = readCache(from) ?? { index: { basis: {} } };
  const isSame = Stamps.areValid(index.basis);
  if (isSame) Object.assign(basis.taken, index.basis);
  return { ...index, body, isKept: (name) => isSame || inPackage(name) };
}

function save() {
  const written = modules.parts();
  if (written) writeCache(file, { basis: basis.taken, modules: written.modules }, written.parts);
  const groups = resolutions.groupsToWrite();
  if (groups) writeCache(resolutionsFile(), { basis: basis.taken, groups });
}

module.exports = {
  open,
  wrapLoaders,
  /** Notes a file, such as tsconfig.json, whose change makes the program's compiled code useless. */
  dependOn: (name) => basis.add(name),
};
