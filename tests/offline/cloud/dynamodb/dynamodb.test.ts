import { CreateBackupCommand, DescribeTableCommand, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand, QueryCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { send } from "../../../helpers/offline/api";
import { dynamoOf } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const TableName = "items";

const BY_NAME = {
  attributes: [
    { name: "id", type: "S" },
    { name: "name", type: "S" },
  ],
  globalSecondaryIndexes: [{ name: "byName", hashKey: "name", projectionType: "ALL" }],
};

describe("DynamoDB", () => {
  afterEach(closeServers);

  it("has the program's tables, with their keys, indexes and billing", async () => {
    const ranged = table("events", {
      rangeKey: "at",
      attributes: [
        { name: "id", type: "S" },
        { name: "at", type: "N" },
        { name: "kind", type: "S" },
      ],
      billingMode: "PROVISIONED",
      readCapacity: 3,
      writeCapacity: 2,
      globalSecondaryIndexes: [
        {
          name: "byKind",
          hashKey: "kind",
          rangeKey: "at",
          projectionType: "KEYS_ONLY",
          readCapacity: 1,
          writeCapacity: 1,
        },
      ],
      localSecondaryIndexes: [
        { name: "idByKind", rangeKey: "kind", projectionType: "INCLUDE", nonKeyAttributes: ["a"] },
      ],
    });
    const client = dynamoOf(await serveGraph(graphOf(directory, table("items"), ranged)));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: "events" }));
    expect(Table).to.deep.include({
      TableStatus: "ACTIVE",
      TableArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/events",
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
    });
    expect(Table?.ProvisionedThroughput).to.include({ ReadCapacityUnits: 3, WriteCapacityUnits: 2 });
    expect(Table?.GlobalSecondaryIndexes?.[0]?.Projection).to.deep.equal({ ProjectionType: "KEYS_ONLY" });
    expect(Table?.LocalSecondaryIndexes?.[0]?.KeySchema?.map(({ AttributeName }) => AttributeName)).to.deep.equal([
      "id",
      "kind",
    ]);
  });

  it("stores and finds items, and refuses as DynamoDB does", async () => {
    const client = dynamoOf(await serveGraph(graphOf(directory, table("items", BY_NAME))));
    await client.send(new PutCommand({ TableName, Item: { id: "1", name: "one" } }));
    const query = {
      TableName,
      IndexName: "byName",
      KeyConditionExpression: "#n = :n",
      ExpressionAttributeNames: { "#n": "name" },
      ExpressionAttributeValues: { ":n": "one" },
    };
    expect((await client.send(new QueryCommand(query))).Items).to.deep.equal([{ id: "1", name: "one" }]);
    const again = { TableName, Item: { id: "1" }, ConditionExpression: "attribute_not_exists(id)" };
    const refusals = await Promise.all([
      client.send(new PutCommand(again)).catch(({ name }) => name),
      client.send(new ScanCommand({ TableName: "nowhere" })).catch(({ name }) => name),
      client.send(new PutCommand({ TableName, Item: { id: 1 } })).catch(({ name }) => name),
    ]);
    expect(refusals).to.deep.equal([
      "ConditionalCheckFailedException",
      "ResourceNotFoundException",
      "ValidationException",
    ]);
  });

  it("updates the elements of a list by their places before the update", async () => {
    const client = dynamoOf(await serveGraph(graphOf(directory, table(TableName))));
    const list = ["a", "b", { inner: ["c", "d"] }, "e"];
    await client.send(new PutCommand({ TableName, Item: { id: "1", list } }));
    const UpdateExpression = "REMOVE #list[0], #list[1], #list[2].#inner[0] SET #list[3] = :new";
    const names = { "#list": "list", "#inner": "inner" };
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName,
        Key: { id: "1" },
        UpdateExpression,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ":new": "f" },
        ReturnValues: "ALL_NEW",
      }),
    );
    expect(Attributes?.list).to.deep.equal([{ inner: ["d"] }, "f"]);
  });

  it("names the tables that DynamoDB would refuse", async () => {
    const short = table("a");
    const unknown = table("events", { hashKey: "key" });
    const error = await serveGraph(graphOf(directory, short, unknown)).catch((reason) => reason);
    expect(error.message).to.match(/^Table a: .*\nTable events: .*/);
  });

  it("says which operations it does not have", async () => {
    const client = dynamoOf(await serveGraph(graphOf(directory, table("items"))));
    const error = await client
      .send(new CreateBackupCommand({ TableName, BackupName: "backup" }))
      .catch((reason) => reason);
    expect(error.message).to.match(/CreateBackup is not emulated offline.*--endpoint dynamodb=/);
  });

  it("refuses a body that is not a JSON object", async () => {
    const server = await serveGraph(graphOf(directory, table("items")));
    for (const body of ["null", "[]", '"text"', "1", "{", ""]) {
      const headers = { "x-amz-target": "DynamoDB_20120810.ListTables" };
      const answer = await send(server.endpoint, await signed(server, { service: "dynamodb", headers, body }));
      expect([body, answer.status]).to.deep.equal([body, 400]);
      expect(answer.body).to.contain("SerializationException");
    }
  });

  it("survives a caller that disconnects in the middle of a request", async () => {
    const server = await serveGraph(graphOf(directory, table("items")));
    const abort = new AbortController();
    const authorization = `AWS4-HMAC-SHA256 Credential=${server.credentials.accessKeyId}/20260101/eu-west-1/dynamodb/aws4_request`;
    const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from("{")) });
    const request = fetch(server.endpoint, {
      method: "POST",
      body,
      headers: { authorization },
      signal: abort.signal,
      duplex: "half",
    } as RequestInit);
    setImmediate(() => abort.abort());
    await request.catch(() => {});
    expect((await dynamoOf(server).send(new ScanCommand({ TableName }))).Items).to.deep.equal([]);
  });

  describe("with a data folder", () => {
    const serveIn = (data: string, inputs = {}) => serveGraph(graphOf(directory, table("items", inputs)), { data });

    it("keeps items and credentials across runs", async () => {
      const data = temporaryFolder();
      const first = await serveIn(data);
      await dynamoOf(first).send(new PutCommand({ TableName, Item: { id: "1" } }));
      await closeServers();
      const second = await serveIn(data);
      expect(second.credentials).to.deep.equal(first.credentials);
      expect((await dynamoOf(second).send(new GetCommand({ TableName, Key: { id: "1" } }))).Item).to.deep.equal({
        id: "1",
      });
    });

    it("keeps tables that the program no longer has", async () => {
      const data = temporaryFolder();
      await serveIn(data);
      await closeServers();
      await serveGraph(graphOf(directory), { data });
      await closeServers();
      const client = dynamoOf(await serveGraph(graphOf(directory), { data }));
      expect((await client.send(new ListTablesCommand({}))).TableNames).to.deep.equal(["items"]);
    });

    it("fills an index that a table gets later", async () => {
      const data = temporaryFolder();
      await dynamoOf(await serveIn(data)).send(new PutCommand({ TableName, Item: { id: "1", name: "one" } }));
      await closeServers();
      const client = dynamoOf(await serveIn(data, BY_NAME));
      expect((await client.send(new ScanCommand({ TableName, IndexName: "byName" }))).Items).to.deep.equal([
        { id: "1", name: "one" },
      ]);
    });

    it("refuses a table whose key has changed, names table and folder, and loses nothing", async () => {
      const data = temporaryFolder();
      await dynamoOf(await serveIn(data)).send(new PutCommand({ TableName, Item: { id: "1" } }));
      await closeServers();
      const error = await serveIn(data, { hashKey: "key", attributes: [{ name: "key", type: "N" }] }).catch(
        (reason) => reason,
      );
      expect(error.message)
        .to.match(/key of table items has changed from id \(S, HASH\) to key \(N, HASH\)/)
        .and.include(data);
      const client = dynamoOf(await serveIn(data));
      expect((await client.send(new ScanCommand({ TableName }))).Items).to.deep.equal([{ id: "1" }]);
    });

    it("gives an empty table its new key", async () => {
      const data = temporaryFolder();
      await serveIn(data);
      await closeServers();
      const client = dynamoOf(await serveIn(data, { hashKey: "key", attributes: [{ name: "key", type: "N" }] }));
      await client.send(new PutCommand({ TableName, Item: { key: 1 } }));
      expect((await client.send(new ScanCommand({ TableName }))).Items).to.deep.equal([{ key: 1 }]);
    });

    it("says so when another process has the folder open", async () => {
      const data = temporaryFolder();
      await serveIn(data);
      const error = await serveIn(data).catch((reason) => reason);
      expect(error.message)
        .to.match(
          /tables in .* cannot be opened: another process has them open\. End that start, or choose another folder with --data\.$/,
        )
        .and.include(data);
    });
  });
});
