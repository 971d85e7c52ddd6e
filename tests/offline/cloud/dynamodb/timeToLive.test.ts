import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { Database } from "../../../../offline/cloud/dynamodb/database";
import { OPERATIONS } from "../../../../offline/cloud/dynamodb/operations";
import { Tables } from "../../../../offline/cloud/dynamodb/tables";
import type { Properties } from "../../../../offline/engine/values";
import { DOCUMENTATION, testFact } from "../../../helpers/facts";
import { dynamoOf } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { tail } from "../../../helpers/offline/streams";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const OBSERVED = { service: "DynamoDB", source: "what users of aws-controllers-k8s observed on AWS, 2026-10" };
const DOCUMENTED = { service: "DynamoDB", source: DOCUMENTATION };

const directory = temporaryFolder();
const TableName = "items";
const ENABLED = { ttl: { attributeName: "expiresAt", enabled: true } };
const NOW_SECONDS = 1_800_000_000;
const YEAR_SECONDS = 365 * 24 * 60 * 60;
const OPTIONS = { region: "eu-west-1", account: "123456789012", operations: OPERATIONS, log: () => {} };

/** Stores items with these values of `expiresAt`, sweeps, and returns the names of those that are left. */
async function namesLeft(inputs: Properties, values: Record<string, object>): Promise<string[]> {
  const database = await Database.open(OPTIONS);
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

  testFact(DOCUMENTED, "deletes items whose time is over, and no others", async () => {
    const left = await namesLeft(ENABLED, {
      over: { N: String(NOW_SECONDS - 1000) },
      now: { N: String(NOW_SECONDS) },
      fraction: { N: `${NOW_SECONDS - 1}.5` },
      later: { N: String(NOW_SECONDS + 1) },
      milliseconds: { N: String((NOW_SECONDS - 1000) * 1000) },
    });
    expect(left).to.deep.equal(["later", "milliseconds"]);
  });

  testFact(DOCUMENTED, "leaves items that would have expired more than five years ago", async () => {
    const left = await namesLeft(ENABLED, {
      fourYears: { N: String(NOW_SECONDS - 4 * YEAR_SECONDS) },
      sixYears: { N: String(NOW_SECONDS - 6 * YEAR_SECONDS) },
      zero: { N: "0" },
      negative: { N: "-1" },
    });
    expect(left).to.deep.equal(["negative", "sixYears", "zero"]);
  });

  testFact(DOCUMENTED, "ignores values that are not numbers", async () => {
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

  testFact(DOCUMENTED, "deletes as DynamoDB itself in the table's stream", async () => {
    const database = await Database.open(OPTIONS);
    const tables = new Tables(database);
    const streaming = { streamEnabled: true, streamViewType: "OLD_IMAGE", ...ENABLED };
    await tables.reconcile(graphOf(directory, table(TableName, streaming)));
    const now = Date.now();
    for (const id of ["expired", "deleted"]) {
      const expiresAt = { N: String(Math.floor(now / 1000)) };
      await database.call("PutItem", { TableName, Item: { id: { S: id }, expiresAt } });
    }
    await database.call("DeleteItem", { TableName, Key: { id: { S: "deleted" } } });
    await tables.sweep(now);
    const records = await tail(database.call.bind(database), TableName);
    expect(records.slice(2).map(({ eventName, dynamodb }) => [eventName, dynamodb.Keys.id?.S])).to.deep.equal([
      ["REMOVE", "deleted"],
      ["REMOVE", "expired"],
    ]);
    const service = { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" };
    expect(records.map(({ userIdentity }) => userIdentity)).to.deep.equal([undefined, undefined, undefined, service]);
    await tables.close();
  });

  // Each call is for the state that the one before left.
  const CALLS: [Enabled: boolean | undefined, AttributeName: string | undefined, refusal?: string][] = [
    [false, "a", "TimeToLive is already disabled"],
    [true, "a"],
    [true, "a", "TimeToLive is already enabled"],
    [true, "b", "TimeToLive is active on a different AttributeName: current AttributeName is a"],
    [false, "b", "TimeToLive is active on a different AttributeName: current AttributeName is a"],
    [false, "a"],
    [
      true,
      undefined,
      "1 validation error detected: Value null at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must not be null",
    ],
    [
      undefined,
      "a",
      "1 validation error detected: Value null at 'timeToLiveSpecification.enabled' failed to satisfy constraint: Member must not be null",
    ],
    [true, "b"],
  ];

  testFact(OBSERVED, "is changed by the API, with DynamoDB's refusals, and takes effect", async () => {
    const data = temporaryFolder();
    const client = dynamoOf(await serveGraph(graphOf(directory, table(TableName)), { data }));
    const update = (TimeToLiveSpecification: object, name = TableName) =>
      client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification } as never)).catch((e) => e);
    for (const [Enabled, AttributeName, refusal] of CALLS) {
      const answer = await update({ Enabled, AttributeName });
      if (refusal) expect([answer.name, answer.message]).to.deep.equal(["ValidationException", refusal]);
      else expect(answer.TimeToLiveSpecification).to.deep.equal({ Enabled, AttributeName });
    }
    const missing = await update({ Enabled: true, AttributeName: "a" }, "nowhere");
    expect(missing.name).to.equal("ResourceNotFoundException");
    expect(missing.message).to.equal("Requested resource not found: Table: nowhere not found");
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).to.deep.equal({ TimeToLiveStatus: "ENABLED", AttributeName: "b" });
  });
});
