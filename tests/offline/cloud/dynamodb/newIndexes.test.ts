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

  it("may have several attributes in their keys", async () => {
    const keySchemas = ["rank", "place"].map((attributeName) => ({
      attributeName,
      attributeType: "S",
      keyType: "HASH",
    }));
    const server = await serveGraph(graphOf(directory, table(TableName), index("byBoth", "S", { keySchemas })));
    const item = { id: "1", rank: "a", place: "b" };
    for (const Item of [item, { id: "2", rank: "a" }]) await dynamoOf(server).send(new PutCommand({ TableName, Item }));
    expect(await scanAll(server, TableName, "byBoth")).to.deep.equal([item]);
  });
});
