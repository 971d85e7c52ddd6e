import type { Graph } from "../../engine/graph";
import { ownArn } from "../core/arns";
import { AwsError } from "../core/awsError";
import { changed, compare, missing } from "../core/changes";
import type { OperationCall } from "../core/declaration";
import type { QueueSource } from "../core/sources";
import type { Change } from "../core/types";
import { type Happening, Journal, type StoredQueue } from "./journal";
import { Moves } from "./moves";
import { type DeclaredQueue, declaredQueues } from "./program";
import { Queue, type QueueOptions } from "./queue";
import { queueSource } from "./source";

/** The program's queues, and those that callers have created. */
export class Queues {
  readonly moves = new Moves(this);
  private readonly queues = new Map<string, Queue>();
  /** When queues were deleted, by ARN, in milliseconds since 1970. */
  private readonly deleted = new Map<string, number>();
  private declared: DeclaredQueue[] = [];
  private isRestored = false;
  private readonly journal: Journal;

  /** @param file the journal that keeps them across runs. @default memory */
  constructor(file?: string) {
    this.journal = new Journal(file, () => this.happenings());
  }

  get all(): Queue[] {
    return [...this.queues.values()];
  }

  /** Dead letters without a place to go. */
  get problems(): string[] {
    return this.declared.flatMap(({ name, arn }) => {
      const target = this.queues.get(arn)?.deadLetterArn;
      if (target === undefined || this.queues.has(target)) return [];
      return [`queue ${name} keeps its dead letters: their queue ${target} is not one of the program's`];
    });
  }

  /** What callers have changed stays until the program changes the queue. @throws Error when the journal cannot be used */
  reconcile(graph: Graph): Change[] {
    const next = declaredQueues(graph);
    const changes = compare("queue", this.declared, next);
    for (const { arn } of missing(this.declared, next)) this.drop(arn);
    for (const one of changed(this.declared, next)) this.put(one);
    this.declared = next;
    if (!this.isRestored) this.restore();
    return changes;
  }

  /** The queue that a URL, or its name alone, is for. @throws AwsError if there is none */
  find(url: string, { scope, request }: Pick<OperationCall, "scope" | "request">): Queue {
    const queue = this.queues.get(ownArn("sqs", scope.region, url.split("/").pop() ?? ""));
    if (queue) return queue;
    const version = request.headers["x-amz-target"] === undefined ? " for this wsdl version" : "";
    throw new AwsError("QueueDoesNotExist", `The specified queue does not exist${version}.`);
  }

  byArn(arn: string): Queue | undefined {
    return this.queues.get(arn);
  }

  /** A queue as the source of a function's events. */
  sourceOf(arn: string): QueueSource | undefined {
    const queue = this.queues.get(arn);
    return queue && queueSource(queue);
  }

  /** The queues whose dead letters end in a queue. */
  sourcesOf(arn: string): Queue[] {
    return this.all.filter(({ deadLetterArn }) => deadLetterArn === arn);
  }

  /** When a queue was deleted, in milliseconds since 1970. */
  deletedAt(arn: string): number {
    return this.deleted.get(arn) ?? 0;
  }

  /** Creates a queue that no program declares. */
  create(options: Pick<QueueOptions, "arn" | "attributes" | "tags">): Queue {
    const queue = this.add({ ...options, createdAt: Date.now() });
    this.keep(queue);
    return queue;
  }

  /** Notes the attributes and tags of a queue, unless the program declares them. */
  keep({ arn, attributes, tags, createdAt }: Queue): void {
    if (this.isDeclared(arn)) return;
    this.journal.add({ queue: { arn, attributes, tags, createdAt } });
  }

  delete({ arn }: Queue): void {
    this.drop(arn);
    this.deleted.set(arn, Date.now());
  }

  close(): void {
    this.moves.close();
    for (const queue of this.all) queue.audience.close();
    this.journal.close();
  }

  private put(declared: DeclaredQueue): void {
    const known = this.queues.get(declared.arn);
    if (!known) this.add({ ...declared, createdAt: Date.now() });
    else {
      known.setAttributes(declared.attributes);
      known.tags = declared.tags;
    }
  }

  private add({ arn, attributes, tags, createdAt }: Omit<QueueOptions, "journal" | "find">): Queue {
    const find = (target: string) => this.queues.get(target);
    const queue = new Queue({ arn, attributes, tags, createdAt, journal: this.journal, find });
    this.queues.set(arn, queue);
    return queue;
  }

  private drop(arn: string): void {
    this.journal.add({ gone: arn });
    this.queues.get(arn)?.audience.close();
    this.queues.delete(arn);
  }

  /** Takes over what the journal holds. Messages of queues that the program no longer has are lost. */
  private restore(): void {
    this.isRestored = true;
    for (const happening of this.journal.read()) {
      if ("queue" in happening) this.restoreQueue(happening.queue);
      else if ("gone" in happening) this.forget(happening.gone);
      else this.queues.get(queueOf(happening))?.replay(happening);
    }
    this.journal.rewrite();
  }

  private restoreQueue(stored: StoredQueue): void {
    const known = this.queues.get(stored.arn);
    if (!known) this.add(stored);
    else if (!this.isDeclared(stored.arn)) {
      known.setAttributes(stored.attributes);
      known.tags = stored.tags;
    }
  }

  /** A queue that the program declares again is a new one. */
  private forget(arn: string): void {
    if (this.isDeclared(arn)) this.queues.get(arn)?.replay({ purged: arn });
    else this.queues.delete(arn);
  }

  private isDeclared(arn: string): boolean {
    return this.declared.some((one) => one.arn === arn);
  }

  private *happenings(): Iterable<Happening> {
    for (const queue of this.all) {
      const { arn, attributes, tags, createdAt } = queue;
      if (!this.isDeclared(arn)) yield { queue: { arn, attributes, tags, createdAt } };
      yield* queue.happenings();
    }
  }
}

function queueOf(happening: Exclude<Happening, { queue: unknown } | { gone: string }>): string {
  if ("sent" in happening) return happening.to;
  if ("purged" in happening) return happening.purged;
  return "seen" in happening ? happening.by : happening.from;
}
