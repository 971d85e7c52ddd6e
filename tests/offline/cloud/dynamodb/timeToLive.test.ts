import { DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { Database } from "../../../../offline/cloud/dynamodb/database";
import { Tables } from "../../../../offline/cloud/dynamodb/tables";
import type { Properties } from "../../../../offline/engine/values";
import { dynamoOf } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const TableName = "items";
const ENABLED = { ttl: { attributeName: "expiresAt", enabled: true } };
const NOW_SECONDS = 1_800_000_000;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

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
  afterEach(closeServers);

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

  it("leaves items that would have expired more than five years ago", async () => {
    const left = await namesLeft(ENABLED, {
      fourYears: { N: String(NOW_SECONDS - 4 * YEAR_SECONDS) },
      sixYears: { N: String(NOW_SECONDS - 6 * YEAR_SECONDS) },
      zero: { N: "0" },
      negative: { N: "-1" },
    });
    expect(left).to.deep.equal(["negative", "sixYears", "zero"]);
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

  it("deletes nothing unless the program enables it", async () => {
    const over = { over: { N: String(NOW_SECONDS - 1000) } };
    expect(await namesLeft({ ttl: { attributeName: "expiresAt", enabled: false } }, over)).to.deep.equal(["over"]);
    // The provider's default.
    expect(await namesLeft({ ttl: { attributeName: "expiresAt" } }, over)).to.deep.equal(["over"]);
  });

  it("is described as the program has it", async () => {
    const client = dynamoOf(await serveGraph(graphOf(directory, table(TableName, ENABLED), table("other"))));
    const describeTable = async (name: string) =>
      (await client.send(new DescribeTimeToLiveCommand({ TableName: name }))).TimeToLiveDescription;
    expect(await describeTable(TableName)).to.deep.equal({ TimeToLiveStatus: "ENABLED", AttributeName: "expiresAt" });
    expect(await describeTable("other")).to.deep.equal({ TimeToLiveStatus: "DISABLED" });
    expect(await describeTable("nowhere").catch(({ name }) => name)).to.equal("ResourceNotFoundException");
  });
});
