import * as fs from "node:fs";
import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { addPolicyOptions } from "./engine/crossguard/flags";
import type { PolicyPackOptions } from "./engine/crossguard/packs";
import { requireCompliance } from "./engine/crossguard/verdict";
import { ProgramError } from "./engine/errors";
import type { Diagnostic, Graph } from "./engine/graph";
import type { ProgramOptions } from "./engine/run";
import { redact, reveal } from "./engine/values";
import type { Watcher } from "./reload/watchProgram";
import { paintFor } from "./report/colors";
import { renderJson } from "./report/json";
import { lineWriter } from "./report/lines";
import { renderMarkdown } from "./report/markdown";
import { policyLines } from "./report/policies";
import { progressOn } from "./report/progress";
import { renderTree } from "./report/tree";
import type { Server } from "./server";

interface RunFlags {
  cwd: string;
  stack?: string;
  config: Record<string, string>;
  timeout: number;
  policyPacks?: PolicyPackOptions[];
}

interface PreviewFlags extends RunFlags {
  json?: boolean;
  markdown?: boolean;
  unknowns?: boolean;
}

interface StartFlags extends RunFlags {
  port: number;
  data?: string;
  endpoint: Record<string, string>;
  inspect?: boolean;
  docker?: boolean;
  json?: boolean;
  strict?: boolean;
}

interface OutputFlags extends RunFlags {
  to?: string;
  showSecrets?: boolean;
}

/** The command line. Any mistake of the user ends it with one message and exit code 1; Ctrl-C ends all that it started. */
export async function main(argv: string[]): Promise<void> {
  const interrupt = new AbortController();
  const stop = () => (interrupt.signal.aborted ? process.exit(130) : interrupt.abort());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  // Whoever reads the output, such as head, has seen enough; what it was about may have failed all the same.
  process.stdout.on("error", () => process.exit());
  try {
    await createCommand(interrupt.signal).parseAsync(argv);
  } catch (error) {
    if (interrupt.signal.aborted) process.exitCode = 130;
    else {
      process.stderr.write(`${describe(error)}\n`);
      process.exitCode = 1;
    }
  }
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const shown = error instanceof ProgramError ? error.diagnostics.filter(({ severity }) => severity !== "error") : [];
  return [...shown.map(describeDiagnostic), `error: ${message}`].join("\n");
}

function describeDiagnostic({ severity, message }: Diagnostic): string {
  return severity === "info" ? message : `${severity}: ${message}`;
}

function createCommand(signal: AbortSignal): Command {
  const { version, description } = JSON.parse(fs.readFileSync(path.join(__dirname, "package.json"), "utf8"));
  const command = new Command("pulumi-offline").version(version).description(description);
  addPolicyOptions(addRunOptions(command.command("preview")))
    .description("run the program and show what it would create")
    .option("--json", "print one JSON document")
    .addOption(new Option("--markdown", "print Markdown, with a diagram").conflicts("json"))
    .option("--unknowns", "leave computed outputs unknown, as in a first preview")
    .action((flags: PreviewFlags) => preview(flags, signal));
  addPolicyOptions(addRunOptions(command.command("start")))
    .description("run the program and serve it on 127.0.0.1")
    .option("--port <number>", "port of the APIs; 0 picks a free one", port, 3000)
    .option("--data <dir>", "keep tables in this folder across runs (default: in memory)")
    .option(
      "--endpoint <service=url>",
      "send a service's requests there, such as batch=http://127.0.0.1:4566",
      pair,
      {},
    )
    .option("--docker", "run the images of Batch jobs with Docker")
    .option("--inspect", "let a debugger attach to the functions")
    .option("--json", "print one JSON line with the URLs once it serves")
    .option("--strict", "serve nothing that breaks a mandatory policy or could not be checked")
    .action((flags: StartFlags) => start(flags, signal));
  addRunOptions(command.command("output [name]"))
    .description("run the program and print its outputs, or one of them")
    .option("--to <file>", "write it to a file")
    .option("--show-secrets", "print secrets")
    .action((name: string | undefined, flags: OutputFlags) => output(name, flags, signal));
  return command;
}

function addRunOptions(command: Command): Command {
  return command
    .option("--cwd <dir>", "folder of the Pulumi program", process.cwd())
    .option("--stack <name>", "stack (default: dev if there is one, else the only one)")
    .option("--config <key=value>", "configuration, before that of the stack's file; repeatable", pair, {})
    .option("--timeout <seconds>", "end the program when it takes longer", duration, 120);
}

function pair(text: string, earlier: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Write it as name=value.");
  return { ...earlier, [name]: value };
}

function port(text: string): number {
  const number = Number(text);
  if (text && Number.isInteger(number) && number >= 0 && number < 65536) return number;
  throw new InvalidArgumentError("Give a number from 0 to 65535.");
}

/** A timer counts the milliseconds with 31 bits. */
const longestTimeout = 2_147_483;

function duration(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= longestTimeout) return number;
  throw new InvalidArgumentError(`Give a number above 0, and ${longestTimeout} at most.`);
}

async function preview(flags: PreviewFlags, signal: AbortSignal): Promise<void> {
  const graph = await run(flags, { signal, dryRun: true, unknowns: flags.unknowns ?? false });
  process.stdout.write(render(graph, flags));
  requireCompliance(graph);
}

function render(graph: Graph, flags: PreviewFlags): string {
  if (flags.json) return renderJson(graph);
  return flags.markdown ? renderMarkdown(graph) : renderTree(graph, paintFor(process.stdout));
}

async function output(name: string | undefined, flags: OutputFlags, signal: AbortSignal): Promise<void> {
  const { outputs } = await run(flags, { signal });
  const value = name === undefined ? outputs : outputs[name];
  if (value === undefined) {
    const names = Object.keys(outputs).sort().join(", ") || "none";
    throw new ProgramError(`There is no output "${name}". There is: ${names}.`);
  }
  const shown = flags.showSecrets ? reveal(value) : redact(value);
  const text = typeof shown === "string" ? shown : JSON.stringify(shown, null, 2);
  const ended = text.endsWith("\n") ? text : `${text}\n`;
  if (flags.to === undefined) process.stdout.write(ended);
  else fs.writeFileSync(flags.to, ended);
}

async function start(flags: StartFlags, signal: AbortSignal): Promise<void> {
  // Lambda's time zone: the threads that functions run in have that of the process.
  process.env.TZ = "UTC";
  const log = lineWriter(process.stderr);
  const judge = async (graph: Graph) => {
    for (const line of policyLines(graph, paintFor(process.stderr))) log(line);
    // The log is written in the next turn, and an error at once.
    await setImmediate();
    if (flags.strict) requireCompliance(graph);
    return graph;
  };
  const rerun = async () => judge(await run(flags, { signal }));
  const graph = await run(flags, { signal, onLaunch: loadServer });
  const { serve, watchProgram } = loadServer();
  const { port, endpoint: endpoints, inspect = false, docker = false } = flags;
  const data = flags.data === undefined ? {} : { data: flags.data };
  for (const diagnostic of graph.diagnostics) log(describeDiagnostic(diagnostic));
  await judge(graph);
  const server = await serve(graph, { port, endpoints, inspect, docker, log, ...data });
  let watcher: Watcher | undefined;
  try {
    watcher = await watchProgram({ graph, server, rerun, log, ...data });
    announce(server, flags.json ?? false);
    await aborted(signal);
  } finally {
    // At once: the watcher may be waiting for code that never ends loading, which ends with the server.
    await Promise.all([watcher?.close(), server.close()]);
  }
}

/** Loaded while the program runs; the other commands need none of it. */
function loadServer() {
  const { serve } = require("./server") as typeof import("./server");
  const { watchProgram } = require("./reload/watchProgram") as typeof import("./reload/watchProgram");
  return { serve, watchProgram };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });
}

function announce(server: Server, asJson: boolean): void {
  const { apis, endpoint, credentials, inspectorUrl, problems } = server;
  const ready = Math.round(performance.now());
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ apis, endpoint, credentials, inspectorUrl, problems, ready })}\n`);
    return;
  }
  const lines = [
    ...problems.map((problem) => `warning: ${problem}`),
    ...apis.map(
      ({ name, url, auth }) => `${name}  ${url}${auth.includes("iam") ? "  (IAM: sign with the keys below)" : ""}`,
    ),
    `AWS  ${endpoint}  (AWS_ENDPOINT_URL)`,
    `keys ${credentials.accessKeyId} ${credentials.secretAccessKey}`,
    ...(inspectorUrl ? [`debugger  ${inspectorUrl}`] : []),
    `ready in ${ready} ms`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

type RunOptions = Pick<ProgramOptions, "dryRun" | "unknowns" | "onLaunch"> & { signal: AbortSignal };

async function run(flags: RunFlags, options: RunOptions): Promise<Graph> {
  // Loaded here so that --help and --version answer at once.
  const { runProgram } = require("./engine/run") as typeof import("./engine/run");
  const progress = progressOn(process.stderr);
  try {
    const { cwd, stack, config, timeout, policyPacks = [] } = flags;
    return await runProgram({
      ...options,
      directory: cwd,
      config,
      policyPacks,
      timeoutSeconds: timeout,
      ...(stack !== undefined && { stack }),
      onResource: progress.count,
    });
  } finally {
    progress.stop();
  }
}
