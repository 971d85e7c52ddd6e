import { Stream } from "node:stream";
import type { Callback, Item, Range, Section, Store, Table } from "dynalite/db";
import type { DurableStore } from "./durableStore";
import { refusalOf } from "./errors";

/** No simulated delays. Items are limited to 400 KB, as on AWS. */
const OPTIONS = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, maxItemSize: 400 * 1024 };

/**
 * The store as one of dynalite's operations sees it. Everything that the operation writes, such as an item and its
 * entries in every index, is stored by `commit`: all of it or nothing.
 *
 * Keys begin with `table~`, `item-TABLE~`, `index-global~TABLE~INDEX~`, `index-local~TABLE~INDEX~` and `tag-TABLE~`. Other
 * modules have prefixes of their own.
 */
export class Transaction implements Store {
  readonly options = OPTIONS;
  readonly tableDb: Store["tableDb"];
  /** Who makes the changes, in streams. @default a caller of the API */
  userIdentity?: { PrincipalId: string; Type: string };
  /** The ARNs of the streams that it changes. */
  readonly streams = new Set<string>();
  private readonly writes = new Map<string, unknown>();

  constructor(
    private readonly store: DurableStore,
    awsRegion: string,
    awsAccountId: string,
  ) {
    this.tableDb = Object.assign(this.section(tableOf("")), { awsRegion, awsAccountId });
  }

  /** @throws AwsError InternalServerError when the store cannot be written */
  commit(): Promise<void> {
    return this.store.write(this.writes);
  }

  getTable(name: string, ...rest: [checkStatus: false, Callback<Table>] | [Callback<Table>]): void {
    const callback = rest.length === 1 ? rest[0] : rest[1];
    const detail = rest.length === 1 ? "" : `: Table: ${name} not found`;
    this.tableDb.get(name, (error, table) => {
      if (error || table) callback(error, table as Table);
      else callback(tableNotFound(detail));
    });
  }

  /** What is under a key; undefined if there is nothing. */
  get(key: string): unknown {
    return this.writes.has(key) ? this.writes.get(key) : this.store.get(key);
  }

  /** @param value undefined deletes the key */
  set(key: string, value: unknown): void {
    this.writes.set(key, value);
  }

  /** The stored keys with a prefix that ends in `~`, without those that are yet to be committed. */
  storedKeys(prefix: string, range?: Range): AsyncIterable<string> {
    return this.store.keys(within(prefix, range));
  }

  /** The stored values of keys with a prefix that ends in `~`, in pages. */
  storedValues(prefix: string, range?: Range): AsyncGenerator<unknown[]> {
    return this.store.values(within(prefix, range));
  }

  /** A table's description. @throws AwsError ResourceNotFoundException, which names the table if `named` */
  table(name: string, named = false): Table {
    const table = this.findTable(name);
    if (!table) throw refusalOf(tableNotFound(named ? `: Table: ${name} not found` : ""));
    return table;
  }

  /** Undefined if there is no such table. */
  findTable(name: string): Table | undefined {
    return this.get(tableOf(name)) as Table | undefined;
  }

  /** Replaces a table's description. */
  putTable(table: Table): void {
    this.set(tableOf(table.TableName), table);
  }

  /** A table's tags, by their keys. */
  async tags(table: string): Promise<Map<string, unknown>> {
    const tags = new Map<string, unknown>();
    for await (const [key = ""] of this.keys(tagsOf(table))) tags.set(key, this.get(tagsOf(table) + key));
    return tags;
  }

  /** An item by the text of its key; undefined if there is none. */
  item(table: string, key: string): Item | undefined {
    return this.get(itemsOf(table) + key) as Item | undefined;
  }

  getItemDb(table: string): Section {
    return this.section(itemsOf(table));
  }

  deleteItemDb(table: string, callback: Callback): void {
    this.clear(itemsOf(table)).then(() => callback(), callback);
  }

  getIndexDb(type: string, table: string, index: string): Section {
    return this.section(indexOf(type, table, index));
  }

  deleteIndexDb(type: string, table: string, index: string, callback: Callback): void {
    this.dropIndex(type, table, index).then(() => callback(), callback);
  }

  getTagDb(table: string): Section {
    return this.section(tagsOf(table));
  }

  deleteTagDb(table: string, callback: Callback): void {
    this.clear(tagsOf(table)).then(() => callback(), callback);
  }

  /** Deletes all entries of an index. */
  dropIndex(type: string, table: string, index: string): Promise<void> {
    return this.clear(indexOf(type, table, index));
  }

  /** All items that are stored in a table. */
  async *items(table: string): AsyncGenerator<Item> {
    for await (const page of this.storedValues(itemsOf(table))) yield* page as Item[];
  }

  private section(prefix: string): Section {
    const write = (key: string, value: unknown) => this.set(prefix + key, value);
    return {
      get: (key, callback) => {
        let value: unknown;
        try {
          value = this.get(prefix + key);
        } catch (error) {
          return callback(error);
        }
        callback(undefined, value);
      },
      put: (key, value, callback) => {
        write(key, value);
        callback();
      },
      del: (key, callback) => {
        write(key, undefined);
        callback();
      },
      batch: (operations, callback) => {
        for (const { key, value } of operations) write(key, value);
        callback();
      },
      createKeyStream: () => streamOf(this.keys(prefix)),
      createValueStream: (range) => streamOf(this.store.values(within(prefix, range))),
      // Operations that write run one after another anyway.
      lock: (_key, work) => work((callback) => callback),
    };
  }

  private async *keys(prefix: string): AsyncGenerator<string[]> {
    for await (const key of this.store.keys(within(prefix))) yield [key.slice(prefix.length)];
  }

  private async clear(prefix: string): Promise<void> {
    for await (const key of this.storedKeys(prefix)) this.set(key, undefined);
  }
}

const tableOf = (name: string) => `table~${name}`;
const itemsOf = (table: string) => `item-${table}~`;
const indexOf = (type: string, table: string, index: string) => `index-${type.toLowerCase()}~${table}~${index}~`;
const tagsOf = (table: string) => `tag-${table}~`;

/** A range of keys that begin with a prefix. Prefixes end in `~`, whose successor is the first key beyond them. */
function within(prefix: string, { gt, gte, lt, lte, reverse = false, limit = -1 }: Range = {}): Range {
  return {
    reverse,
    limit,
    ...(gte === undefined && gt !== undefined ? { gt: prefix + gt } : { gte: prefix + (gte ?? "") }),
    ...(lte !== undefined
      ? { lte: prefix + lte }
      : { lt: lt !== undefined ? prefix + lt : `${prefix.slice(0, -1)}\x7f` }),
  };
}

/** The kind of stream that dynalite reads. It fails with whatever reading the pages, or a listener, throws. */
function streamOf(pages: AsyncGenerator<unknown[]>): Stream {
  let ended = false;
  const stream = Object.assign(new Stream(), {
    destroy: () => {
      ended = true;
    },
  });
  const run = async () => {
    for await (const page of pages) {
      for (const value of page) {
        if (ended) return;
        stream.emit("data", value);
      }
    }
    stream.emit("end");
  };
  run().catch((error) => stream.emit("error", error));
  return stream;
}

function tableNotFound(detail: string): Error {
  const message = `Requested resource not found${detail}`;
  const body = { __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", message };
  return Object.assign(new Error(message), { name: "NotFoundError", statusCode: 400, body });
}
