// Loaded into the process of a program or a policy pack before anything else.
"use strict";
const v8 = require("node:v8");
const { open, wrapLoaders } = require("../../loader/loadCache.cjs");

// Optimizing code costs a program that runs for a second more than it gains: V8 waits until a function ran fifteen times as
// long, or as often, as by default. It prints an error for a flag that it does not know: until Node 22 it counted bytes of
// bytecode, and since then calls.
const [major] = process.versions.node.split(".");
const patience =
  Number(major) < 22
    ? ["--interrupt-budget=1000000"]
    : ["--invocation-count-for-maglev=6000", "--invocation-count-for-turbofan=45000"];
for (const flag of patience) v8.setFlagsFromString(flag);
open(process.argv[1], process.cwd(), process.env.PULUMI_OFFLINE_COMPILER);
require("./preload.cjs");
require("../../typescript.cjs");
wrapLoaders();
// How a policy pack is asked to end. Unlike the signal itself, this lets the cache be written.
if (/run-policy-pack/.test(process.argv[1])) process.once("SIGTERM", () => process.exit(143));
