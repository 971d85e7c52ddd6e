import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DeleteCommand, PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { dynamoOf, scanAll } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const TableName = "items";
const ID = { name: "id", type: "S" };

/** A table with one global index, whose key attributes are given with their types. */
function indexed(index: string, attributes: Record<string, string>, projection: Properties = {}): Properties {
  const [hashKey, rangeKey] = Object.keys(attributes);
  return {
    attributes: [ID, ...Object.entries(attributes).map(([name, type]) => ({ name, type }))],
    globalSecondaryIndexes: [{ name: index, hashKey, rangeKey, projectionType: "ALL", ...projection }],
  };
}

const byRank = (type: string) => indexed("byRank", { rank: type });

describe("DynamoDB's indexes, when the program changes them", () => {
  let data: string;

  beforeEach(() => {
    data = temporaryFolder();
  });
  afterEach(closeServers);

  async function restart(inputs: Properties): Promise<Served> {
    await closeServers();
    return serveGraph(graphOf(directory, table(TableName, inputs)), { data });
  }

  const put = (server: Served, ...items: Record<string, unknown>[]) =>
    dynamoOf(server).send(
      new BatchWriteCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }),
    );

  const ids = async (server: Served, index: string) => (await scanAll(server, TableName, index)).map(({ id }) => id);

  const MIXED = [
    { id: "binary", rank: Buffer.from("1") },
    { id: "empty", rank: "" },
    { id: "list", rank: [1] },
    { id: "long", rank: "x".repeat(2049) },
    { id: "none" },
    { id: "null", rank: null },
    { id: "number", rank: 5 },
    { id: "numbers", rank: new Set([5]) },
    { id: "text", rank: "five" },
  ];

  it("holds the items whose attribute has the key's type, and no others", async () => {
    await put(await restart({}), ...MIXED);
    expect(await ids(await restart(byRank("S")), "byRank")).to.deep.equal(["text"]);
    expect(await ids(await restart(byRank("N")), "byRank")).to.deep.equal(["number"]);
    expect(await ids(await restart(byRank("B")), "byRank")).to.deep.equal(["binary"]);
    expect(await scanAll(await restart({}), TableName)).to.have.length(MIXED.length);
  });

  it("lets items be changed and deleted that do not fit their index", async () => {
    await put(await restart({}), ...MIXED);
    const server = await restart(byRank("N"));
    const client = dynamoOf(server);
    await client.send(new PutCommand({ TableName, Item: { id: "text", rank: 6 } }));
    const UpdateExpression = "SET #n = :n";
    const ExpressionAttributeNames = { "#n": "note" };
    const ExpressionAttributeValues = { ":n": "changed" };
    const update = { UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues };
    await client.send(new UpdateCommand({ TableName, Key: { id: "list" }, ...update }));
    await client.send(new DeleteCommand({ TableName, Key: { id: "empty" } }));
    expect(await ids(server, "byRank")).to.deep.equal(["number", "text"]);
    expect(await scanAll(server, TableName)).to.have.length(MIXED.length - 1);
  });

  it("follows a change of the range key, of the projection and of the name", async () => {
    const items = [
      { id: "1", rank: "a", at: 1, note: "one" },
      { id: "2", rank: "a", note: "two" },
    ];
    await put(await restart(indexed("byRank", { rank: "S", at: "N" })), ...items);
    const indexOf = async (index: string, inputs: Properties) => scanAll(await restart(inputs), TableName, index);
    const withRange = await indexOf("byRank", indexed("byRank", { rank: "S", at: "N" }));
    expect(withRange).to.deep.equal([items[0]]);
    expect(await indexOf("byRank", byRank("S"))).to.deep.equal(items);
    const otherRange = await indexOf("byRank", indexed("byRank", { rank: "S", note: "S" }));
    expect(otherRange).to.deep.equal(items);
    const keysOnly = await indexOf("byRank", indexed("byRank", { rank: "S" }, { projectionType: "KEYS_ONLY" }));
    expect(keysOnly).to.deep.equal(items.map(({ id, rank }) => ({ id, rank })));
    const included = { projectionType: "INCLUDE", nonKeyAttributes: ["note"] };
    const withNote = await indexOf("byRank", indexed("byRank", { rank: "S" }, included));
    expect(withNote).to.deep.equal(items.map(({ id, rank, note }) => ({ id, rank, note })));
    expect(await indexOf("ranked", indexed("ranked", { rank: "S" }, included))).to.deep.equal(withNote);
  });

  it("forgets the entries of an index that the program drops", async () => {
    await put(await restart(byRank("S")), { id: "1", rank: "a" });
    const without = await restart({});
    await dynamoOf(without).send(new PutCommand({ TableName, Item: { id: "1", rank: "b" } }));
    const again = await scanAll(await restart(byRank("S")), TableName, "byRank");
    expect(again).to.deep.equal([{ id: "1", rank: "b" }]);
  });

  it("does the same for local indexes", async () => {
    const local = (type: string): Properties => ({
      rangeKey: "at",
      attributes: [ID, { name: "at", type: "N" }, { name: "rank", type }],
      localSecondaryIndexes: [{ name: "byRank", rangeKey: "rank", projectionType: "ALL" }],
    });
    const items = [
      { id: "1", at: 1, rank: "a" },
      { id: "2", at: 2, rank: 5 },
      { id: "3", at: 3, rank: "" },
    ];
    const plain = { rangeKey: "at", attributes: [ID, { name: "at", type: "N" }] };
    await put(await restart(plain), ...items);
    expect(await ids(await restart(local("S")), "byRank")).to.deep.equal(["1"]);
    const numbers = await restart(local("N"));
    expect(await ids(numbers, "byRank")).to.deep.equal(["2"]);
    await dynamoOf(numbers).send(new DeleteCommand({ TableName, Key: { id: "1", at: 1 } }));
    expect(await scanAll(numbers, TableName)).to.have.length(2);
  });

  it("keeps the table's id and time of creation", async () => {
    const describeTable = async (inputs: Properties) => {
      const { Table } = await dynamoOf(await restart(inputs)).send(new DescribeTableCommand({ TableName }));
      return { id: Table?.TableId, created: Table?.CreationDateTime, status: Table?.TableStatus };
    };
    const before = await describeTable({});
    expect(await describeTable(byRank("S"))).to.deep.equal(before);
  });

  it("changes no table when another one is refused", async () => {
    const other = (key: string) => table("other", { hashKey: key, attributes: [{ name: key, type: "S" }] });
    const server = await serveGraph(graphOf(directory, table(TableName, byRank("S")), other("id")), { data });
    await put(server, { id: "1", rank: "a" });
    await dynamoOf(server).send(new PutCommand({ TableName: "other", Item: { id: "1" } }));
    const error = await server
      .reconcile(graphOf(directory, table(TableName, byRank("N")), other("key")))
      .catch((reason) => reason);
    expect(error.message).to.match(/key of table other has changed/);
    const query = { KeyConditionExpression: "#r = :r", ExpressionAttributeNames: { "#r": "rank" } };
    const { Items } = await dynamoOf(server).send(
      new QueryCommand({ TableName, IndexName: "byRank", ...query, ExpressionAttributeValues: { ":r": "a" } }),
    );
    expect(Items).to.deep.equal([{ id: "1", rank: "a" }]);
  });
});
