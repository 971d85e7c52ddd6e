// Compiles the program's ES modules as compile.cjs does its CommonJS modules. Everything else is left to the next loader.
// Node runs it in a thread of its own, or, from version 22.15 on, in the program's.
"use strict";
const path = require("node:path");
const { fileURLToPath } = require("node:url");
const { inPackage } = require("../loader/requests.cjs");
const { readText } = require("./compiledFiles.cjs");
const { Compiler } = require("./compile.cjs");

let compiler;

/** @param settings Those of a Compiler */
function initialize(settings, warn = (message) => console.error(`warning: ${message}`)) {
  compiler = new Compiler(settings, warn);
}

function load(url, context, nextLoad) {
  const file = url.startsWith("file:") ? fileURLToPath(url) : "";
  const isOurs = /\.(?:[cm]?ts|tsx)$/.test(file) && !inPackage(file);
  const format = isModule(file) ? "module" : "commonjs";
  const code = isOurs ? compiler.compile(file, readText(file), format) : undefined;
  if (code === undefined) return nextLoad(url, context);
  return { format: "module", source: format === "module" ? code : facadeOf(file, code), shortCircuit: true };
}

/**
 * A module with the exports of a CommonJS one, which stays the one that others require: Node would look for exports in the
 * TypeScript source.
 */
function facadeOf(file, code) {
  const assigned = code.matchAll(/\bexports\.([\w$]+) =|^Object\.defineProperty\(exports, "([^"]+)"/gm);
  const names = new Set([...assigned].map(([, name, defined]) => name ?? defined));
  for (const name of ["default", "__esModule"]) names.delete(name);
  const others = [...code.matchAll(/__exportStar\(require\(("[^"]+")\), exports\)/g)].map(([, specifier]) => specifier);
  return [
    'import { createRequire } from "node:module";',
    `const exported = createRequire(import.meta.url)(${JSON.stringify(file)});`,
    "export default exported;",
    ...[...names].map((name, index) => `const _${index} = exported.${name}; export { _${index} as ${name} };`),
    ...others.map((specifier) => `export * from ${specifier};`),
  ].join("\n");
}

function isModule(file) {
  return file.endsWith(".mts") || (!file.endsWith(".cts") && typeOf(path.dirname(file)) === "module");
}

/** The "type" in the nearest package.json, by folder. */
const types = new Map();

function typeOf(folder) {
  if (!types.has(folder)) types.set(folder, readType(folder));
  return types.get(folder);
}

function readType(folder) {
  const manifest = readText(path.join(folder, "package.json"));
  const parent = path.dirname(folder);
  if (manifest !== undefined) return JSON.parse(manifest).type;
  return parent === folder ? undefined : typeOf(parent);
}

module.exports = { initialize, load };
