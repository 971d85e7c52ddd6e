/// <reference path="./dynalite.d.ts" />
import * as db from "dynalite/db";
import * as validations from "dynalite/validations";
import { AwsError, notEmulated } from "../core/awsError";

/** The operations that dynalite 4 has. */
const OPERATIONS = new Set(
  `BatchGetItem BatchWriteItem CreateTable DeleteItem DeleteTable DescribeTable DescribeTimeToLive GetItem
  ListTables ListTagsOfResource PutItem Query Scan TagResource UntagResource UpdateItem UpdateTable`.split(/\s+/),
);

type Action = (store: db.Store, data: object, callback: (error: unknown, result: object) => void) => void;

/** The document of an error as DynamoDB answers it. */
interface ErrorDocument {
  __type: string;
  message?: string;
  Message?: string;
}

/** DynamoDB's answer to a request that it refuses; its document is the error's members. */
function dynamoError(status: number, document: ErrorDocument): AwsError {
  const code = document.__type.replace(/^.*#/, "");
  return new AwsError(code, document.message ?? document.Message ?? code, status, document);
}

/** dynalite's operations on one store, called in-process. */
export class Database {
  private constructor(readonly store: db.Store) {}

  /**
   * @param path the folder that keeps the tables; they are kept in memory without it
   * @throws Error when the folder cannot be opened, as when another process has it open
   */
  static async open(region: string, account: string, path?: string): Promise<Database> {
    const store = db.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    Object.assign(store.tableDb, { awsRegion: region, awsAccountId: account });
    try {
      await store.db.open();
    } catch (error) {
      const { cause = error } = error as Error;
      const { code, message } = cause as NodeJS.ErrnoException;
      const reason = code === "LEVEL_LOCKED" ? "another process has them open" : message;
      throw new Error(`The tables in ${path} cannot be opened: ${reason}`);
    }
    return new Database(store);
  }

  /**
   * Runs one operation.
   * @throws AwsError when DynamoDB would refuse it
   */
  async call<Result extends object>(operation: string, input: unknown): Promise<Result> {
    if (!OPERATIONS.has(operation)) {
      const { message } = notEmulated("dynamodb", `dynamodb ${operation}`);
      throw dynamoError(400, { __type: "com.amazon.coral.service#UnknownOperationException", message });
    }
    const name = validations.toLowerFirst(operation);
    // Loaded when first used: all of them together take longer than everything else at start.
    const { types, custom } = require(`dynalite/validations/${name}`) as { types: unknown; custom: unknown };
    const action = require(`dynalite/actions/${name}`) as Action;
    try {
      const data = validations.checkTypes(input, types);
      validations.checkValidations(data, types, custom, this.store);
      return (await settle<object>((callback) => action(this.store, data, callback))) as Result;
    } catch (error) {
      const { statusCode, body } = error as { statusCode?: number; body?: ErrorDocument };
      throw statusCode && body ? dynamoError(statusCode, body) : error;
    }
  }

  close(): Promise<void> {
    return settle((callback) => this.store.db.close(callback));
  }
}

/** Turns a call with a Node callback into a promise. */
export function settle<Result>(call: (callback: (error: unknown, result: Result) => void) => void): Promise<Result> {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))));
}
