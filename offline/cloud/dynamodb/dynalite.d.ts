// The parts of dynalite that stand behind its HTTP server and above its store.
declare module "dynalite/db" {
  export type Callback<Result = void> = (error?: unknown, result?: Result) => void;

  export interface Index {
    IndexName: string;
    KeySchema: { AttributeName: string; KeyType: string }[];
    Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
    IndexStatus?: string;
    ProvisionedThroughput?: Capacity;
    OnDemandThroughput?: object;
    WarmThroughput?: object;
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
    TableArn: string;
    StreamSpecification?: { StreamEnabled: boolean; StreamViewType?: string };
    LatestStreamArn?: string;
    LatestStreamLabel?: string;
    BillingModeSummary?: { BillingMode: string };
    ProvisionedThroughput?: Capacity;
    DeletionProtectionEnabled?: boolean;
    TableClassSummary?: { TableClass: string };
    SSEDescription?: { Status: string; SSEType: string; KMSMasterKeyArn: string };
    OnDemandThroughput?: object;
    WarmThroughput?: object;
    /** How far back the table can be restored, and since when; no description of a table has it. */
    PointInTimeRecovery?: { RecoveryPeriodInDays: number; since: number };
  }

  interface Capacity {
    ReadCapacityUnits: number;
    WriteCapacityUnits: number;
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

  /** What refuses a request; its body is the error's document. */
  export interface Refusal extends Error {
    statusCode: number;
    body: { __type: string; message?: string; Item?: Item };
  }

  /** The size of an item in bytes; `compress` and `withOverhead` give it as the limit of a page counts it. */
  export function itemSize(item: Item, compress?: boolean, withOverhead?: boolean, rangeKey?: string): number;
  export function createKey(item: Item, table: Table, keySchema?: Table["KeySchema"]): string;
  /** Why an item cannot be in a table. */
  export function validateItem(item: Item, table: Table): Refusal | null | undefined;
  /** Why this is not the key of an item in a table. */
  export function validateKey(key: Item, table: Table, keySchema?: Table["KeySchema"]): Refusal | null | undefined;
  /** Why a condition does not hold. */
  export function checkConditional(data: object, item?: Item): Refusal | null | undefined;
  export function validationError(message: string): Refusal;

  /** The part of a key that tells partitions apart, and where a value is among others of its type. */
  export function hashPrefix(value: string, type: string): string;
  export function toRangeStr(value: Item[string]): string;
  /** Reads a page of an index or a table. */
  export function queryTable(
    store: Store,
    table: Table,
    input: object,
    range: Range,
    isLocal: boolean,
    readsItems: boolean,
    keyNames: string[],
    callback: Callback<{ Count: number; Items?: Item[] }>,
  ): void;

  /** Whether an item fulfils a condition that `validateExpressions` has parsed. */
  export function matchesExprFilter(item: Item, condition: object): boolean;
  /** Whether a comparison holds. */
  export function compare(
    operator: string | undefined,
    value: Item[string] | null | undefined,
    operands: (Item[string] | null | undefined)[],
  ): boolean;

  /** Names of attributes, or paths such as `["list", 0]`. */
  export type Paths = (string | (string | number)[])[];
  /** What is at a path in an item. */
  export function mapPath(path: (string | number)[], item: Item): Item[string] | null | undefined;
  /** What an item has at several paths. */
  export function mapPaths(paths: Paths, item: Item): Item;

  /** The key of an item's entry in an index; it throws for an item whose attributes do not fit the index's key. */
  export function createIndexKey(item: Item, table: Table, keySchema: Table["KeySchema"]): string;
}

declare module "dynalite/validations" {
  import type { Store } from "dynalite/db";

  /** The type of a parameter with its constraints and the types of its members. */
  export interface Constraints {
    type?: string;
    children?: ParameterType | ParameterTypes;
    [constraint: string]: unknown;
  }
  export type ParameterType = string | Constraints;
  export type ParameterTypes = { [name: string]: ParameterType | undefined };
  /** Why input is not valid, if it is not. */
  export type Custom = (data: object, store: Store) => string | undefined;

  /** Parses the expressions of an operation's input. Returns why DynamoDB would refuse them. */
  export function validateExpressions(input: {
    ExpressionAttributeValues?: Record<string, object>;
  }): string | undefined;
  export function toLowerFirst(text: string): string;
  export function checkTypes(data: unknown, types: ParameterTypes): import("./expressions/updates").Validated;
  /** Conditions on attributes, by their names. */
  export type Conditions = Record<string, Condition>;

  interface Condition {
    ComparisonOperator?: string;
    AttributeValueList?: object[];
    Value?: object;
    Exists?: boolean;
  }

  /** Why this is not an attribute's value. It writes numbers as DynamoDB stores them. */
  export function validateAttributeValue(value: object): string | undefined;
  export function validateConditions(conditions?: Conditions): string | undefined;
  export function validateAttributeConditions(data: { Expected?: Conditions }): string | undefined;
}
