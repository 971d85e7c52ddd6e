import { expect } from "chai";
import { Database } from "../../../../offline/cloud/dynamodb/database";
import { Tables } from "../../../../offline/cloud/dynamodb/tables";
import type { Properties } from "../../../../offline/engine/values";
import { graphOf, table, temporaryFolder } from "../../../helpers/offline/graph";

const directory = temporaryFolder();
const TableName = "items";
const ENABLED = { ttl: { attributeName: "expiresAt", enabled: true } };
const NOW_SECONDS = 1_800_000_000;

/** Stores items with these values of `expiresAt`, sweeps, and returns the names of those that are left. */
async function namesLeft(inputs: Properties, values: Record<string, object>): Promise<string[]> {
  const database = await Database.open({ region: "eu-west-1", account: "123456789012", log: () => {} });
  const tables = new Tables(database);
  try {
    await tables.reconcile(graphOf(directory, table(TableName, inputs)));
    for (const [id, expiresAt] of Object.entries(values)) {
      await database.call("PutItem", { TableName, Item: { id: { S: id }, expiresAt } });
    }
    await tables.sweep(NOW_SECONDS * 1000);
    const { Items } = await database.call<{ Items: { id: { S: string } }[] }>("Scan", { TableName });
    return Items.map(({ id }) => id.S).sort();
  } finally {
    await tables.close();
  }
}

describe("DynamoDB's time to live", () => {
  it("deletes items whose time is over, and no others", async () => {
    const left = await namesLeft(ENABLED, {
      over: { N: String(NOW_SECONDS - 1000) },
      now: { N: String(NOW_SECONDS) },
      fraction: { N: `${NOW_SECONDS - 1}.5` },
      later: { N: String(NOW_SECONDS + 1) },
      milliseconds: { N: String((NOW_SECONDS - 1000) * 1000) },
    });
    expect(left).to.deep.equal(["later", "milliseconds"]);
  });

  it("ignores values that are not numbers", async () => {
    const over = String(NOW_SECONDS - 1000);
    const values = {
      list: { L: [{ N: over }] },
      map: { M: { N: { N: over } } },
      set: { NS: [over] },
      text: { S: over },
    };
    expect(await namesLeft(ENABLED, values)).to.deep.equal(["list", "map", "set", "text"]);
  });
});
