// Loaded into the process of a program or a policy pack before anything else.
"use strict";
const v8 = require("node:v8");
const { open, wrapLoaders } = require("../../loader/loadCache.cjs");

// Optimizing code costs a program that runs for a second more than it gains: V8 waits until a function ran fifteen times as
// long as by default. Its unit is bytes of bytecode.
v8.setFlagsFromString("--interrupt-budget=1000000");
open(process.argv[1], process.cwd(), process.env.PULUMI_OFFLINE_COMPILER);
require("./preload.cjs");
require("../../typescript.cjs");
wrapLoaders();
// How a policy pack is asked to end. Unlike the signal itself, this lets the cache be written.
process.once("SIGTERM", () => process.exit(143));
