import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { dynamoOf, scanAll } from "../../../helpers/offline/dynamodb";
import { graphOf, resource, table } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const TableName = "items";
const ID = { name: "id", type: "S" };

describe("DynamoDB's indexes with several attributes in their keys", () => {
  afterEach(closeServers);

  const TEXTS = [ID, ...["at", "place", "region"].map((name) => ({ name, type: "S" }))];
  const byPlace = {
    name: "byPlace",
    keySchemas: [
      { attributeName: "region", keyType: "HASH" },
      { attributeName: "place", keyType: "HASH" },
      { attributeName: "at", keyType: "RANGE" },
    ],
    projectionType: "ALL",
  };
  const byAt = { name: "byAt", keySchemas: [{ attributeName: "at", keyType: "HASH" }], projectionType: "ALL" };
  const problem = /^The index byPlace of table items is not served: its key has several attributes\. Query the table/;

  it("are named, and everything else is served", async () => {
    const inputs = { attributes: TEXTS, globalSecondaryIndexes: [byPlace, byAt] };
    const server = await serveGraph(graphOf(directory, table(TableName, inputs)));
    expect(server.problems).to.have.lengthOf(1);
    expect(server.problems[0]).to.match(problem);
    const item = { id: "1", at: "noon", region: "eu", place: 5 };
    await dynamoOf(server).send(new PutCommand({ TableName, Item: item }));
    expect(await scanAll(server, TableName, "byAt")).to.deep.equal([item]);
    const refusal = await scanAll(server, TableName, "byPlace").catch((error) => error);
    expect(refusal).to.include({ name: "ValidationException" });
    expect(refusal.message).to.match(/^The index byPlace of table items is not served here/);
  });

  it("do not keep a table without other indexes from being served, and are no longer named once they are gone", async () => {
    const several = { attributes: TEXTS, globalSecondaryIndexes: [byPlace] };
    const server = await serveGraph(graphOf(directory, table(TableName, several)));
    await dynamoOf(server).send(new PutCommand({ TableName, Item: { id: "1" } }));
    await server.reconcile(graphOf(directory, table(TableName)));
    expect(server.problems).to.deep.equal([]);
    expect(await scanAll(server, TableName)).to.deep.equal([{ id: "1" }]);
  });
});

describe("DynamoDB's indexes that are resources of their own", () => {
  afterEach(closeServers);

  const index = (indexName: string, attributeType: string, inputs: Properties = {}) =>
    resource("aws:dynamodb/globalSecondaryIndex:GlobalSecondaryIndex", indexName, {
      tableName: TableName,
      indexName,
      keySchemas: [{ attributeName: "rank", attributeType, keyType: "HASH" }],
      projection: { projectionType: "ALL" },
      ...inputs,
    });

  it("belong to their table", async () => {
    const rangeKey = { attributeName: "at", attributeType: "N", keyType: "RANGE" };
    const keySchemas = [{ attributeName: "rank", attributeType: "S", keyType: "HASH" }, rangeKey];
    const projection = { projectionType: "INCLUDE", nonKeyAttributes: ["note"] };
    const server = await serveGraph(
      graphOf(
        directory,
        table("other"),
        table(TableName, { billingMode: "PROVISIONED", readCapacity: 1, writeCapacity: 1 }),
        index("byRank", "S", { keySchemas, projection, provisionedThroughput: { readCapacityUnits: 7 } }),
      ),
    );
    const { Table } = await dynamoOf(server).send(new DescribeTableCommand({ TableName }));
    expect(Table?.AttributeDefinitions?.map(({ AttributeName: name }) => name)).to.have.members(["id", "rank", "at"]);
    expect(Table?.GlobalSecondaryIndexes).to.have.lengthOf(1);
    expect(Table?.GlobalSecondaryIndexes?.[0]?.ProvisionedThroughput).to.include({ ReadCapacityUnits: 7 });
    const item = { id: "1", rank: "a", at: 1, note: "one" };
    await dynamoOf(server).send(new PutCommand({ TableName, Item: { ...item, other: "left out" } }));
    expect(await scanAll(server, TableName, "byRank")).to.deep.equal([item]);
    const other = await dynamoOf(server).send(new DescribeTableCommand({ TableName: "other" }));
    expect(other.Table).not.to.have.property("GlobalSecondaryIndexes");
  });

  it("come and go while the table keeps its items and its other indexes", async () => {
    const byAt = { name: "byAt", hashKey: "at", projectionType: "ALL" };
    const own = table(TableName, { attributes: [ID, { name: "at", type: "N" }], globalSecondaryIndexes: [byAt] });
    const server = await serveGraph(graphOf(directory, own));
    const items = [{ id: "1", rank: "a", at: 1 }, { id: "2" }];
    for (const Item of items) await dynamoOf(server).send(new PutCommand({ TableName, Item }));
    const change = { action: "updated", kind: "table", name: TableName };
    expect(await server.reconcile(graphOf(directory, own, index("byRank", "S")))).to.deep.include(change);
    expect(await scanAll(server, TableName, "byRank")).to.deep.equal([items[0]]);
    await server.reconcile(graphOf(directory, own));
    expect(await scanAll(server, TableName, "byRank").catch(({ name }) => name)).to.equal("ValidationException");
    expect(await scanAll(server, TableName, "byAt")).to.deep.equal([items[0]]);
    expect(await scanAll(server, TableName)).to.deep.equal(items);
  });

  it("are named if their keys have several attributes", async () => {
    const keySchemas = ["rank", "place"].map((attributeName) => ({
      attributeName,
      attributeType: "S",
      keyType: "HASH",
    }));
    const server = await serveGraph(graphOf(directory, table(TableName), index("byBoth", "S", { keySchemas })));
    expect(server.problems).to.have.lengthOf(1);
    expect(server.problems[0]).to.match(/^The index byBoth of table items is not served/);
  });
});
