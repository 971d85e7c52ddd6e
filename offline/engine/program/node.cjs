// Starts Node for programs and policy packs: see start.cjs.
"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const { isDeepStrictEqual } = require("node:util");

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
  if (!running.has(command)) return;
  const nodeArguments = guessArguments(directory);
  if (!nodeArguments) return;
  const child = start(nodeArguments);
  prepared = { child, nodeArguments };
  // If nothing is to run, the command ends, and with it this process, which reads the end of its input.
  for (const one of [child, child.stdin, child.stdout, child.stderr]) one?.unref();
  child.on("error", () => undefined);
}

/** The arguments of most projects, if there is one: a wrong guess costs a process. */
function guessArguments(directory) {
  try {
    const project = fs.readFileSync(`${directory}/Pulumi.yaml`, "utf8");
    const [, , given = ""] = /^\s*nodeargs:\s*(["']?)([^"'\n]*)\1\s*$/m.exec(project) ?? [];
    return given.split(/\s+/).filter(Boolean);
  } catch {
    return undefined;
  }
}

/**
 * Starts Node, unless it has been started, and gives it something to run.
 * @param {string[]} nodeArguments
 * @param {object} task See start.cjs
 * @returns {import("node:child_process").ChildProcess}
 */
function runNode(nodeArguments, task) {
  const child = take(nodeArguments) ?? start(nodeArguments);
  // A process that has ended reads nothing: that it ended says enough.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(`${JSON.stringify(task)}\n`);
  return child;
}

function take(nodeArguments) {
  const { child, nodeArguments: guessed } = prepared ?? {};
  prepared = undefined;
  if (!child?.pid || child.exitCode !== null) return undefined;
  if (!isDeepStrictEqual(guessed, nodeArguments)) {
    child.kill("SIGKILL");
    return undefined;
  }
  for (const one of [child, child.stdin, child.stdout, child.stderr]) one.ref();
  return child;
}

function start(nodeArguments) {
  const flags = [
    // The SDK handles rejections late, and reports the unhandled ones itself.
    "--disable-warning=PromiseRejectionHandledWarning",
    // In MB: a program has that many new objects while it starts, which V8 would otherwise copy again and again.
    "--min-semi-space-size=16",
    ...nodeArguments,
  ];
  return spawn(process.execPath, [...flags, require.resolve("./start.cjs")], {
    detached: process.platform !== "win32",
    windowsHide: true,
  });
}

module.exports = { prepare, runNode };
