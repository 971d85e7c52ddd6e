import type { ChildProcess } from "node:child_process";
import * as net from "node:net";
import type { Readable } from "node:stream";
import type { Context } from "./context";
import type { PolicyPacks } from "./crossguard/packs";
import type { PolicyPackOptions } from "./crossguard/start";
import { ProgramError } from "./errors";
import type { Diagnostic, Graph, Resource } from "./graph";
import { Lookups } from "./lookups";
import type { Services } from "./monitor/services";
import type { Policies } from "./policies";
import { Predecessors } from "./predecessors";
import { hintsAbout, programFailure, tidyMessage } from "./program/failure";
import { killGroup, type Launch, launchProgram, type RunnerMode } from "./program/launch";
import { readConfig } from "./project/config";
import { type Project, readProject } from "./project/project";
import { KnownSecrets } from "./secrets";

export interface ProgramOptions {
  /** A folder with Pulumi.yaml in it or above it. */
  directory: string;
  /** @default "dev" if it has a file, else the only stack that has one */
  stack?: string;
  /** Configuration that overrides the stack's file. Keys without a namespace belong to the project. */
  config?: Record<string, string>;
  /** "sdk" runs the program just as the Pulumi CLI does, which checks its types and takes seconds longer. @default "fast" */
  runner?: RunnerMode;
  /** What `pulumi.runtime.isDryRun()` returns. @default false, or true with `unknowns` */
  dryRun?: boolean;
  /** Leave computed outputs unknown, as in a first preview. @default false */
  unknowns?: boolean;
  /** Functions by token (`aws:ec2/getVpc:getVpc` or `aws:ec2:getVpc`) whose look-ups find nothing. @default all find something */
  lookups?: Record<string, "none">;
  /**
   * The result of an earlier run. Resources that were renamed since, with an alias, keep the ids, names and ARNs that were made
   * up for them, as they would in the cloud. @default none
   */
  previous?: Graph;
  /** Record digests of what assets and archives contain, so that `plan` notices edited files. @default false */
  contents?: boolean;
  /** The CrossGuard policy packs that check the program. @default none */
  policyPacks?: PolicyPackOptions[];
  /** How long the program may run. @default 120 */
  timeoutSeconds?: number;
  /** Called once the program's process has started, with the graph that it will fill: the moment to load what will use it. */
  onLaunch?(graph: Graph): void;
  /**
   * Called once the program has registered everything without an error, and with all but the policies' results: its process is
   * about to end, and the packs may still have work to do.
   */
  onSuccess?(graph: Graph): void;
  /** Called for each resource once its outputs are computed. */
  onResource?(resource: Resource): void;
  /** Called for everything that the program logs or prints. */
  onDiagnostic?(diagnostic: Diagnostic): void;
  /** Ends the program. */
  signal?: AbortSignal;
}

/**
 * Runs a Pulumi program as the Pulumi CLI does, but against this engine, and returns the graph of what it registered.
 * The engine contacts nothing outside this machine.
 * @throws ProgramError when the project or its configuration is invalid, or the program fails, times out or is aborted
 */
export async function runProgram(options: ProgramOptions): Promise<Graph> {
  const project = readProject(options.directory);
  const context = createContext(project, options);
  const { config, dryRun, graph } = context;
  const listener = net.createServer();
  const open: { close(): void }[] = [listener];
  try {
    const address = `127.0.0.1:${await listen(listener)}`;
    const { organization } = graph;
    const launch = { project, config, dryRun, address, organization, mode: options.runner ?? "fast" };
    const program = launchProgram(launch);
    const policies = options.policyPacks?.length ? loadPolicies(context, launch, options.policyPacks) : noPolicies;
    open.push(policies);
    const services = loadServices(context, policies);
    open.push(services);
    listener.on("connection", (socket) => services.accept(socket));
    options.onLaunch?.(graph);
    await supervise(program, context, options);
    for (const token of context.lookups.uncalled()) {
      context.report({
        severity: "warning",
        message: `--lookup ${token}=none: the program did not call this function.`,
      });
    }
    // Older versions of the SDK say nothing before they end.
    context.onDone();
    graph.policyPacks = await finish(policies, graph, options.signal);
    return graph;
  } finally {
    for (const one of open) one.close();
  }
}

const noPolicies: Policies = {
  register: async ({ inputs }) => inputs,
  finish: async () => [],
  close: () => undefined,
};

function loadPolicies(context: Context, launch: Launch, packs: PolicyPackOptions[]): PolicyPacks {
  const { PolicyPacks } = require("./crossguard/packs") as typeof import("./crossguard/packs");
  return new PolicyPacks(context, launch, packs);
}

/** Loaded while the program starts, which takes longer. */
function loadServices(context: Context, policies: Policies): Services {
  const { Services } = require("./monitor/services") as typeof import("./monitor/services");
  return new Services(context, policies);
}

async function finish(policies: Policies, { diagnostics }: Graph, signal: AbortSignal | undefined) {
  const stop = () => policies.close();
  signal?.addEventListener("abort", stop);
  const results = await policies.finish();
  signal?.removeEventListener("abort", stop);
  if (signal?.aborted) throw new ProgramError(stopped, diagnostics);
  return results;
}

function createContext(project: Project, options: ProgramOptions): Context {
  const unknowns = options.unknowns ?? false;
  const dryRun = options.dryRun ?? unknowns;
  const config = readConfig(project, options.stack, options.config ?? {}, { placeholders: dryRun });
  const graph: Graph = {
    project: project.name,
    stack: config.stack,
    // The Pulumi CLI's value when it is not logged in to Pulumi Cloud.
    organization: "organization",
    directory: project.directory,
    workingDirectory: project.workingDirectory,
    region: config.region ?? "us-east-1",
    isDefaultRegion: config.region === undefined,
    resources: [],
    outputs: {},
    diagnostics: [],
    policyPacks: [],
    secrets: new KnownSecrets(config.secretTexts),
  };
  const hints = new Set<string>();
  const report = (said: Diagnostic) => {
    for (const hint of hintsAbout(said, { dryRun, unknowns, graph })) hints.add(hint);
    const diagnostic = tidyMessage({ ...said, message: graph.secrets.hide(said.message) }, project);
    graph.diagnostics.push(diagnostic);
    options.onDiagnostic?.(diagnostic);
  };
  for (const message of [...project.warnings, ...config.warnings]) report({ severity: "warning", message });
  const resources = new Map<string, Resource>();
  const add = (resource: Resource) => {
    if (resources.has(resource.urn)) {
      throw new Error(`Duplicate resource URN '${resource.urn}'; try giving it a unique name`);
    }
    resources.set(resource.urn, resource);
    graph.resources.push(resource);
  };
  let isDone = false;
  const onDone = () => {
    if (isDone || programFailure(0, graph)) return;
    isDone = true;
    options.onSuccess?.(graph);
  };
  return {
    config,
    dryRun,
    unknowns,
    workingDirectory: project.workingDirectory,
    graph,
    resources,
    parts: new Map(),
    predecessors: new Predecessors(options.previous?.resources ?? []),
    contents: options.contents ?? false,
    add,
    report,
    hints,
    lookups: new Lookups(options.lookups),
    onResource: (resource) => options.onResource?.(resource),
    onDone,
    failure: new AbortController(),
  };
}

function listen(server: net.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as net.AddressInfo).port));
  });
}

const stopped = "The run was stopped.";

/** Resolves when the program has succeeded. Whatever happens, no process of it is left running. */
async function supervise(program: ChildProcess, context: Context, options: ProgramOptions): Promise<void> {
  const { graph, hints } = context;
  const seconds = options.timeoutSeconds ?? 120;
  for (const stream of [program.stdout, program.stderr]) relayLines(stream, context);
  const kill = () => killGroup(program);
  process.once("exit", kill);
  let ended: string | undefined;
  const end = (why: string) => {
    ended = why;
    kill();
  };
  const timer = setTimeout(() => end(notEnding(seconds, graph)), seconds * 1000);
  const abort = () => end(stopped);
  context.failure.signal.addEventListener("abort", kill);
  options.signal?.addEventListener("abort", abort);
  if (options.signal?.aborted) abort();
  try {
    const code = await exitOf(program);
    const failure = ended ?? programFailure(code, graph);
    if (failure) throw new ProgramError(graph.secrets.hide([failure, ...hints].join("\n")), graph.diagnostics);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", abort);
    process.removeListener("exit", kill);
  }
}

/** The program's exit code or signal, once all its output has been read. */
function exitOf(program: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    program.once("error", reject);
    program.once("close", (code, signal) => resolve(code ?? signal));
  });
}

/** Reports what the program prints, line by line. Secrets are hidden before the split, as one may span several lines. */
function relayLines(stream: Readable | null, { graph, report }: Context): void {
  let rest = "";
  const relay = (message: string) => report({ severity: "info", message });
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    const lines = graph.secrets.hide(rest + text).split(/\r?\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    lines.forEach(relay);
  });
  stream?.once("close", () => rest && relay(rest));
}

function notEnding(seconds: number, graph: Graph): string {
  const last = graph.resources.slice(-3).map(({ urn }) => `  ${urn}`);
  const hint = last.length > 0 ? `It last registered:\n${last.join("\n")}` : "It registered nothing.";
  return `The program did not end within ${seconds} seconds (--timeout). ${hint}`;
}
