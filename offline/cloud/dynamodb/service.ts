import * as fs from "node:fs/promises";
import { account } from "../../engine/context";
import { lazyService } from "../core/registry";
import type { Service } from "../core/service";
import { Database } from "./database";
import type { StoreOptions } from "./durableStore";
import { dynamodb, OPERATIONS } from "./operations";
import { Seeds } from "./seeds";
import { Tables } from "./tables";

export interface DynamoDbOptions extends StoreOptions {
  /** A JSON file, or a folder of them, with the items of new tables. @default none */
  seed?: string;
}

/** DynamoDB, which serves the program's tables. It opens them with the first graph, which has the region. */
export function createDynamoDb({ log, folder, seed }: DynamoDbOptions): Service {
  return lazyService(
    ["dynamodb"],
    () => true,
    async ({ region }) => {
      if (folder) await fs.mkdir(folder, { recursive: true });
      const seeds = await Seeds.read(seed);
      const database = await Database.open({ region, account, operations: OPERATIONS, folder, log });
      return dynamodb.serve(new Tables(database, { seeds, log, folder }));
    },
  );
}
