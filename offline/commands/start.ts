import { setImmediate } from "node:timers/promises";
import type { Command } from "commander";
import { requireCompliance } from "../engine/crossguard/verdict";
import type { Graph } from "../engine/graph";
import type { Watcher } from "../reload/watchProgram";
import { paintFor } from "../report/colors";
import { describeDiagnostic } from "../report/diagnostic";
import { lineWriter } from "../report/lines";
import { policyLines } from "../report/policies";
import type { Server } from "../server";
import { addRunOptions, list, pair, port, type RunFlags } from "./options";
import { addPolicyOptions } from "./policyPacks";
import { run } from "./run";

interface StartFlags extends RunFlags {
  port: number;
  data?: string;
  endpoint: Record<string, string>;
  inspect?: boolean;
  allowHost: string[];
  docker?: boolean;
  json?: boolean;
  strict?: boolean;
}

/** The command `start`: its options, and what it does. */
export function addStart(program: Command, signal: AbortSignal): void {
  addPolicyOptions(addRunOptions(program.command("start")))
    .description("run the program and serve it on 127.0.0.1")
    .option("--port <number>", "port of the APIs; 0 picks a free one", port, 3000)
    .option("--data <dir>", "keep tables and buckets in this folder across runs (default: neither)")
    .option(
      "--endpoint <service=url>",
      "send a service's requests there, such as batch=http://127.0.0.1:4566",
      pair,
      {},
    )
    .option("--allow-host <name>", "answer to this host name as well as to localhost; repeatable", list, [])
    .option("--docker", "run the images of Batch jobs with Docker")
    .option("--inspect", "let a debugger attach to the functions")
    .option("--json", "print one JSON line with the URLs once it serves")
    .option("--strict", "serve nothing that breaks a mandatory policy or could not be checked")
    .action((flags: StartFlags) => start(flags, signal));
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
  const { port, endpoint: endpoints, allowHost: allowedHosts, inspect = false, docker = false } = flags;
  const data = flags.data === undefined ? {} : { data: flags.data };
  for (const diagnostic of graph.diagnostics) log(describeDiagnostic(diagnostic));
  await judge(graph);
  const server = await serve(graph, { port, endpoints, allowedHosts, inspect, docker, log, ...data });
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
  const { serve } = require("../server") as typeof import("../server");
  const { watchProgram } = require("../reload/watchProgram") as typeof import("../reload/watchProgram");
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
