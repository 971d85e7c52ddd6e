import { spawnSync } from "node:child_process";
import type { Properties } from "../../../offline/engine/values";
import { resultOf, serveFunction } from "./functions";

/** Every Python 3 in use can run this runtime. */
const RUNTIME = "python3.9";

/** Serves a function called `main`, whose code is `index.py` or the named files. */
export function servePython(code: string | Record<string, string>, inputs: Properties = {}) {
  return serveFunction(filesOf(code), { runtime: RUNTIME, ...inputs });
}

/** Serves a function, calls it once, and returns its result. */
export function pythonResult(code: string | Record<string, string>, inputs: Properties = {}) {
  return resultOf(filesOf(code), { runtime: RUNTIME, ...inputs });
}

/** Skips the tests around it, with a line, where this machine lacks Python or a package. */
export function needsPython(...packages: string[]): void {
  before(function () {
    const code = ["import sys; assert sys.version_info >= (3, 9)", ...packages.map((name) => `import ${name}`)];
    if (spawnSync("python3", ["-c", code.join("\n")]).status === 0) return;
    console.log(`      skipped: python3 ${packages.map((name) => `or its package ${name} `).join("")}is missing`);
    this.skip();
  });
}

function filesOf(code: string | Record<string, string>): Record<string, string> {
  return typeof code === "string" ? { "index.py": code } : code;
}
