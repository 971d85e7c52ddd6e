// The compiler of the program that runs in this process, if the engine started it.
"use strict";
const Module = require("node:module");
const { pathToFileURL } = require("node:url");

/** Settings of a Compiler, as JSON. What the program starts in turn is not concerned. */
const variable = "PULUMI_OFFLINE_COMPILER";
const given = process.env[variable];
delete process.env[variable];
const settings = given ? JSON.parse(given) : undefined;

/** The compiler that the SDK would use, or undefined if tsx is to compile. */
const compiler = settings && new (require("./compile.cjs").Compiler)(settings, warn);

function warn(message) {
  Module.createRequire(settings.runner)("../../log").warn(message);
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

module.exports = { compiler, supportImport };
