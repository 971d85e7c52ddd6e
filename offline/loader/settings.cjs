// The settings of TypeScript that may apply to a program, whoever compiles it, and other files above it.
"use strict";
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

/** Every tsconfig.json in a folder and above it, present or not, and what those extend. */
function settingsAbove(folder) {
  const files = new Set();
  for (let one = folder; ; one = path.dirname(one)) {
    add(path.join(one, "tsconfig.json"), files);
    if (one === path.dirname(one)) return files;
  }
}

function add(file, files) {
  if (files.has(file)) return;
  files.add(file);
  const text = read(file);
  const [, extended = ""] = /"extends"\s*:\s*("[^"]*"|\[[^\]]*\])/.exec(text) ?? [];
  for (const [, name] of extended.matchAll(/"([^"]+)"/g)) {
    const base = name.startsWith(".") ? path.resolve(path.dirname(file), name) : resolve(name, file);
    for (const candidate of [base, `${base}.json`, path.join(base, "tsconfig.json")]) add(candidate, files);
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function resolve(name, file) {
  if (path.isAbsolute(name)) return name;
  try {
    return createRequire(file).resolve(name);
  } catch {
    return path.join(path.dirname(file), "node_modules", name);
  }
}

const found = new Map();

/** The nearest file of a name in a folder and above it; undefined if there is none. */
function findAbove(name, folder) {
  const own = path.join(folder, name);
  if (!found.has(own)) {
    const above = path.dirname(folder);
    found.set(own, fs.existsSync(own) ? own : above === folder ? undefined : findAbove(name, above));
  }
  return found.get(own);
}

/** The manifest of the package that a file belongs to. */
const manifestOf = (file) => findAbove("package.json", path.dirname(file));

module.exports = { findAbove, manifestOf, settingsAbove };
