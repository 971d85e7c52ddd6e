#!/usr/bin/env node

// Node 22 and later keep compiled code across runs when asked to.
require("node:module").enableCompileCache?.();
require("./typescript.cjs");
require("./cli").main(process.argv);
