// Starts Node for programs and policy packs: see start.cjs.
"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");

/** The commands that run a program. */
const running = new Set(["start", "preview", "diff", "output"]);

/** What `prepare` started, until something is to run. */
let prepared;

/**
 * Starts Node while the command is still being loaded, which takes as long.
 * @param {string} command The one that the user gave
 * @param {string} directory Where a program may be
 */
function prepare(command, directory) {
  if (!running.has(command) || !isOrdinary(directory)) return;
  prepared = start([], {});
  // If nothing is to run, the command ends, and with it this process, which reads the end of its input.
  for (const one of [prepared, prepared.stdin, prepared.stdout, prepared.stderr]) one?.unref();
  prepared.on("error", () => undefined);
}

/** Arguments for Node, such as `--env-file`, may depend on the program's own folder and environment, which come later. */
function isOrdinary(directory) {
  try {
    return !fs.readFileSync(`${directory}/Pulumi.yaml`, "utf8").includes("nodeargs");
  } catch {
    return false;
  }
}

/**
 * Starts Node, unless it has been started, and gives it something to run.
 * @param {string[]} nodeArguments
 * @param {object} task See start.cjs
 * @returns {import("node:child_process").ChildProcess}
 */
function runNode(nodeArguments, { environment, ...task }) {
  const ready = take(nodeArguments);
  const child = ready ?? start(nodeArguments, { cwd: task.directory, env: environment });
  // A process that has ended reads nothing: that it ended says enough.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(`${JSON.stringify(ready ? { ...task, environment } : task)}\n`);
  return child;
}

function take(nodeArguments) {
  const child = prepared;
  prepared = undefined;
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return undefined;
  if (nodeArguments.length > 0) {
    child.kill("SIGKILL");
    return undefined;
  }
  for (const one of [child, child.stdin, child.stdout, child.stderr]) one.ref();
  return child;
}

function start(nodeArguments, options) {
  const flags = [
    // The SDK handles rejections late, and reports the unhandled ones itself.
    "--disable-warning=PromiseRejectionHandledWarning",
    // In MB: a program has that many new objects while it starts, which V8 would otherwise copy again and again.
    "--min-semi-space-size=16",
    ...nodeArguments,
  ];
  return spawn(process.execPath, [...flags, require.resolve("./start.cjs")], {
    ...options,
    detached: process.platform !== "win32",
    windowsHide: true,
  });
}

module.exports = { prepare, runNode };
