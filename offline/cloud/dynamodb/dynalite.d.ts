// The parts of dynalite that stand behind its HTTP server, which throws when a caller goes away in the middle of a
// request and cannot be closed without listening.
declare module "dynalite/db" {
  type Callback<T> = (error: unknown, result: T) => void;

  export interface Table {
    TableName: string;
    TableStatus: string;
    AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
    KeySchema: { AttributeName: string; KeyType: string }[];
    GlobalSecondaryIndexes?: { IndexName: string; KeySchema: Table["KeySchema"] }[];
    LocalSecondaryIndexes?: { IndexName: string; KeySchema: Table["KeySchema"] }[];
  }

  export type Item = Record<string, Record<string, unknown>>;

  export interface Store {
    db: { open(): Promise<void>; close(callback: Callback<void>): void };
    tableDb: { awsRegion: string; awsAccountId: string; del(key: string, callback: Callback<void>): void };
    deleteIndexDb(type: "Global" | "Local", table: string, index: string, callback: Callback<void>): void;
  }

  export function create(options: {
    path?: string;
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): Store;
  export function updateIndexes(
    store: Store,
    table: Table,
    before: Item | undefined,
    after: Item,
    callback: Callback<void>,
  ): void;
}

declare module "dynalite/validations" {
  import type { Store } from "dynalite/db";

  export function toLowerFirst(text: string): string;
  export function checkTypes(data: unknown, types: unknown): object;
  export function checkValidations(data: object, types: unknown, custom: unknown, store: Store): void;
}
