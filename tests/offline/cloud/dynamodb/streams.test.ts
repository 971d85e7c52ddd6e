import * as fs from "node:fs";
import * as path from "node:path";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  TransactWriteItemsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { Database } from "../../../../offline/cloud/dynamodb/database";
import { OPERATIONS } from "../../../../offline/cloud/dynamodb/operations";
import type { StreamRecord } from "../../../../offline/cloud/dynamodb/streams/capture";
import { type Page, positionOf, readShard } from "../../../../offline/cloud/dynamodb/streams/reader";
import { Tables } from "../../../../offline/cloud/dynamodb/tables";
import type { Properties } from "../../../../offline/engine/values";
import { at } from "../../../helpers/clock";
import { DOCUMENTATION, DYNAMODB_SUITE, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { dynamoOf, scanAll, streamsOf } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { tail } from "../../../helpers/offline/streams";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "DynamoDB", source: recordedByLocalstack("2026-03") };
const HELD = { service: "DynamoDB", source: DYNAMODB_SUITE };
const OBSERVED = { service: "DynamoDB", source: "what users of aws-controllers-k8s observed on AWS, 2026-10" };
const DOCUMENTED = { service: "DynamoDB", source: DOCUMENTATION };

const directory = temporaryFolder();
const TableName = "items";
const streaming = (streamViewType: string) => ({ streamEnabled: true, streamViewType });
const DAY = 24 * 60 * 60 * 1000;

interface Shard {
  ShardId: string;
  SequenceNumberRange: { StartingSequenceNumber: string; EndingSequenceNumber?: string };
}
interface Description {
  StreamDescription: { StreamArn: string; StreamLabel: string; StreamStatus: string; Shards: Shard[] };
}
interface Read {
  Records: StreamRecord[];
  NextShardIterator?: string;
}

/** What a record tells of a change, and its size. */
const told = ({ eventName, dynamodb: { OldImage, NewImage, SizeBytes } }: StreamRecord) => ({
  ...{ eventName, SizeBytes },
  ...(OldImage && { OldImage }),
  ...(NewImage && { NewImage }),
});

describe("DynamoDB's streams", () => {
  afterEach(closeServers);

  async function open(inputs: Properties = streaming("NEW_AND_OLD_IMAGES"), options = {}) {
    const server = await serveGraph(graphOf(directory, table(TableName, inputs)), options);
    return { server, client: dynamoOf(server), streams: streamsOf(server), ...(await streamOf(server)) };
  }

  async function streamOf(server: Served) {
    const { Table } = await dynamoOf(server).send(new DescribeTableCommand({ TableName }));
    const StreamArn = Table?.LatestStreamArn ?? "";
    const { StreamDescription } = await streamsOf(server)<Description>("DescribeStream", { StreamArn });
    const [{ ShardId } = { ShardId: "" }] = StreamDescription.Shards;
    return { StreamArn, ShardId, description: StreamDescription };
  }

  const iterator = async (server: Served, ShardIteratorType: string, more = {}) => {
    const { StreamArn, ShardId } = await streamOf(server);
    const input = { StreamArn, ShardId, ShardIteratorType, ...more };
    return (await streamsOf(server)<{ ShardIterator: string }>("GetShardIterator", input)).ShardIterator;
  };

  const read = async (server: Served, ShardIteratorType = "TRIM_HORIZON", more = {}) => {
    const ShardIterator = await iterator(server, ShardIteratorType, more);
    return streamsOf(server)<Read>("GetRecords", { ShardIterator });
  };

  const put = async (client: DynamoDBDocumentClient, ...ids: string[]) => {
    for (const id of ids) await client.send(new PutCommand({ TableName, Item: { id } }));
  };

  it("are described as the program has them", async () => {
    const { client, streams, description, StreamArn } = await open(streaming("NEW_IMAGE"));
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table?.StreamSpecification).to.deep.equal({ StreamEnabled: true, StreamViewType: "NEW_IMAGE" });
    expect(StreamArn).to.match(
      /^arn:aws:dynamodb:eu-west-1:123456789012:table\/items\/stream\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/,
    );
    expect(Table?.LatestStreamLabel).to.equal(StreamArn.replace(/.*\//, ""));
    const key = [{ AttributeName: "id", KeyType: "HASH" }];
    expect(description).to.deep.include({ StreamStatus: "ENABLED", StreamViewType: "NEW_IMAGE", KeySchema: key });
    expect(description.Shards).to.have.length(1);
    expect(description.Shards[0]?.ShardId).to.match(/^shardId-\d{20}-[a-zA-Z0-9]{1,36}$/);
    expect(description.Shards[0]?.SequenceNumberRange).to.have.all.keys("StartingSequenceNumber");
    const entry = { StreamArn, TableName, StreamLabel: description.StreamLabel };
    for (const input of [{}, { TableName }]) {
      expect(await streams("ListStreams", input)).to.deep.equal({ Streams: [entry] });
    }
    expect(await streams("ListStreams", { TableName: "item" })).to.deep.equal({ Streams: [] });
  });

  it("list in pages, and leave out a shard and those before it", async () => {
    const graph = graphOf(directory, ...["one", "two"].map((name) => table(name, streaming("KEYS_ONLY"))));
    const streams = streamsOf(await serveGraph(graph));
    type List = { Streams: { StreamArn: string; TableName: string }[]; LastEvaluatedStreamArn?: string };
    const first = await streams<List>("ListStreams", { Limit: 1 });
    const second = await streams<List>("ListStreams", { ExclusiveStartStreamArn: first.LastEvaluatedStreamArn });
    expect([...first.Streams, ...second.Streams].map((one) => one.TableName)).to.deep.equal(["one", "two"]);
    expect(second.LastEvaluatedStreamArn).to.equal(undefined);
    const [{ StreamArn } = { StreamArn: "" }] = first.Streams;
    const { StreamDescription } = await streams<Description>("DescribeStream", { StreamArn });
    const input = { StreamArn, ExclusiveStartShardId: StreamDescription.Shards[0]?.ShardId };
    expect((await streams<Description>("DescribeStream", input)).StreamDescription.Shards).to.deep.equal([]);
  });

  testFact(
    RECORDED,
    "have a record for each change, whichever operation makes it, and none where nothing changes",
    async () => {
      const { server, client } = await open();
      const setTwo = {
        UpdateExpression: "SET attr1 = :v1, attr2 = :v2",
        ExpressionAttributeValues: { ":v1": "value1", ":v2": "value2" },
      };
      const update = (id: string) => new UpdateCommand({ TableName, Key: { id }, ...setTwo });
      await put(client, "Fred", "Fred");
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: ["Fred", "NewKey"].map((id) => ({ Put: { TableName, Item: { id: { S: id } } } })),
        }),
      );
      await client.send(update("NewKey"));
      await client.send(update("NewKey"));
      await client.send(update("my-item-id"));
      await client.send(new DeleteCommand({ TableName, Key: { id: "NewKey" } }));
      await client.send(new DeleteCommand({ TableName, Key: { id: "nothing" } }));
      const PutRequest = { Item: { name: { S: "Fred" }, id: { S: "Fred" } } };
      await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest }] } }));
      const { Records } = await read(server);
      const [fred, newKey, mine] = [{ S: "Fred" }, { S: "NewKey" }, { S: "my-item-id" }];
      const two = { attr1: { S: "value1" }, attr2: { S: "value2" } };
      expect(Records.map(told)).to.deep.equal([
        { eventName: "INSERT", SizeBytes: 12, NewImage: { id: fred } },
        { eventName: "INSERT", SizeBytes: 16, NewImage: { id: newKey } },
        { eventName: "MODIFY", SizeBytes: 46, OldImage: { id: newKey }, NewImage: { id: newKey, ...two } },
        { eventName: "INSERT", SizeBytes: 46, NewImage: { id: mine, ...two } },
        { eventName: "REMOVE", SizeBytes: 38, OldImage: { id: newKey, ...two } },
        { eventName: "MODIFY", SizeBytes: 26, OldImage: { id: fred }, NewImage: { id: fred, name: fred } },
      ]);
      expect(Records[0]).to.deep.include({ eventVersion: "1.1", eventSource: "aws:dynamodb", awsRegion: "eu-west-1" });
      expect(Records[0]).not.to.have.property("userIdentity");
      expect(Records[0]?.eventID).to.match(/^[0-9a-f]{32}$/);
      expect(Records[0]?.dynamodb).to.deep.include({ Keys: { id: fred }, StreamViewType: "NEW_AND_OLD_IMAGES" });
      expect(Records[0]?.dynamodb.SequenceNumber).to.match(/^\d{21,40}$/);
    },
  );

  it("do not take a set for changed because its members come in another order", async () => {
    const { server, client } = await open();
    for (const tags of [new Set(["a", "b"]), new Set(["b", "a"])]) {
      await client.send(new PutCommand({ TableName, Item: { id: "1", tags } }));
    }
    expect((await read(server)).Records).to.have.length(1);
  });

  const [OLD, NEW] = [
    { id: { S: "1" }, a: { S: "a" } },
    { id: { S: "1" }, a: { S: "b" } },
  ];
  const VIEWS = {
    KEYS_ONLY: { SizeBytes: 3 },
    NEW_IMAGE: { SizeBytes: 8, NewImage: NEW },
    OLD_IMAGE: { SizeBytes: 8, OldImage: OLD },
    NEW_AND_OLD_IMAGES: { SizeBytes: 13, NewImage: NEW, OldImage: OLD },
  };
  testFacts(
    {
      ...HELD,
      facts: Object.entries(VIEWS).map(([viewType, expected]) => ({
        fact: `have what ${viewType} says`,
        viewType,
        expected,
      })),
    },
    async ({ viewType, expected }) => {
      const { server, client } = await open(streaming(viewType));
      await client.send(new PutCommand({ TableName, Item: { id: "1", a: "a" } }));
      await client.send(new PutCommand({ TableName, Item: { id: "1", a: "b" } }));
      expect((await read(server)).Records.map(told)[1]).to.deep.equal({ eventName: "MODIFY", ...expected });
    },
  );

  testFact(DOCUMENTED, "are read from where an iterator says, and on from there", async () => {
    const { server, client, streams, StreamArn, description } = await open();
    const [latest, start] = [await iterator(server, "LATEST"), Date.now()];
    await put(client, "1", "2", "3");
    const ids = ({ Records }: Read) => Records.map(({ dynamodb }) => dynamodb.Keys.id?.S);
    const all = await read(server);
    const SequenceNumber = all.Records[1]?.dynamodb.SequenceNumber;
    expect(ids(all)).to.deep.equal(["1", "2", "3"]);
    expect(ids(await streams("GetRecords", { ShardIterator: latest }))).to.deep.equal(["1", "2", "3"]);
    expect(ids(await read(server, "LATEST"))).to.deep.equal([]);
    expect(ids(await read(server, "AT_SEQUENCE_NUMBER", { SequenceNumber }))).to.deep.equal(["2", "3"]);
    expect(ids(await read(server, "AFTER_SEQUENCE_NUMBER", { SequenceNumber }))).to.deep.equal(["3"]);
    expect(ids(await read(server, "AT_TIMESTAMP", { Timestamp: start / 1000 }))).to.deep.equal(["1", "2", "3"]);
    expect(ids(await read(server, "AT_TIMESTAMP", { Timestamp: start / 1000 + 60 }))).to.deep.equal([]);
    const first = { SequenceNumber: description.Shards[0]?.SequenceNumberRange.StartingSequenceNumber };
    expect(ids(await read(server, "AT_SEQUENCE_NUMBER", first))).to.deep.equal(["1", "2", "3"]);
    const page = await streams<Read>("GetRecords", { ShardIterator: latest, Limit: 2 });
    expect(page.NextShardIterator)
      .to.match(/^arn:[^|]+\|\d\|.+$/)
      .and.contain(StreamArn);
    expect(ids(page)).to.deep.equal(["1", "2"]);
    await put(client, "4");
    expect(ids(await streams("GetRecords", { ShardIterator: page.NextShardIterator }))).to.deep.equal(["3", "4"]);
  });

  testFact(DOCUMENTED, "are read a megabyte at a time", async () => {
    const { server, client } = await open();
    for (const id of ["1", "2", "3"]) {
      await client.send(new PutCommand({ TableName, Item: { id, text: "x".repeat(380_000) } }));
    }
    const page = await read(server);
    expect(page.Records).to.have.length(2);
    const ShardIterator = page.NextShardIterator;
    expect((await streamsOf(server)<Read>("GetRecords", { ShardIterator })).Records).to.have.length(1);
  });

  const TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/items";
  const MISSING = `${TABLE}/stream/2024-11-18T14:36:44.149`;
  const REFUSED: [operation: string, input: object, name: string, message: string | RegExp][] = [
    [
      "DescribeStream",
      { StreamArn: MISSING },
      "ResourceNotFoundException",
      `Requested resource not found: Stream: ${MISSING} not found`,
    ],
    ["DescribeStream", { StreamArn: TABLE }, "ValidationException", "Invalid StreamArn"],
    [
      "DescribeStream",
      {},
      "ValidationException",
      "1 validation error detected: Value null at 'streamArn' failed to satisfy constraint: Member must not be null",
    ],
    ["GetRecords", { ShardIterator: "x" }, "ValidationException", "Invalid ShardIterator"],
    ["GetRecords", { ShardIterator: `${MISSING}|1|e30=` }, "ValidationException", "Invalid ShardIterator"],
    ["GetRecords", { ShardIterator: "x", Limit: 1001 }, "ValidationException", /'limit'.* less than or equal to 1000$/],
    [
      "GetShardIterator",
      { StreamArn: MISSING, ShardId: "x".repeat(28), ShardIteratorType: "FIRST" },
      "ValidationException",
      /'FIRST' at 'shardIteratorType' .* enum value set: \[TRIM_HORIZON, /,
    ],
    [
      "GetShardIterator",
      { StreamArn: MISSING, ShardId: "x".repeat(28), ShardIteratorType: "LATEST" },
      "ResourceNotFoundException",
      /^Requested resource not found: Stream/,
    ],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: REFUSED.map(([operation, input, name, message]) => ({
        fact: `refuse ${operation} of ${JSON.stringify(input)}: ${message}`,
        operation,
        input,
        name,
        message,
      })),
    },
    async ({ operation, input, name, message }) => {
      const { streams } = await open();
      const error = await streams(operation, input).then(
        () => expect.fail("was not refused"),
        (reason: Error) => reason,
      );
      expect(error.name).to.equal(name);
      if (typeof message === "string") expect(error.message).to.equal(message);
      else expect(error.message).to.match(message);
    },
  );

  it("refuse an iterator without the place that its type needs", async () => {
    const { server } = await open();
    for (const type of ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"]) {
      expect((await iterator(server, type).catch((reason) => reason)).name).to.equal("ValidationException");
    }
  });

  // Each call meets what the one before left.
  const UPDATES: [StreamSpecification: object, refusal?: string][] = [
    [{ StreamEnabled: false }, "Table has no stream to disable: TableName: items"],
    [
      { StreamEnabled: true },
      "One or more parameter values were invalid: If stream is being enabled then UpdateViewType is required",
    ],
    [{ StreamEnabled: true, StreamViewType: "NEW_IMAGE" }],
    [{ StreamEnabled: true, StreamViewType: "NEW_IMAGE" }, "Table already has an enabled stream: TableName: items"],
    [{ StreamEnabled: true, StreamViewType: "KEYS_ONLY" }, "Table already has an enabled stream: TableName: items"],
    [
      { StreamEnabled: false, StreamViewType: "NEW_IMAGE" },
      "One or more parameter values were invalid: If stream is being disabled, then UpdateViewType must not be specified",
    ],
    [{ StreamEnabled: false }],
    [{ StreamEnabled: true, StreamViewType: "KEYS_ONLY" }],
  ];

  testFact(OBSERVED, "are enabled and disabled by the API, with DynamoDB's refusals", async () => {
    const server = await serveGraph(graphOf(directory, table(TableName)));
    const client = dynamoOf(server);
    const arns = new Set<string | undefined>();
    for (const [StreamSpecification, refusal] of UPDATES) {
      const update = new UpdateTableCommand({ TableName, StreamSpecification } as UpdateTableCommandInput);
      const answer = await client.send(update).catch((error) => error);
      if (refusal) {
        expect([answer.name, answer.message]).to.deep.equal(["ValidationException", refusal]);
        continue;
      }
      expect(answer.TableDescription.TableStatus).to.equal("UPDATING");
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      const isEnabled = "StreamViewType" in StreamSpecification;
      expect(Table?.TableStatus).to.equal("ACTIVE");
      expect(Table?.StreamSpecification).to.deep.equal(isEnabled ? StreamSpecification : undefined);
      expect(answer.TableDescription.LatestStreamArn).to.equal(Table?.LatestStreamArn);
      arns.add(Table?.LatestStreamArn);
    }
    expect(arns.size).to.equal(2);
  });

  it("begin with a table that the API creates, and can be read when it is deleted", async () => {
    const server = await serveGraph(graphOf(directory));
    const [client, streams] = [dynamoOf(server), streamsOf(server)];
    const { TableDescription } = await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
      }),
    );
    const StreamArn = TableDescription?.LatestStreamArn;
    expect(TableDescription?.StreamSpecification).to.deep.equal({ StreamEnabled: true, StreamViewType: "KEYS_ONLY" });
    await put(client, "1");
    await client.send(new DeleteTableCommand({ TableName }));
    const { StreamDescription } = await streams<Description>("DescribeStream", { StreamArn });
    expect(StreamDescription.StreamStatus).to.equal("DISABLED");
    expect((await tail(streams, TableName)).map(({ eventName }) => eventName)).to.deep.equal(["INSERT"]);
  });

  it("do not tell of what a new table begins with", async () => {
    const seed = path.join(temporaryFolder(), "seeds.json");
    fs.writeFileSync(seed, JSON.stringify({ [TableName]: [{ id: "seed" }] }));
    const { server } = await open(undefined, { seed });
    expect(await scanAll(server, TableName)).to.have.length(1);
    expect((await read(server)).Records).to.deep.equal([]);
  });

  it("end when the program no longer has them, and begin anew under another name", async () => {
    const data = temporaryFolder();
    const first = await open(undefined, { data });
    await put(first.client, "1");
    await closeServers();
    const server = await serveGraph(graphOf(directory, table(TableName)), { data });
    const client = dynamoOf(server);
    await put(client, "2");
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table).to.include({ LatestStreamArn: first.StreamArn }).and.not.have.property("StreamSpecification");
    const { description } = await streamOf(server);
    expect(description.StreamStatus).to.equal("DISABLED");
    expect(description.Shards[0]?.SequenceNumberRange).to.have.property("EndingSequenceNumber");
    const { Records, NextShardIterator } = await read(server);
    expect(Records).to.have.length(1);
    expect(NextShardIterator).to.equal(undefined);
    await closeServers();
    const again = await open(undefined, { data });
    expect(again.StreamArn).not.to.equal(first.StreamArn);
    expect((await read(again.server)).Records).to.deep.equal([]);
    expect((await again.streams<{ Streams: object[] }>("ListStreams", {})).Streams).to.have.length(2);
  });

  it("survive a restart and another index, and go on where they were", async () => {
    const data = temporaryFolder();
    const first = await open(undefined, { data });
    await put(first.client, "1");
    const { NextShardIterator } = await read(first.server);
    await closeServers();
    const indexed = {
      attributes: ["id", "name"].map((name) => ({ name, type: "S" })),
      globalSecondaryIndexes: [{ name: "byName", hashKey: "name", projectionType: "ALL" }],
    };
    const second = await open({ ...streaming("NEW_AND_OLD_IMAGES"), ...indexed }, { data });
    expect(second.StreamArn).to.equal(first.StreamArn);
    await put(second.client, "2");
    const page = await second.streams<Read>("GetRecords", { ShardIterator: NextShardIterator });
    expect(page.Records.map(({ dynamodb }) => dynamodb.Keys.id?.S)).to.deep.equal(["2"]);
  });

  describe("in process", () => {
    async function database(inputs: Properties = streaming("NEW_AND_OLD_IMAGES")) {
      const options = { region: "eu-west-1", account: "123456789012", operations: OPERATIONS, log: () => {} };
      const opened = await Database.open(options);
      const tables = new Tables(opened);
      await tables.reconcile(graphOf(directory, table(TableName, inputs)));
      const { Table } = await opened.call<{ Table: { LatestStreamArn: string } }>("DescribeTable", { TableName });
      const StreamArn = Table.LatestStreamArn;
      const { StreamDescription } = await opened.call<Description>("DescribeStream", { StreamArn });
      const ShardId = StreamDescription.Shards[0]?.ShardId ?? "";
      const begin = () =>
        opened.read(async (transaction) => positionOf(transaction, StreamArn, ShardId, { type: "TRIM_HORIZON" }));
      return { database: opened, tables, StreamArn, ShardId, begin };
    }

    const write = (database: Database, id: string, more = {}) =>
      database.call("PutItem", { TableName, Item: { id: { S: id }, ...more } });

    it("give ten thousand records in ten pages", async () => {
      const { database: opened, tables, begin } = await database();
      for (let batch = 0; batch < 100; batch++) {
        const items = Array.from({ length: 100 }, (_, index) => ({
          Put: { TableName, Item: { id: { S: `${batch}-${index}` } } },
        }));
        await opened.call("TransactWriteItems", { TransactItems: items });
      }
      const pages: Page[] = [];
      for (let next: Page["next"] = await begin(); pages.at(-1)?.records.length !== 0; ) {
        const page: Page = await readShard(opened, next as NonNullable<Page["next"]>);
        pages.push(page);
        next = page.next;
      }
      const numbers = pages.flatMap(({ records }) => records.map(({ dynamodb }) => dynamodb.SequenceNumber));
      expect(pages).to.have.length(11);
      expect(numbers)
        .to.have.length(10_000)
        .and.deep.equal([...new Set(numbers)].sort());
      await tables.close();
    });

    it("number records in their order, even if the clock is set back", async () => {
      const { database: opened, tables, begin } = await database();
      await write(opened, "1");
      await at(Date.now() - DAY, () => write(opened, "2"));
      const { records } = await readShard(opened, await begin());
      expect(records.map(({ dynamodb }) => dynamodb.Keys.id?.S)).to.deep.equal(["1", "2"]);
      await tables.close();
    });

    testFact(DOCUMENTED, "forget records and streams after a day, and say so to whoever would read them", async () => {
      const { database: opened, tables, StreamArn, ShardId, begin } = await database();
      const beginning = await begin();
      await write(opened, "1");
      const [old] = (await readShard(opened, beginning)).records;
      await at(Date.now() + DAY + 1000, async () => {
        await tables.sweep(Date.now());
        await write(opened, "2");
        expect((await readShard(opened, await begin())).records).to.have.length(1);
        const errors = await Promise.all([
          readShard(opened, beginning).catch(({ name }) => name),
          opened
            .call("GetShardIterator", {
              ...{ StreamArn, ShardId, ShardIteratorType: "AT_SEQUENCE_NUMBER" },
              SequenceNumber: old?.dynamodb.SequenceNumber,
            })
            .catch(({ name }) => name),
        ]);
        expect(errors).to.deep.equal(["TrimmedDataAccessException", "TrimmedDataAccessException"]);
        await tables.reconcile(graphOf(directory, table(TableName)));
      });
      await tables.sweep(Date.now() + 2 * DAY + 2000);
      expect(await opened.call("ListStreams", {})).to.deep.equal({ Streams: [] });
      await tables.close();
    });

    testFact(DOCUMENTED, "refuse an iterator after 15 minutes", async () => {
      const { database: opened, tables, StreamArn, ShardId } = await database();
      const input = { StreamArn, ShardId, ShardIteratorType: "LATEST" };
      const { ShardIterator } = await opened.call<{ ShardIterator: string }>("GetShardIterator", input);
      const get = () => opened.call("GetRecords", { ShardIterator }).catch(({ name }) => name);
      expect(await at(Date.now() + 14 * 60_000, get)).to.have.property("Records");
      expect(await at(Date.now() + 16 * 60_000, get)).to.equal("ExpiredIteratorException");
      await tables.close();
    });
  });
});
