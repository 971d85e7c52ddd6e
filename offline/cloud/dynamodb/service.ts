import * as fs from "node:fs/promises";
import { account } from "../../engine/context";
import { AwsError } from "../core/awsError";
import { lazyService } from "../core/registry";
import { isMap } from "../core/resources";
import { type Call, type Service, sendJson, targetOf } from "../core/service";
import { Database } from "./database";
import type { StoreOptions } from "./durableStore";
import { OPERATIONS } from "./operations";
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
      return new DynamoDbService(database, { seeds, log, folder });
    },
  );
}

/** DynamoDB's wire protocol in front of the database. */
class DynamoDbService extends Tables implements Service {
  async handle({ request, response, body }: Call): Promise<void> {
    const { status, answer } = await this.run(targetOf(request), body.toString());
    sendJson(response, status, "application/x-amz-json-1.0", answer);
  }

  private async run(operation: string, body: string): Promise<{ status: number; answer: object }> {
    const input = parse(body);
    if (input === undefined)
      return { status: 400, answer: { __type: "com.amazon.coral.service#SerializationException" } };
    try {
      return { status: 200, answer: await this.database.call(operation, input) };
    } catch (error) {
      if (error instanceof AwsError) return { status: error.status ?? 400, answer: error.members };
      throw error;
    }
  }
}

/** Undefined for what is not a JSON object. */
function parse(body: string): object | undefined {
  try {
    const input: unknown = JSON.parse(body);
    return isMap(input) ? input : undefined;
  } catch {
    return undefined;
  }
}
