// Lets Node run TypeScript, through tsx. As tsx examines every JavaScript file for syntax that Node does not support, which
// takes longer than loading the SDK, files of packages are left to Node.
"use strict";
const Module = require("node:module");
const { wrapLoaders } = require("./loader/loadCache.cjs");

const inPackage = (file) => /[\\/]node_modules[\\/]/.test(file ?? "");
const node = { load: Module._extensions[".js"], resolve: Module._resolveFilename };
require("tsx/cjs");
const tsx = { load: Module._extensions[".js"], resolve: Module._resolveFilename };

// tsx enables source maps, and Node then reads that of each file it loads: those of packages are useless.
let mapped = true;
Module._extensions[".js"] = (module, file) => {
  const isPackage = inPackage(file);
  const before = mapped;
  setMapped(!isPackage);
  try {
    (isPackage ? node : tsx).load(module, file);
  } finally {
    setMapped(before);
  }
};

function setMapped(enabled) {
  if (enabled !== mapped) process.setSourceMapsEnabled(enabled);
  mapped = enabled;
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

wrapLoaders();
