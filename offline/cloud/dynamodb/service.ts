import * as fs from "node:fs/promises";
import { account } from "../../engine/context";
import { lazyService } from "../core/registry";
import type { Service } from "../core/service";
import { Database } from "./database";
import type { StoreOptions } from "./durableStore";
import { dynamodb, OPERATIONS } from "./operations";
import { Seeds } from "./seeds";
import type * as source from "./streams/source";
import { Tables } from "./tables";

export interface DynamoDbOptions extends StoreOptions {
  /** A JSON file, or a folder of them, with the items of new tables. @default none */
  seed?: string;
}

/** DynamoDB, which serves the program's tables. It opens them with the first graph, which has the region. */
export function createDynamoDb({ log, folder, seed }: DynamoDbOptions) {
  let database: Database | undefined;
  const service: Service = lazyService(
    ["dynamodb"],
    () => true,
    async ({ region }) => {
      if (folder) await fs.mkdir(folder, { recursive: true });
      const seeds = await Seeds.read(seed);
      database = await Database.open({ region, account, operations: OPERATIONS, folder, log });
      return dynamodb.serve(new Tables(database, { seeds, log, folder }));
    },
  );
  return {
    service,
    /** The stream of an ARN, as an event source. */
    sourceOf: (arn: string) => database && (require("./streams/source") as typeof source).sourceOf(database, arn),
  };
}
