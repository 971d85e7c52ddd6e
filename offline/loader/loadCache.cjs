// Loads modules from files that earlier processes of the same kind left: finding, reading and compiling them takes most of
// the time that a program needs to start. Modules keep their names, their order and their identity.
//
// Nothing stale is used. A module is taken only if its file has the number, the size and the times, of its content and of its
// status, of the one that was read, and if no manifest and no settings changed that decide how it is compiled; a resolution
// only if no folder changed that could lead elsewhere.
"use strict";
const Module = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const { isMainThread } = require("node:worker_threads");
const { cacheFolder, cachePaths, removeOld } = require("./cacheFile.cjs");
const { ModuleCache } = require("./moduleCache.cjs");
const { compileWith, loadWith } = require("./modules.cjs");
const { inPackage, resolveWith } = require("./requests.cjs");
const { findAbove, manifestOf, settingsAbove } = require("./settings.cjs");

/** When a process that runs on writes its caches, in milliseconds. */
const SETTLED = 5000;

/** What is in packages changes with an installation, and programs that share them share this cache. */
let packages;
/** So do programs that share sources of other packages of their repository, which are compiled in the same way. */
let linked;
let program;
let folder;
/** The manifests of the program's own files. */
let manifests;
const cacheOf = (file) => (inPackage(file) ? packages : manifests.has(manifestOf(file)) ? program : linked);

/**
 * Begins to record what is loaded, for the next processes.
 * @param runner the file that the process runs
 * @param directory the program's
 * @param settings how the program is compiled
 */
function open(runner, directory, settings) {
  // The SDK sets this flag when it is loaded, and V8 refuses code that was made with other flags.
  v8.setFlagsFromString("--allow-natives-syntax");
  // Threads of a program get its preloads, too.
  folder = process.env.NODE_V8_COVERAGE || !isMainThread ? undefined : cacheFolder();
  if (!folder) return;
  // What tsx compiles with.
  const tsconfig = findAbove("tsconfig.json", directory);
  const subjects = [[runner], [runner, "linked", tsconfig], [runner, directory, settings]];
  [packages, linked, program] = cachePaths(folder, subjects).map((file) => new ModuleCache(file));
  const main = path.join(directory, "index");
  manifests = new Set([main, settings?.tsconfig ?? main].map(manifestOf));
  // What is kept was made with them.
  if (!program.isOfUse) for (const file of settingsAbove(directory)) program.basis.add(file);
  if (!linked.isOfUse && tsconfig) for (const file of settingsAbove(path.dirname(tsconfig))) linked.basis.add(file);
  Module.prototype._compile = compileWith(Module.prototype._compile);
  process.once("exit", save);
  setTimeout(save, SETTLED).unref();
}

function save() {
  const isWritten = [packages, linked, program].map((cache) => cache.save()).includes(true);
  if (isWritten) removeOld(folder);
}

/** Called after all others have added what finds and loads files. */
function wrapLoaders() {
  if (!packages) return;
  for (const extension of Object.keys(Module._extensions)) {
    if (extension === ".json" || extension === ".node") continue;
    Module._extensions[extension] = loadWith(Module._extensions[extension], cacheOf);
  }
  Module._resolveFilename = resolveWith(Module._resolveFilename, cacheOf);
}

module.exports = {
  open,
  wrapLoaders,
  /**
   * Notes a file whose change makes compiled code useless.
   * @param isForAll whether it is not only the program's, such as its tsconfig.json
   */
  dependOn: (file, isForAll = false) => {
    program?.basis.add(file);
    if (isForAll) linked?.basis.add(file);
  },
};
