#!/usr/bin/env node

// This file must parse on every version of Node; what it loads needs the version that package.json names.
const [major, minor] = process.versions.node.split(".").map(Number);
const needed = require("./package.json").engines.node.replace(">=", "");
const [leastMajor, leastMinor] = needed.split(".").map(Number);

if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) {
  // The space for new objects grows in one step, from 1 MB to the 16 MB that a command needs to start.
  const { prepare } = require("./engine/program/node.cjs");
  prepare(process.argv.slice(2), process.cwd());
  const { open, wrapLoaders } = require("./loader/loadCache.cjs");
  open(__filename, __dirname);
  // The repository has sources, and the package has JavaScript.
  if (!require("node:fs").existsSync(`${__dirname}/cli.js`)) require("./typescript.cjs");
  wrapLoaders();
  require("./cli").main(process.argv);
} else {
  process.stderr.write(`error: pulumi-offline needs Node ${needed} or later; this is ${process.versions.node}.\n`);
  process.exitCode = 1;
}
