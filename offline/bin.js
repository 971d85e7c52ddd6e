#!/usr/bin/env node

require("./typescript.cjs");
require("./cli").main(process.argv);
