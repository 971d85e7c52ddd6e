import type { Graph } from "../../engine/graph";
import { asMap, asText, ownResources } from "../core/resources";
import type { Change } from "../core/types";

/** The characters kept of one stream. */
const MAX_CHARACTERS = 128 * 1024;
const MAX_STREAMS = 500;

export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** It may be written when it is first read: nothing here reads it before somebody asks for it. */
  readonly message: string;
  /** About how many characters it has. @default the message's length */
  readonly size?: number;
}

/** A log stream. Its events have numbers, so that readers know which ones are new to them. */
export interface LogStream {
  group: string;
  name: string;
  created: number;
  events: (LogEvent & { id: number })[];
  size: number;
}

/** Learns of what is written. */
export type LogListener = (stream: LogStream, events: LogStream["events"]) => void;

/** What jobs, functions and callers write: the newest 500 streams, and of each the newest 128 KB at least and 256 KB at most. */
export class Logs {
  /** @default nobody */
  listener: LogListener | undefined;
  private readonly groups = new Map<string, number>();
  private readonly streams = new Map<string, LogStream>();
  private lastId = 0;

  /** Has the program's groups, and those that its functions will write to. */
  reconcile(graph: Graph): Change[] {
    const groups = ownResources(graph, "aws:cloudwatch/logGroup:LogGroup").map(({ settings }) => asText(settings.name));
    for (const group of [...groups, ...functionGroups(graph).values()]) if (group) this.createGroup(group);
    return [];
  }

  /** Writes to a stream, which need not exist. The events are the store's own from now on. */
  add(group: string, name: string, events: LogEvent[]): void {
    const stream = this.find(group, name) ?? this.open(group, name);
    // A copy of each would cost an API's requests a hundredth of their time.
    const numbered = events as (LogEvent & { id: number })[];
    for (const event of numbered) {
      event.id = ++this.lastId;
      stream.events.push(event);
      stream.size += sizeOf(event);
    }
    let surplus = 0;
    // Seldom, and then many at once.
    const limit = stream.size > 2 * MAX_CHARACTERS ? MAX_CHARACTERS : Number.POSITIVE_INFINITY;
    while (stream.size > limit && stream.events.length - surplus > 1) {
      const oldest = stream.events[surplus++];
      stream.size -= oldest ? sizeOf(oldest) : 0;
    }
    if (surplus > 0) stream.events.splice(0, surplus);
    this.listener?.(stream, numbered);
  }

  find(group: string, name: string): LogStream | undefined {
    return this.streams.get(keyOf(group, name));
  }

  /** The stream with a name, in whichever group it is: the names of jobs' streams contain their ids. */
  findByName(name: string): LogStream | undefined {
    return this.all().find((stream) => stream.name === name);
  }

  /** A group's streams, the oldest first. */
  streamsOf(group: string): LogStream[] {
    return this.all().filter((stream) => stream.group === group);
  }

  /** The names of the groups, and when they began. */
  listGroups(): { name: string; created: number }[] {
    return [...this.groups].map(([name, created]) => ({ name, created }));
  }

  /** Returns whether the group is new. */
  createGroup(name: string): boolean {
    if (this.groups.has(name)) return false;
    this.groups.set(name, Date.now());
    return true;
  }

  open(group: string, name: string): LogStream {
    this.createGroup(group);
    const opened = { group, name, created: Date.now(), events: [], size: 0 };
    this.streams.set(keyOf(group, name), opened);
    const [oldest] = this.streams.keys();
    if (this.streams.size > MAX_STREAMS && oldest) this.streams.delete(oldest);
    return opened;
  }

  private all(): LogStream[] {
    return [...this.streams.values()];
  }
}

/** The groups that the program's functions write to, by the functions' ARNs. */
export function functionGroups(graph: Graph): Map<string, string> {
  const functions = ownResources(graph, "aws:lambda/function:Function");
  return new Map(
    functions.map(({ settings: { arn, name, loggingConfig } }) => [
      asText(arn) ?? "",
      asText(asMap(loggingConfig).logGroup) ?? `/aws/lambda/${asText(name)}`,
    ]),
  );
}

function sizeOf(event: LogEvent): number {
  return event.size ?? event.message.length;
}

/** The message of an event; what functions print ends with its line. */
export function textOf({ message }: LogEvent): string {
  return message.endsWith("\n") ? message.slice(0, -1) : message;
}

function keyOf(group: string, name: string): string {
  return `${group}\n${name}`;
}
