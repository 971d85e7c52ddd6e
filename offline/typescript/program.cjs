// The compiler of the program that runs in this process, if the engine started it.
"use strict";
const Module = require("node:module");
const { pathToFileURL } = require("node:url");
const { manifestOf } = require("../loader/settings.cjs");

/** Those of a Compiler. */
let settings;
let Compiler;
let compiler;

/** Has the program compiled as the SDK would compile it, and not by tsx. */
function compileAs(given) {
  settings = given;
  // Loaded at once: later, its own files would be taken for some to compile.
  ({ Compiler } = require("./compile.cjs"));
}

/**
 * The compiler that the SDK would use, or undefined if tsx is to compile. It is looked for when something must be compiled:
 * most runs find all of it in the cache.
 */
function findCompiler() {
  if (settings) compiler ??= new Compiler(settings, warn);
  return compiler;
}

function warn(message) {
  Module.createRequire(settings.runner)("../../log").warn(message);
}

/**
 * Whether a file belongs to the program rather than to another package of its repository, which esbuild compiles: it takes a
 * third of the time of TypeScript's compiler, and libraries hardly ever contain functions that become Lambda code.
 */
function isOfProgram(file) {
  return settings !== undefined && manifestOf(file) === manifestOf(settings.tsconfig);
}

let supportsImport = false;
/** Makes `import` of TypeScript work. It may take a thread, which only programs with ES modules get. */
function supportImport() {
  if (supportsImport) return;
  supportsImport = true;
  Module.register(pathToFileURL(require.resolve("tsx/esm")), { data: true });
  if (!settings) return;
  const loader = require.resolve("./importHooks.cjs");
  // What is registered last is asked first.
  if (!Module.registerHooks) {
    Module.register(pathToFileURL(loader), { data: settings });
    return;
  }
  const { initialize, load } = require(loader);
  initialize(settings, warn);
  Module.registerHooks({ load });
}

module.exports = { compileAs, findCompiler, isOfProgram, supportImport };
