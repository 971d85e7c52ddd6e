import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Command } from "commander";
import { requireCompliance } from "../engine/crossguard/verdict";
import { messageOf, ProgramError } from "../engine/errors";
import type { Graph } from "../engine/graph";
import { KnownSecrets } from "../engine/secrets";
import type { Watcher } from "../reload/watchProgram";
import { type BannerFacts, bannerJson, bannerLines, warningLine } from "../report/banner";
import { paintFor } from "../report/colors";
import { lineWriter } from "../report/lines";
import { policyLines, policySummary, verdicts } from "../report/policies";
import type { Server } from "../server";
import { addRunOptions, list, pair, port, type RunFlags, text } from "./options";
import { addPolicyOptions } from "./policyPacks";
import { run } from "./run";
import { announceSession, endSession } from "./sessions";

interface StartFlags extends RunFlags {
  port: number;
  data?: string;
  seed?: string;
  keys?: string;
  endpoint: Record<string, string>;
  inspect?: boolean;
  allowHost: string[];
  docker?: boolean;
  json?: boolean;
  strict?: boolean;
}

/** Adds the command `start`. */
export function addStart(program: Command, signal: AbortSignal): void {
  addPolicyOptions(addRunOptions(program.command("start")))
    .description("run the program and serve it on 127.0.0.1, following edits until Ctrl-C")
    .option("--port <number>", "the port of the APIs; 0 picks a free one", port, 3000)
    .option(
      "--data <dir>",
      "keep tables, buckets and queues in this folder across runs (default: in memory only)",
      text,
    )
    .option("--seed <path>", "fill new tables from this JSON file, or from a folder with one for each table", text)
    .option("--keys <file>", "accept tokens that are signed with these keys, too: a JSON Web Key Set", text)
    .option(
      "--endpoint <service=url>",
      "send a service's requests elsewhere, such as batch=http://127.0.0.1:4566; repeatable",
      pair,
      {},
    )
    .option("--allow-host <name>", "answer to this host name as well as to localhost; repeatable", list, [])
    .option("--docker", "run Batch jobs in Docker instead of as processes")
    .option("--inspect", "let a debugger attach to the functions, without timeouts")
    .option("--json", "print one line of JSON instead of the banner")
    .option("--strict", "refuse to serve what violates a mandatory policy or could not be checked")
    .action((flags: StartFlags) => start(flags, signal));
}

async function start(flags: StartFlags, signal: AbortSignal): Promise<void> {
  // Lambda's time zone: the threads that functions run in have that of the process.
  process.env.TZ = "UTC";
  const write = lineWriter(process.stderr);
  let secrets = new KnownSecrets();
  const log = (line: string) => write(secrets.hide(line));
  const paint = paintFor(process.stderr);
  const judge = (graph: Graph, whenClean: string[]) => {
    const isClean = verdicts(graph).every(({ findings }) => findings.length === 0);
    ({ secrets } = graph);
    for (const line of isClean ? whenClean : policyLines(graph, paint)) log(line);
    if (flags.strict) requireCompliance(graph);
    return graph;
  };
  let serving: Promise<Server> | undefined;
  const serve = (graph: Graph) => {
    ({ secrets } = graph);
    serving ??= serveGraph(graph, flags, log);
    return serving;
  };
  // Unless policies can forbid it, the server starts while they are still at work. Its error is reported after theirs.
  const onSuccess = flags.strict ? undefined : (graph: Graph) => void serve(graph).catch(() => undefined);
  const rerun = async ({ directory, stack }: Graph, superseded: AbortSignal) => {
    // What is served stays the same project and stack, whatever files come and go.
    const same = { ...flags, cwd: directory, stack };
    const next = await run(same, { signal: AbortSignal.any([signal, superseded]), log });
    const summary = policySummary(next);
    return judge(next, summary ? [`Policies: ${summary}`] : []);
  };
  const data = flags.data === undefined ? {} : { data: flags.data };
  let watcher = undefined as Watcher | undefined;
  const onLaunch = (graph: Graph) => {
    watcher = loadServer().watchProgram({ graph, rerun: (superseded) => rerun(graph, superseded), log, ...data });
  };
  try {
    // The banner has the summary.
    const graph = judge(await run(flags, { signal, log, onLaunch, ...(onSuccess && { onSuccess }) }), []);
    const server = await serve(graph);
    await watcher?.follow(loggingNews(server, log));
    share(graph, server, log);
    // The log is written in the next turn of the event loop, and comes first.
    await setImmediate();
    if (!signal.aborted) announce({ graph, server, ready: Math.round(performance.now()) }, flags.json ?? false);
    await aborted(signal);
  } finally {
    endSession();
    const server = await serving?.catch(() => undefined);
    // At once: the watcher may be waiting for code that never ends loading, which ends with the server.
    await Promise.all([watcher?.close(), server?.close()]);
  }
}

async function serveGraph(graph: Graph, flags: StartFlags, log: (line: string) => void): Promise<Server> {
  const {
    port,
    endpoint: endpoints,
    allowHost: allowedHosts,
    inspect = false,
    docker = false,
    data,
    seed,
    keys,
  } = flags;
  if (data !== undefined && path.resolve(data) === graph.directory) {
    throw new ProgramError(`--data ${data} is the program's own folder: name another one, such as --data .data`);
  }
  return loadServer().serve(graph, {
    port,
    endpoints,
    allowedHosts,
    inspect,
    docker,
    log,
    ...(data !== undefined && { data }),
    ...(seed !== undefined && { seed }),
    ...(keys !== undefined && { keys }),
  });
}

/** Loaded while the program runs: the other commands need none of it. */
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

function announce(facts: BannerFacts, asJson: boolean): void {
  const lines = asJson ? [bannerJson(facts)] : bannerLines(facts, paintFor(process.stdout));
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Lets `invoke` find the server. Nothing else depends on it. */
function share(graph: Graph, server: Server, log: (line: string) => void): void {
  try {
    announceSession(graph, server);
  } catch (error) {
    log(warningLine(`pulumi-offline invoke cannot find this run: ${messageOf(error)}`, paintFor(process.stderr)));
  }
}

/** The server, which logs what an edit adds to the banner: addresses of APIs, and warnings. */
function loggingNews(server: Server, log: (line: string) => void): Pick<Server, "reconcile"> {
  const facts = () => [
    ...server.apis.map(({ name, url, domainUrl = url }) => `API ${name} is at ${domainUrl}`),
    ...server.webSockets.map(({ name, url, domainUrl = url }) => `WebSocket API ${name} is at ${domainUrl}`),
    ...server.sites.map(({ name, kind, url }) => `The ${kind} ${name} is at ${url}`),
    ...server.functionUrls.map(({ name, url }) => `function URL ${name} is at ${url}`),
    ...server.problems.map((problem) => warningLine(problem, paintFor(process.stderr))),
  ];
  return {
    async reconcile(graph) {
      const before = facts();
      const changes = await server.reconcile(graph);
      share(graph, server, log);
      for (const line of facts()) if (!before.includes(line)) log(line);
      return changes;
    },
  };
}
