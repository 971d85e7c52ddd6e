/// <reference path="./dynalite.d.ts" />
import { checkInput, definitionOf } from "./definitions";
import { DurableStore, type StoreOptions } from "./durableStore";
import { refusalOf } from "./errors";
import type { Validated } from "./expressions/updates";
import { withTableName } from "./names";
import { Transaction } from "./transaction";

const READS = "BatchGetItem DescribeTable GetItem ListTables ListTagsOfResource Query Scan".split(" ");
const WRITES = new Set(
  `BatchWriteItem CreateTable DeleteItem DeleteTable PutItem TagResource UntagResource UpdateItem UpdateTable`.split(
    " ",
  ),
);

/** The operations that dynalite 4 has. */
export const DYNALITE: readonly string[] = [...READS, ...WRITES];

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
  /** Who wants to know of changes of a stream, by its ARN. */
  private readonly watchers = new Map<string, Set<() => void>>();

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
    return this.read((transaction) => this.run(transaction, operation, input));
  }

  /** Runs work whose writes are stored together, or not at all if it throws. No other work writes meanwhile. */
  change<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.store.exclusively(async () => {
      const transaction = this.begin();
      const result = await work(transaction);
      await transaction.commit();
      for (const arn of transaction.streams) for (const listener of this.watchers.get(arn) ?? []) listener();
      return result;
    });
  }

  /** Calls back after each change of a stream. Returns how to stop that. */
  watch(stream: string, listener: () => void): () => void {
    const listeners = this.watchers.get(stream) ?? new Set();
    this.watchers.set(stream, listeners.add(listener));
    return () => listeners.delete(listener);
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
    try {
      return checkInput(operation, withTableName(input), transaction);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Runs an operation whose input is checked. @throws AwsError when DynamoDB would refuse it */
  async apply<Result extends object>(transaction: Transaction, operation: string, data: Validated): Promise<Result> {
    try {
      return (await definitionOf(operation).action(transaction, data)) as Result;
    } catch (error) {
      throw refusalOf(error);
    }
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** A transaction that reads what is stored. Nothing is written unless it is committed. */
  begin(): Transaction {
    return new Transaction(this.store, this.options.region, this.options.account);
  }
}
