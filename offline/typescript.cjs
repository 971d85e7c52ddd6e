// Lets Node run TypeScript. A program's and a policy pack's is compiled as the SDK would compile it; everything else, and where
// modules are found, is left to tsx. As tsx examines every JavaScript file for syntax that Node does not support, which takes
// longer than loading the SDK, files of packages are left to Node.
"use strict";
const fs = require("node:fs");
const Module = require("node:module");
const { compiler } = require("./typescript/program.cjs");

const inPackage = (file) => /[\\/]node_modules[\\/]/.test(file ?? "");
const node = { load: Module._extensions[".js"], resolve: Module._resolveFilename };
require("tsx/cjs");
const tsx = { load: Module._extensions[".js"], resolve: Module._resolveFilename };

// tsx enables source maps, and Node then reads that of each file it loads: those of packages are useless.
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
  else if (compiler?.compilesJavaScript()) loadCompiled(module, file);
  else withSourceMaps(true, () => tsx.load(module, file));
};

for (const extension of [".ts", ".tsx", ".cts"]) Module._extensions[extension] = loadCompiled;

function loadCompiled(module, file) {
  const source = inPackage(file) ? undefined : fs.readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  const code = source === undefined ? undefined : compiler?.compile(file, source, "commonjs");
  withSourceMaps(true, () => (code === undefined ? tsx.load(module, file) : module._compile(code, file)));
}

Module._resolveFilename = function (request, parent, ...rest) {
  if (!inPackage(parent?.filename)) return tsx.resolve.call(this, request, parent, ...rest);
  try {
    return node.resolve.call(this, request, parent, ...rest);
  } catch {
    // The SDK asks for the program's folder, whose index may be TypeScript.
    return tsx.resolve.call(this, request, parent, ...rest);
  }
};
