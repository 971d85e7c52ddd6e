// The parts of dynalite that stand behind its HTTP server and above its store.
declare module "dynalite/db" {
  export type Callback<Result = void> = (error?: unknown, result?: Result) => void;

  export interface Index {
    IndexName: string;
    KeySchema: { AttributeName: string; KeyType: string }[];
    Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
  }

  export interface Table {
    TableName: string;
    TableId: string;
    TableStatus: string;
    CreationDateTime: number;
    AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
    KeySchema: Index["KeySchema"];
    GlobalSecondaryIndexes?: Index[];
    LocalSecondaryIndexes?: Index[];
  }

  export type Item = Record<string, Record<string, unknown>>;

  /** Bounds of keys in ascending order; a negative limit is none. */
  export interface Range {
    gt?: string;
    gte?: string;
    lt?: string;
    lte?: string;
    reverse?: boolean;
    limit?: number;
  }

  /** A part of the store that has keys of its own. */
  export interface Section {
    get(key: string, callback: Callback<unknown>): void;
    put(key: string, value: unknown, callback: Callback): void;
    del(key: string, callback: Callback): void;
    batch(operations: { type: "put" | "del"; key: string; value?: unknown }[], callback: Callback): void;
    createKeyStream(): NodeJS.EventEmitter;
    createValueStream(range?: Range): NodeJS.EventEmitter;
    /** Runs work that no other work on the same key overlaps; it ends when what `release` returns is called. */
    lock(key: string, work: (release: (callback: Callback) => Callback) => void): void;
  }

  /** What the operations read and write. */
  export interface Store {
    readonly options: { createTableMs: number; deleteTableMs: number; updateTableMs: number; maxItemSize: number };
    readonly tableDb: Section & { awsRegion: string; awsAccountId: string };
    getTable(name: string, ...rest: [checkStatus: false, Callback<Table>] | [Callback<Table>]): void;
    getItemDb(table: string): Section;
    deleteItemDb(table: string, callback: Callback): void;
    getIndexDb(type: string, table: string, index: string): Section;
    deleteIndexDb(type: string, table: string, index: string, callback: Callback): void;
    getTagDb(table: string): Section;
    deleteTagDb(table: string, callback: Callback): void;
  }

  /** The size of an item in bytes. */
  export function itemSize(item: Item): number;
  export function createKey(item: Item, table: Table): string;
  /** Why an item cannot be in a table. */
  export function validateItem(item: Item, table: Table): Error | null | undefined;
  /** Why this is not the key of an item in a table. */
  export function validateKey(key: Item, table: Table): Error | null | undefined;

  /** A value of a key as text whose order is that of the values. */
  export function toRangeStr(value: Record<string, unknown>): string;
  /** Whether an item fulfils a condition that `validateExpressions` has parsed. */
  export function matchesExprFilter(item: Item, condition: object): boolean;

  /** The key of an item's entry in an index; it throws for an item whose attributes do not fit the index's key. */
  export function createIndexKey(item: Item, table: Table, keySchema: Table["KeySchema"]): string;
}

declare module "dynalite/validations" {
  import type { Store } from "dynalite/db";

  /** The type of a parameter, or the type with its constraints and the types of its members. */
  export type ParameterType =
    | string
    | { type: string; children?: ParameterType | ParameterTypes; [constraint: string]: unknown };
  export type ParameterTypes = Record<string, ParameterType>;

  /** Why DynamoDB would refuse a value; it writes the value's numbers as DynamoDB stores them. */
  export function validateAttributeValue(value: Record<string, unknown>): string | undefined;
  /** Parses the expressions of an operation's input. Returns why DynamoDB would refuse them. */
  export function validateExpressions(input: object): string | undefined;
  export function toLowerFirst(text: string): string;
  export function checkTypes(data: unknown, types: ParameterTypes): import("./updates").Validated;
  export function checkValidations(data: object, types: ParameterTypes, custom: unknown, store: Store): void;
}
