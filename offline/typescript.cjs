// Lets Node run TypeScript. A program's and a policy pack's is compiled as the SDK would compile it; other packages, and where
// modules are found, are left to tsx. As tsx examines every JavaScript file for syntax that Node does not support, which takes
// longer than loading the SDK, files of packages are left to Node.
"use strict";
const fs = require("node:fs");
const Module = require("node:module");
const { dependOn } = require("./loader/loadCache.cjs");
const { skip } = require("./loader/modules.cjs");
const { inPackage, isModule } = require("./loader/requests.cjs");
const { findCompiler, isOfProgram } = require("./typescript/program.cjs");

const node = { load: Module._extensions[".js"], resolve: Module._resolveFilename };

let tsx;
/** Loaded only when something is to be found or compiled that no earlier process left. */
function loadTsx() {
  if (tsx) return tsx;
  const [extensions, resolve] = [{ ...Module._extensions }, Module._resolveFilename];
  Module._extensions[".js"] = node.load;
  Module._resolveFilename = node.resolve;
  require("tsx/cjs");
  for (const name of ["tsx", "esbuild"]) dependOn(require.resolve(`${name}/package.json`), true);
  tsx = { load: Module._extensions[".js"], resolve: Module._resolveFilename };
  for (const [extension, load] of Object.entries(extensions)) {
    Object.defineProperty(Module._extensions, extension, { value: load, enumerable: true, writable: true });
  }
  Module._resolveFilename = resolve;
  return tsx;
}

// Node reads the source map of each file that it compiles while they are enabled: those of packages are useless.
process.setSourceMapsEnabled(true);
let mapped = true;
function withSourceMaps(enabled, load) {
  const before = mapped;
  setMapped(enabled);
  try {
    load();
  } finally {
    setMapped(before);
  }
}

function setMapped(enabled) {
  if (enabled !== mapped) process.setSourceMapsEnabled(enabled);
  mapped = enabled;
}

Module._extensions[".js"] = (module, file) => {
  if (inPackage(file)) withSourceMaps(false, () => node.load(module, file));
  else if (findCompiler()?.compilesJavaScript()) loadCompiled(module, file);
  else withSourceMaps(true, () => loadTsx().load(module, file));
};

for (const extension of [".ts", ".tsx", ".cts"]) Module._extensions[extension] = loadCompiled;

function loadCompiled(module, file) {
  const source = isOfProgram(file) ? fs.readFileSync(file, "utf8").replace(/^\uFEFF/, "") : undefined;
  const code = source === undefined ? undefined : findCompiler().compile(file, source, "commonjs");
  // What the SDK could not compile is said in each run.
  if (source !== undefined && code === undefined) skip();
  withSourceMaps(true, () => (code === undefined ? loadTsx().load(module, file) : module._compile(code, file)));
}

Module._resolveFilename = function (request, parent, ...rest) {
  // The file that the process runs has no parent.
  const isOfNode = inPackage(parent?.filename ?? request) || (parent && !isModule(parent)) || Module.isBuiltin(request);
  if (!isOfNode) return loadTsx().resolve.call(this, request, parent, ...rest);
  try {
    return node.resolve.call(this, request, parent, ...rest);
  } catch {
    // The SDK asks for the program's folder, whose index may be TypeScript.
    return loadTsx().resolve.call(this, request, parent, ...rest);
  }
};
