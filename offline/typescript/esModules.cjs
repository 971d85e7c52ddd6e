// Preloaded for programs that are ES modules.
"use strict";
const Module = require("node:module");
const { pathToFileURL } = require("node:url");
require("./program.cjs").supportImport();

const load = Module._extensions[".mts"];
// Unless package.json has "type": "module", the SDK requires what Pulumi.yaml names. It awaits what that returns.
Module._extensions[".mts"] = (module, file) => {
  if (!/[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]/.test(module.parent?.filename)) return load(module, file);
  module.exports = async () => {
    const namespace = await import(pathToFileURL(file).href);
    if (!("default" in namespace)) return namespace;
    return typeof namespace.default === "function" ? namespace.default() : namespace.default;
  };
};
