/// <reference path="./dynalite.d.ts" />
import { setTimeout } from "node:timers/promises";
import type { Callback, Item, Table } from "dynalite/db";
import type { ParameterTypes } from "dynalite/validations";
import * as validations from "dynalite/validations";
import { notEmulated } from "../core/awsError";
import { DurableStore, type StoreOptions } from "./durableStore";
import { dynamoError, refusalOf } from "./errors";
import { indexesOf, indexItem } from "./indexes";
import { capture } from "./streams/capture";
import { Transaction } from "./transaction";
import { orderSections, type Validated } from "./updates";

/** The operations that dynalite 4 has. */
const READS = new Set(`BatchGetItem DescribeTable GetItem ListTables ListTagsOfResource Query Scan`.split(" "));
const WRITES = new Set(
  `BatchWriteItem CreateTable DeleteItem DeleteTable PutItem TagResource UntagResource UpdateItem UpdateTable`.split(
    " ",
  ),
);
/** They write again after a simulated delay. */
const DELAYED = new Set(["CreateTable", "DeleteTable", "UpdateTable"]);

type Action = (store: Transaction, data: object, callback: Callback<object>) => void;

// The operations look the function up on the module each time they need it.
Object.assign(require("dynalite/db") as object, { updateIndexes: follow });

/**
 * Lets a table's indexes and its stream follow a change of an item. Takes the place of dynalite's updateIndexes, which
 * throws at an item that was stored before its attribute became a key of another type.
 */
function follow(
  transaction: Transaction,
  table: Table,
  before: Item | undefined,
  after: Item | undefined,
  callback: Callback,
): void {
  for (const index of indexesOf(table)) indexItem(transaction, table, index, before, after);
  capture(transaction, table, before, after);
  callback();
}

/** One operation of DynamoDB. @throws AwsError when DynamoDB would refuse it */
export type Operation = (database: Database, input: object) => Promise<object>;

export interface DatabaseOptions extends StoreOptions {
  region: string;
  account: string;
  /** The operations that dynalite lacks, or that replace its own, by name. @default none */
  operations?: Readonly<Record<string, Operation>>;
}

/** dynalite's operations on a durable store, called in-process. */
export class Database {
  /** The indexes that tables have only on AWS, by table. */
  unservedIndexes: ReadonlyMap<string, readonly string[]> = new Map();

  private constructor(
    private readonly store: DurableStore,
    private readonly options: DatabaseOptions,
  ) {}

  /** @throws Error when the folder cannot be opened, for example because another process has it open */
  static async open(options: DatabaseOptions): Promise<Database> {
    return new Database(await DurableStore.open(options), options);
  }

  /**
   * Runs one operation.
   * @throws AwsError when DynamoDB would refuse it; InternalServerError when the tables cannot be read or written
   */
  async call<Result extends object>(operation: string, input: object): Promise<Result> {
    const { operations = {} } = this.options;
    const own = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (own) return (await own(this, input)) as Result;
    if (WRITES.has(operation)) return this.change((transaction) => this.run(transaction, operation, input));
    if (READS.has(operation)) {
      await this.store.ready();
      this.checkIndex(input as { TableName?: string; IndexName?: string });
      return this.run(this.begin(), operation, input);
    }
    const { message } = notEmulated("dynamodb", `dynamodb ${operation}`);
    throw dynamoError(400, { __type: "com.amazon.coral.service#UnknownOperationException", message });
  }

  /** Runs work whose writes are stored together, or not at all if it throws. No other work writes meanwhile. */
  change<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.store.exclusively(async () => {
      const transaction = this.begin();
      const result = await work(transaction);
      await transaction.commit();
      return result;
    });
  }

  /** Runs work that only reads what is stored. */
  async read<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    await this.store.ready();
    return work(this.begin());
  }

  /** Runs one operation as part of a transaction. @throws AwsError when DynamoDB would refuse it */
  async run<Result extends object>(transaction: Transaction, operation: string, input: object): Promise<Result> {
    return this.apply(transaction, operation, this.check(transaction, operation, input));
  }

  /** Checks an operation's input, as far as that needs no table. @throws AwsError when DynamoDB would refuse it */
  check(transaction: Transaction, operation: string, input: object): Validated {
    // Loaded when first used: all of them together take longer than everything else at start.
    const { types, custom } = validationsOf(operation);
    try {
      const data = validations.checkTypes(input, types);
      validations.checkValidations(data, types, custom, transaction);
      orderSections(data);
      return data;
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Runs an operation whose input is checked. @throws AwsError when DynamoDB would refuse it */
  async apply<Result extends object>(transaction: Transaction, operation: string, data: Validated): Promise<Result> {
    const action = require(`dynalite/actions/${validations.toLowerFirst(operation)}`) as Action;
    try {
      const result = await settle((callback) => action(transaction, data, callback));
      return (await this.complete(operation, result)) as Result;
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** A transaction that reads what is stored. Nothing is written unless it is committed. */
  begin(): Transaction {
    return new Transaction(this.store, this.options.region, this.options.account);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** @throws AwsError for an index that the program has, as dynalite would say that there is none */
  private checkIndex({ TableName = "", IndexName = "" }: { TableName?: string; IndexName?: string }): void {
    if (!this.unservedIndexes.get(TableName)?.includes(IndexName)) return;
    const message = `The index ${IndexName} of table ${TableName} is not served here: its key has several attributes`;
    throw dynamoError(400, { __type: "com.amazon.coral.validate#ValidationException", message });
  }

  private async complete(operation: string, result: object): Promise<object> {
    if (!DELAYED.has(operation)) return result;
    // The answer describes the table as it is at first, with a status such as CREATING; only its final state is stored.
    const answer = structuredClone(result);
    await setTimeout(0);
    return answer;
  }
}

/** The parameters of an operation that dynalite has: their types, and a further check of them all. */
export function validationsOf(operation: string): { types: ParameterTypes; custom: unknown } {
  return require(`dynalite/validations/${validations.toLowerFirst(operation)}`);
}

function settle(call: (callback: Callback<object>) => void): Promise<object> {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result ?? {}))));
}
