// Runs one of the SDK's runners. What it is to run comes over standard input, as JSON: by then, Node has started.
"use strict";
const fs = require("node:fs");
// The SDK needs it, with all that it loads.
require("node:http2");
const Module = require("node:module");
const v8 = require("node:v8");
const { open, wrapLoaders } = require("../../loader/loadCache.cjs");
const { compileAs } = require("../../typescript/program.cjs");

// Optimizing code costs a program that runs for a second more than it gains: V8 waits until a function ran fifteen times as
// long, or as often, as by default. It prints an error for a flag that it does not know: until Node 22 it counted bytes of
// bytecode, and since then calls.
const [major] = process.versions.node.split(".");
const patience =
  Number(major) < 22
    ? ["--interrupt-budget=1000000"]
    : ["--invocation-count-for-maglev=6000", "--invocation-count-for-turbofan=45000"];
for (const flag of patience) v8.setFlagsFromString(flag);

const task = readLine();
// The command ended before there was anything to run.
if (task === undefined) process.exit();
const { runner, runnerArguments, directory, environment, compiler, isModule } = JSON.parse(task);
process.chdir(directory);
// Without it, the process was started with the right one, to which Node may have added what is in a file.
if (environment) {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}
process.argv = [process.execPath, runner, ...runnerArguments];
open(runner, directory, compiler);
if (compiler) compileAs(compiler);
require("./preload.cjs");
require("../../typescript.cjs");
wrapLoaders();
if (isModule) require("../../typescript/esModules.cjs");
// How a policy pack is asked to end. Unlike the signal itself, this lets the cache be written.
if (/run-policy-pack/.test(runner)) process.once("SIGTERM", () => process.exit(143));
Module.runMain(runner);

/** One line of standard input: its end comes later, when the command is done with loading what it needs itself. */
function readLine() {
  const chunks = [];
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    const length = fs.readSync(0, chunk);
    if (length === 0) return undefined;
    chunks.push(chunk.subarray(0, length));
    if (chunk[length - 1] === 10) return Buffer.concat(chunks).toString();
  }
}
