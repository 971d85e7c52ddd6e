"use strict";
const { appendFileSync } = require("node:fs");

// Loaded into the program's process by NODE_OPTIONS: records the CPU time that the process used, in ms.
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  appendFileSync(process.env.BENCH_USAGE_FILE, `${(user + system) / 1000}\n`);
});
