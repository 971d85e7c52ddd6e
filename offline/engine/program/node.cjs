// Starts Node for programs and policy packs: see start.cjs.
"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");

/** The commands that run a program. */
const running = new Set(["start", "preview", "diff", "output"]);

/** What `prepare` started, until something is to run: the process and its arguments. */
let prepared;

/**
 * Starts Node while the command is still being loaded, which takes as long.
 * @param {string[]} words What the user gave: the command and its options
 * @param {string} directory Where a program may be
 */
function prepare(words, directory) {
  // With `--runner sdk`, the SDK is started as the Pulumi CLI starts it.
  if (!running.has(words[0]) || words.includes("sdk")) return;
  const nodeArguments = ordinaryArguments(directory);
  if (!nodeArguments) return;
  const child = start(nodeArguments, {});
  prepared = { child, nodeArguments };
  // If nothing is to run, the command ends, and with it this process, which reads the end of its input.
  for (const one of [child, child.stdin, child.stdout, child.stderr]) one?.unref();
  child.on("error", () => undefined);
}

/**
 * The arguments for Node in Pulumi.yaml, if each is a number, such as a limit: others, such as `--env-file`, may depend on the
 * program's own folder and environment, which come later.
 */
function ordinaryArguments(directory) {
  try {
    const [, given = ""] = /\bnodeargs:(.*)/.exec(fs.readFileSync(`${directory}/Pulumi.yaml`, "utf8")) ?? [];
    const words = given.split(/[\s"']+/).filter(Boolean);
    return words.every((word) => /^--(?!inspect)[\w-]+=\d+$/.test(word)) ? words : undefined;
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
function runNode(nodeArguments, { environment, ...task }) {
  const ready = take(nodeArguments);
  const child = ready ?? start(nodeArguments, { cwd: task.directory, env: environment });
  // A process that has ended reads nothing: that it ended says enough.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(`${JSON.stringify(ready ? { ...task, environment } : task)}\n`);
  return child;
}

function take(nodeArguments) {
  const { child, nodeArguments: guessed } = prepared ?? {};
  prepared = undefined;
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return undefined;
  if (String(guessed) !== String(nodeArguments)) {
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
