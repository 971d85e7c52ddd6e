// Loads modules from files that earlier processes of the same kind left: finding, reading and compiling them takes most of
// the time that a program needs to start. Modules keep their names, their order and their identity.
//
// Nothing stale is used. A module is taken only if its file has the number, the size and the times, of its content and of its
// status, of the one that was read, and if no manifest and no settings changed that decide how it is compiled; a resolution
// only if no folder changed that could lead elsewhere.
"use strict";
const Module = require("node:module");
const v8 = require("node:v8");
const { isMainThread } = require("node:worker_threads");
const { cacheFolder, cachePaths, removeOld } = require("./cacheFile.cjs");
const { ModuleCache } = require("./moduleCache.cjs");
const { compileWith, loadWith } = require("./modules.cjs");
const { inPackage, resolveWith } = require("./requests.cjs");
const { settingsAbove } = require("./settings.cjs");

/** When a process that runs on writes its caches, in milliseconds. */
const SETTLED = 5000;

/** What is in packages changes with an installation, and programs that share them share this cache. */
let packages;
let program;
let folder;
const cacheOf = (file) => (inPackage(file) ? packages : program);

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
  const subjects = [[runner], [runner, directory, settings]];
  [packages, program] = cachePaths(folder, subjects).map((file) => new ModuleCache(file));
  // What is kept was made with them.
  if (!program.isOfUse) for (const file of settingsAbove(directory)) program.basis.add(file);
  Module.prototype._compile = compileWith(Module.prototype._compile);
  process.once("exit", save);
  setTimeout(save, SETTLED).unref();
}

function save() {
  const isWritten = [packages, program].map((cache) => cache.save()).includes(true);
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
  /** Notes a file, such as tsconfig.json, whose change makes the program's compiled code useless. */
  dependOn: (file) => program?.basis.add(file),
};
