import * as fs from "node:fs";
import * as path from "node:path";
import { account } from "../../engine/context";
import type { Graph } from "../../engine/graph";
import { ownArn } from "../core/arns";
import { AwsError } from "../core/awsError";
import { compare } from "../core/changes";
import type { StreamSource } from "../core/sources";
import type { Change } from "../core/types";
import { type Definition, definitionsIn } from "./definition";
import { Journal } from "./journal";
import { reshard } from "./reshard";
import { uniformRanges } from "./sequence";
import type { Shard } from "./shard";
import { sourceOf } from "./source";
import type { Consumer, StreamSettings, StreamState } from "./state";
import { Stream } from "./stream";

/** How a call names a stream. */
export type Reference = { StreamName?: string; StreamARN?: string };

const EXTENSION = ".jsonl";

/** The program's streams and those that calls have created. */
export class Streams {
  private readonly streams = new Map<string, Stream>();
  private definitions: Definition[] = [];

  private constructor(
    private readonly region: string,
    private readonly folder: string | undefined,
  ) {}

  /**
   * Opens the streams that a folder has.
   * @param folder where they are stored. @default memory
   * @throws Error if the folder cannot be used
   */
  static open(region: string, folder?: string): Streams {
    const streams = new Streams(region, folder);
    if (folder === undefined) return streams;
    try {
      fs.mkdirSync(folder, { recursive: true });
      for (const file of fs.readdirSync(folder)) {
        if (file.endsWith(EXTENSION)) streams.load(file.slice(0, -EXTENSION.length));
      }
    } catch (error) {
      throw new Error(`The streams in ${folder} cannot be opened: ${(error as Error).message}`);
    }
    return streams;
  }

  /** By their names. */
  get all(): Stream[] {
    return [...this.streams.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /**
   * What a call has changed stays until the program says something else about it. A stored stream that the program no
   * longer has stays on the disk, until it has it again.
   */
  reconcile(graph: Graph): Change[] {
    const next = definitionsIn(graph);
    const changes = compare("stream", this.definitions, next);
    this.definitions = next;
    const names = new Set(next.map(({ name }) => name));
    for (const stream of this.all) {
      if (!stream.state.definition || names.has(stream.name)) continue;
      stream.close();
      this.streams.delete(stream.name);
    }
    for (const definition of next) {
      const { name, arn, shardCount, settings } = definition;
      apply(this.streams.get(name) ?? this.load(name) ?? this.add(name, arn, settings, shardCount), definition);
    }
    return changes;
  }

  /** @throws AwsError ResourceInUseException if there is one of that name */
  create(name: string, settings: StreamSettings, shardCount: number): Stream {
    if (this.streams.has(name)) {
      throw new AwsError("ResourceInUseException", `Stream ${name} under account ${account} already exists.`);
    }
    const arn = ownArn("kinesis", this.region, `stream/${name}`);
    return this.add(name, arn, settings, shardCount);
  }

  remove(name: string): void {
    this.streams.get(name)?.remove();
    this.streams.delete(name);
  }

  /** @throws AwsError InvalidArgumentException without a reference, ResourceNotFoundException if there is no such stream */
  find({ StreamName, StreamARN }: Reference): Stream {
    if (StreamName === undefined && StreamARN === undefined) {
      throw new AwsError("InvalidArgumentException", "Either StreamARN or StreamName must be given.");
    }
    const name = StreamName ?? StreamARN?.replace(/^.*:stream\//, "") ?? "";
    const stream = this.streams.get(name);
    if (stream && (StreamARN ?? stream.arn) === stream.arn) return stream;
    throw new AwsError("ResourceNotFoundException", `Stream ${name} under account ${account} not found.`);
  }

  /** @throws AwsError as `find`, or ResourceNotFoundException if the stream has no such shard */
  findShard(reference: Reference, id: string): { stream: Stream; shard: Shard } {
    const stream = this.find(reference);
    const shard = stream.shard(id);
    if (shard) return { stream, shard };
    const message = `Shard ${id} in stream ${stream.name} under account ${account} does not exist`;
    throw new AwsError("ResourceNotFoundException", message);
  }

  /** @throws AwsError ResourceNotFoundException if there is no such consumer */
  findConsumer(arn: string): { stream: Stream; consumer: Consumer } {
    const found = this.consumer(arn);
    if (found) return found;
    throw new AwsError("ResourceNotFoundException", `Consumer ${arn} under account ${account} not found.`);
  }

  /** @param arn of a stream or a consumer @throws AwsError ResourceNotFoundException if there is none */
  findResource(arn: string): { stream: Stream; consumer?: Consumer } {
    return arn.includes("/consumer/") ? this.findConsumer(arn) : { stream: this.find({ StreamARN: arn }) };
  }

  /** What an event source mapping reads. @param arn of a stream or a consumer */
  sourceOf(arn: string): StreamSource | undefined {
    const stream = this.all.find((one) => one.arn === arn) ?? this.consumer(arn)?.stream;
    return stream && sourceOf(stream, arn);
  }

  close(): void {
    for (const stream of this.streams.values()) stream.close();
  }

  private add(name: string, arn: string, settings: StreamSettings, shardCount: number): Stream {
    const state: StreamState = {
      ...{ name, arn, created: Date.now(), settings, consumers: [], policies: {}, shards: [] },
    };
    const file = this.fileOf(name);
    const store = file === undefined ? undefined : new Journal(file);
    const stream = new Stream(state, store);
    stream.replaceShards([], uniformRanges(shardCount));
    this.streams.set(name, stream);
    return stream;
  }

  private consumer(arn: string): { stream: Stream; consumer: Consumer } | undefined {
    for (const stream of this.streams.values()) {
      const consumer = stream.state.consumers.find((one) => one.arn === arn);
      if (consumer) return { stream, consumer };
    }
    return undefined;
  }

  private fileOf(name: string): string | undefined {
    return this.folder === undefined ? undefined : path.join(this.folder, `${name}${EXTENSION}`);
  }

  /** A stream that is stored; undefined if there is none. */
  private load(name: string): Stream | undefined {
    const file = this.fileOf(name);
    if (file === undefined || !fs.existsSync(file)) return undefined;
    let stream: Stream | undefined;
    const journal = Journal.open(
      file,
      (entry) => {
        if (!("stream" in entry)) stream?.restoreRecord(entry.shard, entry.index, entry.record);
        else if (stream) stream.restore(entry.stream);
        else stream = new Stream(entry.stream);
      },
      () => stream?.contents() ?? [],
    );
    // A process that was killed may have left an empty file.
    if (!stream) {
      journal.remove();
      return undefined;
    }
    stream.store = journal;
    this.streams.set(name, stream);
    return stream;
  }
}

/** Applies what a definition says otherwise than the one before. */
function apply(stream: Stream, definition: Definition): void {
  const before = stream.state.definition as Definition | undefined;
  if (JSON.stringify(before) === JSON.stringify(definition)) return;
  const changed = <T>(part: T, old: T | undefined) => JSON.stringify(part) !== JSON.stringify(old);
  const { settings, shardCount, consumers, policies } = definition;
  const known = before?.consumers.map(({ arn }) => arn) ?? [];
  const kept = stream.state.consumers.filter(({ arn }) => !known.includes(arn));
  stream.change({
    definition,
    settings: Object.fromEntries(
      Object.entries(settings).filter(([key, value]) => changed(value, before?.settings[key as keyof StreamSettings])),
    ),
    consumers: [...kept, ...consumers.map((one) => ({ ...one, created: stream.state.created }))],
    ...(changed(policies, before?.policies) && { policies }),
  });
  const isProvisioned = stream.settings.mode === "PROVISIONED";
  if (before && isProvisioned && before.shardCount !== shardCount) reshard(stream, shardCount);
}
