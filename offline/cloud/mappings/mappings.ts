import { randomUUID } from "node:crypto";
import type { Graph } from "../../engine/graph";
import { ownArn, regionOf } from "../core/arns";
import { AwsError } from "../core/awsError";
import type { Events } from "../core/events";
import { Polling } from "../core/polling/polling";
import type { Positions } from "../core/polling/positions";
import { asText, ownResources } from "../core/resources";
import type { Service } from "../core/service";
import type { EventSource } from "../core/sources";
import type { Change } from "../core/types";
import type { EventSourceMappings } from "../lambda/eventSourceMappings";
import type { Functions } from "../lambda/functions";
import { arnOf, invalid, missing, readReference } from "../lambda/reference";
import * as check from "./check";
import { type Configuration, complete, inputOf, kindOf, type MappingInput, withoutUndefined } from "./configuration";
import { describe, type Entry, roleArnOf } from "./entry";
import type * as mapping from "./mapping";
import { describeProblem, problemOf } from "./problems";

export interface MappingsOptions {
  functions: Pick<Functions, "find" | "invoke" | "modelOf" | "names">;
  events: Pick<Events, "send">;
  /** The stream or queue of an ARN, if it is emulated. */
  sourceOf(arn: string): EventSource | undefined;
  /** Where the requests of services are sent, by signing name. What is elsewhere is not polled. */
  endpoints: Record<string, string>;
  /** How far streams have been read, by the UUIDs of mappings. */
  positions: Positions;
  log(line: string): void;
}

/** A mapping, apart from what polls for it. */
type Configured = Omit<Entry, "polling">;

const TYPE = "aws:lambda/eventSourceMapping:EventSourceMapping";

/** Lambda's event source mappings: those of the program, which poll, and those that requests create, which last until the end of the run. */
export class Mappings implements Service, EventSourceMappings {
  problems: string[] = [];
  private entries = new Map<string, Entry>();
  private graph: Graph | undefined;

  constructor(private readonly options: MappingsOptions) {}

  /** Takes over the mappings of a graph. One that changes goes on where it was. */
  async reconcile(graph: Graph): Promise<Change[]> {
    this.graph = graph;
    const changes: Change[] = [];
    const resources = ownResources(graph, TYPE);
    const declared = new Set(resources.map(({ settings, urn }) => asText(settings.uuid) ?? urn));
    for (const { uuid, name, declaration } of this.entries.values()) {
      if (declaration === undefined || declared.has(uuid)) continue;
      this.remove(uuid);
      changes.push({ action: "removed", kind: "event source mapping", name });
    }
    for (const resource of resources) {
      const { settings, name, urn } = resource;
      const uuid = asText(settings.uuid) ?? urn;
      const input = inputOf(resource);
      const declaration = JSON.stringify(input);
      const known = this.entries.get(uuid);
      if (known?.declaration === declaration) continue;
      const region = regionOf(asText(settings.arn) ?? "") || graph.region;
      const entry = { ...this.entryOf(uuid, name, complete(input), region), declaration, settings };
      this.entries.set(uuid, known ? Object.assign(known, entry) : { ...entry, polling: new Polling() });
      changes.push({ action: known ? "updated" : "added", kind: "event source mapping", name });
    }
    // Sources and functions may have changed too.
    for (const entry of this.entries.values()) await this.settleEntry(entry);
    this.problems = [...this.entries.values()].flatMap((entry) => describeProblem(entry) ?? []);
    return changes;
  }

  async create(input: MappingInput, region: string): Promise<object> {
    const configuration = complete(input);
    const uuid = randomUUID();
    const entry = { ...this.entryOf(uuid, uuid, configuration, region), polling: new Polling<mapping.Mapping>() };
    this.refuse(entry);
    this.entries.set(entry.uuid, entry);
    await this.settleEntry(entry);
    return describe(entry, configuration.Enabled ? "Creating" : "Disabled");
  }

  get(uuid: string): object {
    return describe(this.find(uuid));
  }

  list({ FunctionName, EventSourceArn }: { FunctionName?: string; EventSourceArn?: string }): object[] {
    const name = FunctionName && readReference(FunctionName).name;
    return [...this.entries.values()]
      .filter(({ functionArn }) => name === undefined || readReference(functionArn).name === name)
      .filter(({ configuration }) => EventSourceArn === undefined || configuration.EventSourceArn === EventSourceArn)
      .map((entry) => describe(entry));
  }

  async update(uuid: string, input: Partial<MappingInput>, region: string): Promise<object> {
    const entry = this.find(uuid);
    const { configuration: before } = entry;
    const configuration = complete({ ...before, ...withoutUndefined(input), EventSourceArn: before.EventSourceArn });
    const next = this.entryOf(uuid, entry.name, configuration, region);
    this.refuse(next);
    await this.settleEntry(Object.assign(entry, next));
    const { Enabled } = configuration;
    return describe(entry, Enabled === before.Enabled ? "Updating" : Enabled ? "Enabling" : "Disabling");
  }

  async delete(uuid: string): Promise<object> {
    const entry = this.find(uuid);
    this.remove(uuid);
    return describe(entry, "Deleting");
  }

  async close(): Promise<void> {
    // Batches in flight end with their functions.
    for (const { polling } of this.entries.values()) polling.end();
    this.entries.clear();
    await this.options.positions.close();
  }

  private find(uuid: string): Entry {
    const entry = this.entries.get(uuid);
    if (entry) return entry;
    throw missing("The resource you requested does not exist.");
  }

  private remove(uuid: string): void {
    this.entries.get(uuid)?.polling.end();
    this.entries.delete(uuid);
    this.options.positions.forget(uuid);
  }

  private entryOf(uuid: string, name: string, configuration: Configuration, region: string): Configured {
    const arn = ownArn("lambda", region, `event-source-mapping:${uuid}`);
    const functionArn = arnOf(readReference(configuration.FunctionName), region);
    return { uuid, name, arn, functionArn, configuration, lastModified: Date.now() };
  }

  /** @throws AwsError if AWS refuses the mapping */
  private refuse(entry: Configured): void {
    const { configuration, functionArn } = entry;
    const { EventSourceArn: source = "", DestinationConfig } = configuration;
    const target = this.options.functions.find(functionArn);
    const isKnown = kindOf(source) && !(kindOf(source) === "sqs" && DestinationConfig);
    if (isKnown && !target) throw invalid("Function does not exist");
    const { timeout = 0 } = (target && this.options.functions.modelOf(target.name)) ?? {};
    const refusal = check.refusalOf(configuration, { source: this.options.sourceOf(source), timeout });
    if (refusal) throw invalid(refusal);
    const other = this.duplicateOf(entry);
    if (!other) return;
    const name = readReference(functionArn).name;
    const message =
      kindOf(source) === "sqs"
        ? `An event source mapping with SQS arn (" ${source} ") and function (" ${name} ") already exists.`
        : `The event source arn (" ${source} ") and function (" ${name} ") provided mapping already exists.`;
    const instead = `Please update or delete the existing mapping with UUID ${other.uuid}`;
    throw new AwsError("ResourceConflictException", `${message} ${instead}`, 409, { Type: "User" });
  }

  private duplicateOf({ uuid, functionArn, configuration }: Configured): Entry | undefined {
    const { EventSourceArn: source } = configuration;
    return [...this.entries.values()].find(
      (one) => one.uuid !== uuid && one.functionArn === functionArn && one.configuration.EventSourceArn === source,
    );
  }

  /** Makes a mapping poll as it is configured now, or not at all. */
  private async settleEntry(entry: Entry): Promise<void> {
    const { graph, options } = this;
    const { configuration, functionArn, uuid, name } = entry;
    const source = options.sourceOf(configuration.EventSourceArn ?? "");
    const target = options.functions.find(functionArn);
    const duplicate = this.duplicateOf(entry)?.name;
    entry.problem = configuration.Enabled
      ? problemOf(entry, { ...options, graph, source, target, duplicate })
      : undefined;
    const polls = configuration.Enabled && !entry.problem && source && target;
    if (!polls) return entry.polling.end();
    const roleArn = graph && roleArnOf(graph, target.name);
    const { log, events, functions } = options;
    const create = () => {
      const checkpoints = options.positions.of(uuid, source.arn);
      const invoke: Functions["invoke"] = (...call) => functions.invoke(...call);
      const { Mapping } = require("./mapping") as typeof mapping;
      return new Mapping({
        ...{ uuid, name, configuration, source, target, functionArn, roleArn, checkpoints, events, invoke, log },
      });
    };
    const settings = JSON.stringify([configuration, functionArn, source.arn, roleArn]);
    await entry.polling.replace(settings, create, ({ message }) => {
      log(`error: event source mapping ${name} | ${message}`);
    });
  }
}
