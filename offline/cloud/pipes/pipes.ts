import type { Graph } from "../../engine/graph";
import { compare, missing } from "../core/changes";
import type { Events } from "../core/events";
import type { Invoker } from "../core/invoker";
import { Polling } from "../core/polling/polling";
import type { Positions } from "../core/polling/positions";
import type { EventSource } from "../core/sources";
import type { Change } from "../core/types";
import { type Pipe, readPipes } from "./model";
import { problemOf } from "./problems";
import { RunningPipe } from "./runningPipe";

export interface PipesOptions {
  functions: Pick<Invoker, "find" | "invoke" | "names">;
  events: Pick<Events, "attempt" | "send" | "whyUnsupported">;
  /** The stream or queue of an ARN, if it is emulated. */
  sourceOf(arn: string): EventSource | undefined;
  /** How far streams have been read, by the ARNs of pipes. */
  positions: Positions;
  /** Where the requests of services are sent, by signing name. */
  endpoints: Record<string, string>;
  log(line: string): void;
}

export interface Entry {
  pipe: Pipe;
  /** In milliseconds since 1970. */
  created: number;
  modified: number;
  polling: Polling<RunningPipe>;
  /** Why it does not run, and what to do. */
  problem?: string;
}

/** The pipes of the program. One that changes goes on where it was. */
export class Pipes {
  problems: string[] = [];
  /** By ARN. */
  readonly entries = new Map<string, Entry>();
  private graph: Graph | undefined;
  private definitions: Pipe[] = [];

  constructor(private readonly options: PipesOptions) {}

  async reconcile(graph: Graph): Promise<Change[]> {
    this.graph = graph;
    const before = this.definitions;
    this.definitions = readPipes(graph);
    const changes = compare("pipe", before, this.definitions);
    const changed = new Set(changes.map(({ name }) => name));
    for (const { arn } of missing(before, this.definitions)) this.remove(arn);
    for (const pipe of this.definitions) {
      const known = this.entries.get(pipe.arn);
      const now = Date.now();
      if (!known) this.entries.set(pipe.arn, { pipe, created: now, modified: now, polling: new Polling() });
      else if (changed.has(pipe.name)) Object.assign(known, { pipe, modified: now });
    }
    // Sources, functions and roles may have changed too.
    for (const entry of this.entries.values()) await this.settleEntry(entry);
    this.problems = [...this.entries.values()].flatMap(({ pipe, problem }) =>
      problem ? [`pipe ${pipe.name} does not run: ${problem}`] : [],
    );
    return changes;
  }

  /** Starts or stops a pipe, until the program changes it. */
  async setState(entry: Entry, DesiredState: Pipe["DesiredState"]): Promise<void> {
    Object.assign(entry, { pipe: { ...entry.pipe, DesiredState }, modified: Date.now() });
    await this.settleEntry(entry);
  }

  async close(): Promise<void> {
    // Batches in flight end with their functions.
    for (const { polling } of this.entries.values()) polling.end();
    this.entries.clear();
  }

  private remove(arn: string): void {
    this.entries.get(arn)?.polling.end();
    this.entries.delete(arn);
    this.options.positions.forget(arn);
  }

  /** Makes a pipe run as it is defined now, or not at all. */
  private async settleEntry(entry: Entry): Promise<void> {
    const { graph, options } = this;
    const { pipe } = entry;
    const isWanted = pipe.DesiredState === "RUNNING";
    const source = options.sourceOf(pipe.Source);
    entry.problem = isWanted && graph ? problemOf(pipe, { ...options, graph, source }) : undefined;
    if (!isWanted || entry.problem || !source) return entry.polling.end();
    await entry.polling.replace(
      JSON.stringify([pipe, source.arn]),
      () => new RunningPipe({ ...options, pipe, source, checkpoints: options.positions.of(pipe.arn, source.arn) }),
      ({ message }) => options.log(`error: pipe ${pipe.name} | ${message}`),
    );
  }
}
