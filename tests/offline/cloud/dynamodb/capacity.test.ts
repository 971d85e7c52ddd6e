import type { BatchWriteItemOutput, PutItemOutput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { DYNAMODB_SUITE, testFact, testFacts } from "../../../helpers/facts";
import { callDynamo } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const HELD = { service: "DynamoDB", source: DYNAMODB_SUITE };

const directory = temporaryFolder();
const TableName = "items";

/** The capacity units of a write: of the table, and of its global and its local index. */
type Units = [table: number, global?: number, local?: number];

const WHOLE = { kind: "k", rank: "1", note: "n", remark: "o" };

/** An update of an item that is in both indexes, of which the global one has the note, and the local one everything. */
const UPDATES: [update: string, units: Units][] = [
  ["SET remark = :v", [1, undefined, 1]],
  ["SET note = :v", [1, 1, 1]],
  ["SET kind = :v", [1, 2, 1]],
  ["REMOVE kind", [1, 1, 1]],
  ["SET #rank = :v", [1, undefined, 2]],
];

describe("DynamoDB's writes to tables with indexes", () => {
  let server: Served;
  let count = 0;

  before(async () => {
    const attributes = ["id", "at", "kind", "rank"].map((name) => ({ name, type: "S" }));
    const projection = { projectionType: "INCLUDE", nonKeyAttributes: ["note"] };
    const inputs = {
      rangeKey: "at",
      attributes,
      globalSecondaryIndexes: [{ name: "byKind", hashKey: "kind", ...projection }],
      localSecondaryIndexes: [{ name: "byRank", rangeKey: "rank", projectionType: "ALL" }],
    };
    server = await serveGraph(graphOf(directory, table(TableName, inputs)));
  });
  after(closeServers);

  const itemOf = (id: string, texts: Record<string, string>) =>
    Object.fromEntries(Object.entries({ id, at: "1", ...texts }).map(([name, text]) => [name, { S: text }]));

  async function write(
    operation: string,
    input: object,
    detail = "INDEXES",
  ): Promise<PutItemOutput["ConsumedCapacity"]> {
    const asked = { TableName, ...input, ReturnConsumedCapacity: detail };
    return (await callDynamo<PutItemOutput>(server, operation, asked)).ConsumedCapacity;
  }

  const put = (texts: Record<string, string>, id = `${count++}`) => write("PutItem", { Item: itemOf(id, texts) });

  function costOf([ofTable, ofGlobal, ofLocal]: Units) {
    return {
      TableName,
      CapacityUnits: ofTable + (ofGlobal ?? 0) + (ofLocal ?? 0),
      Table: { CapacityUnits: ofTable },
      ...(ofGlobal && { GlobalSecondaryIndexes: { byKind: { CapacityUnits: ofGlobal } } }),
      ...(ofLocal && { LocalSecondaryIndexes: { byRank: { CapacityUnits: ofLocal } } }),
    };
  }

  testFact(HELD, "cost a unit for each index that has the item", async () => {
    expect(await put({})).to.deep.equal(costOf([1]));
    expect(await put({ kind: "k" })).to.deep.equal(costOf([1, 1]));
    expect(await put({ rank: "1" })).to.deep.equal(costOf([1, undefined, 1]));
    expect(await put(WHOLE, "same")).to.deep.equal(costOf([1, 1, 1]));
    expect(await put(WHOLE, "same")).to.deep.equal(costOf([1]));
    const total = await write("PutItem", { Item: itemOf("total", WHOLE) }, "TOTAL");
    expect(total).to.deep.equal({ TableName, CapacityUnits: 3 });
  });

  testFacts(
    {
      ...HELD,
      facts: UPDATES.map(([UpdateExpression, units]) => ({
        fact: `cost what ${UpdateExpression} changes`,
        UpdateExpression,
        units,
      })),
    },
    async ({ UpdateExpression, units }) => {
      await put(WHOLE, UpdateExpression);
      const update = {
        Key: itemOf(UpdateExpression, {}),
        UpdateExpression,
        ...(UpdateExpression.includes("#") && { ExpressionAttributeNames: { "#rank": "rank" } }),
        ...(UpdateExpression.includes(":v") && { ExpressionAttributeValues: { ":v": { S: "new" } } }),
      };
      expect(await write("UpdateItem", update)).to.deep.equal(costOf(units));
    },
  );

  testFact(HELD, "cost a unit for each index that had a deleted item", async () => {
    await put(WHOLE, "deleted");
    expect(await write("DeleteItem", { Key: itemOf("deleted", {}) })).to.deep.equal(costOf([1, 1, 1]));
  });

  testFact(HELD, "cost the same in a batch", async () => {
    const requests = [itemOf("batch 1", { kind: "k" }), itemOf("batch 2", {})].map((Item) => ({
      PutRequest: { Item },
    }));
    const { ConsumedCapacity } = await callDynamo<BatchWriteItemOutput>(server, "BatchWriteItem", {
      RequestItems: { [TableName]: requests },
      ReturnConsumedCapacity: "INDEXES",
    });
    expect(ConsumedCapacity).to.deep.equal([costOf([2, 1])]);
  });
});
