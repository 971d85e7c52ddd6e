import type { DescribeTableOutput, TableDescription, UpdateTableOutput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { DYNAMODB_SUITE, testFact } from "../../../helpers/facts";
import { callDynamo, refusalOf, scanAll } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const HELD = { service: "DynamoDB", source: DYNAMODB_SUITE };

const directory = temporaryFolder();
const TableName = "items";
const INVALID = "One or more parameter values were invalid:";

/** A new index on one attribute. */
const create = (IndexName: string, attribute: string, more: object = {}) => ({
  Create: {
    IndexName,
    KeySchema: [{ AttributeName: attribute, KeyType: "HASH" }],
    Projection: { ProjectionType: "ALL" },
    ...more,
  },
});

const drop = (IndexName: string) => ({ Delete: { IndexName } });

/** A request for changes of indexes; all attributes that it names are texts. */
const update = (GlobalSecondaryIndexUpdates: object[], ...attributes: string[]) => ({
  TableName,
  AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  GlobalSecondaryIndexUpdates,
});

describe("DynamoDB's UpdateTable", () => {
  let server: Served;
  afterEach(closeServers);

  const byRank = {
    attributes: ["id", "rank"].map((name) => ({ name, type: "S" })),
    globalSecondaryIndexes: [{ name: "byRank", hashKey: "rank", projectionType: "ALL" }],
  };

  async function serveTable(inputs: Properties = byRank): Promise<void> {
    server = await serveGraph(graphOf(directory, table(TableName, inputs)));
    for (const id of ["1", "2"]) {
      const Item = { id: { S: id }, rank: { S: "a" }, place: { S: `p${id}` } };
      await callDynamo(server, "PutItem", { TableName, Item });
    }
  }

  const change = async (input: object) =>
    (await callDynamo<UpdateTableOutput>(server, "UpdateTable", input)).TableDescription ?? {};

  const describeTable = async () =>
    (await callDynamo<DescribeTableOutput>(server, "DescribeTable", { TableName })).Table ?? {};

  const indexes = ({ GlobalSecondaryIndexes = [] }: TableDescription) =>
    Object.fromEntries(GlobalSecondaryIndexes.map(({ IndexName, IndexStatus }) => [IndexName, IndexStatus]));

  const attributes = ({ AttributeDefinitions = [] }: TableDescription) =>
    AttributeDefinitions.map(({ AttributeName }) => AttributeName).sort();

  testFact(HELD, "creates an index on demand from the items that are there, and keeps it up", async () => {
    await serveTable();
    const during = await change(update([create("byPlace", "place")], "place"));
    expect(during.TableStatus).to.equal("UPDATING");
    expect(indexes(during)).to.deep.equal({ byRank: "ACTIVE", byPlace: "CREATING" });
    const after = await describeTable();
    expect(after.TableStatus).to.equal("ACTIVE");
    expect(indexes(after)).to.deep.equal({ byRank: "ACTIVE", byPlace: "ACTIVE" });
    expect(attributes(after)).to.deep.equal(["id", "place", "rank"]);
    await callDynamo(server, "DeleteItem", { TableName, Key: { id: { S: "1" } } });
    expect(await scanAll(server, TableName, "byPlace")).to.deep.equal([{ id: "2", rank: "a", place: "p2" }]);
  });

  testFact(HELD, "deletes an index, its entries, and the definitions that only it needs", async () => {
    await serveTable();
    expect(indexes(await change(update([drop("byRank")])))).to.deep.equal({ byRank: "DELETING" });
    const after = await describeTable();
    expect(after).not.to.have.property("GlobalSecondaryIndexes");
    expect(attributes(after)).to.deep.equal(["id"]);
    const [code] = (await refusalOf(server, "Scan", { TableName, IndexName: "byRank" })) ?? [];
    expect(code).to.equal("ValidationException");
    await change(update([create("byRank", "rank", { Projection: { ProjectionType: "KEYS_ONLY" } })], "rank"));
    expect(await scanAll(server, TableName, "byRank")).to.deep.equal(["1", "2"].map((id) => ({ id, rank: "a" })));
  });

  it("creates an index with several attributes in its key", async () => {
    await serveTable();
    const KeySchema = ["rank", "place"].map((AttributeName) => ({ AttributeName, KeyType: "HASH" }));
    await change(update([create("byBoth", "rank", { KeySchema })], "place"));
    expect(await scanAll(server, TableName, "byBoth")).to.have.lengthOf(2);
  });

  testFact(HELD, "asks for an index's capacity if the table has one", async () => {
    await serveTable({ ...byRank, billingMode: "PROVISIONED", readCapacity: 1, writeCapacity: 1 });
    const wanted = `${INVALID} Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: byPlace`;
    const plain = update([create("byPlace", "place")], "place");
    expect(await refusalOf(server, "UpdateTable", plain)).to.deep.equal(["ValidationException", wanted]);
    const ProvisionedThroughput = { ReadCapacityUnits: 4, WriteCapacityUnits: 2 };
    await change(update([create("byPlace", "place", { ProvisionedThroughput })], "place"));
    const [, index] = (await describeTable()).GlobalSecondaryIndexes ?? [];
    expect(index?.ProvisionedThroughput).to.include(ProvisionedThroughput);
    expect(index?.WarmThroughput).to.include({ ReadUnitsPerSecond: 4, WriteUnitsPerSecond: 2 });
  });

  testFact(HELD, "changes nothing when it refuses", async () => {
    await serveTable();
    const before = await describeTable();
    const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
    const cases: [input: object, code: string, message: string][] = [
      [update([create("byRank", "rank")]), "ValidationException", "Attempting to create an index which already exists"],
      [
        update([create("byPlace", "place")]),
        "ValidationException",
        `${INVALID} Some index key attributes are not defined in AttributeDefinitions. Keys: [place], AttributeDefinitions: [id, rank]`,
      ],
      [update([drop("byPlace")]), "ResourceNotFoundException", "Requested resource not found"],
      [
        update([create("byPlace", "place"), drop("byRank")], "place"),
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
      ],
      [
        update([create("byPlace", "place", { ProvisionedThroughput })], "place"),
        "ValidationException",
        `${INVALID} Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: byPlace when BillingMode is PAY_PER_REQUEST`,
      ],
      [
        update([create("byPlace", "place", { Projection: { ProjectionType: "INCLUDE" } })], "place"),
        "ValidationException",
        `${INVALID} ProjectionType is INCLUDE, but NonKeyAttributes is not specified`,
      ],
      [
        { ...update([create("byPlace", "place")], "place"), TableName: "nowhere" },
        "ResourceNotFoundException",
        "Requested resource not found: Table: nowhere not found",
      ],
    ];
    for (const [input, ...refusal] of cases) {
      expect(await refusalOf(server, "UpdateTable", input)).to.deep.equal(refusal);
    }
    expect(await describeTable()).to.deep.equal(before);
  });

  it("keeps what it made across a restart, until the program is read again", async () => {
    const data = temporaryFolder();
    const graph = graphOf(directory, table(TableName, byRank));
    server = await serveGraph(graph, { data });
    await change(update([create("byPlace", "place")], "place"));
    await closeServers();
    server = await serveGraph(graphOf(directory), { data });
    expect(indexes(await describeTable())).to.deep.equal({ byRank: "ACTIVE", byPlace: "ACTIVE" });
    await server.reconcile(graph);
    expect(indexes(await describeTable())).to.deep.equal({ byRank: "ACTIVE" });
  });
});
