import type {
  DescribeContinuousBackupsOutput,
  DescribeTableOutput,
  ListTagsOfResourceOutput,
  PutItemOutput,
  QueryOutput,
  TableDescription,
  UpdateTableOutput,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { DYNAMODB_SUITE, recordedByLocalstack, testFact } from "../../../helpers/facts";
import { callDynamo, refusalOf } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "DynamoDB", source: recordedByLocalstack("2026-03") };
const HELD = { service: "DynamoDB", source: DYNAMODB_SUITE };

const directory = temporaryFolder();
const TableName = "items";
const PROTECTED =
  "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.";

const serveTable = (inputs: Properties = {}) => serveGraph(graphOf(directory, table(TableName, inputs)));

async function describeTable(server: Served, name = TableName): Promise<TableDescription> {
  const { Table } = await callDynamo<DescribeTableOutput>(server, "DescribeTable", { TableName: name });
  return Table ?? {};
}

async function tagsOf(server: Served, ResourceArn: string | undefined): Promise<object> {
  const { Tags = [] } = await callDynamo<ListTagsOfResourceOutput>(server, "ListTagsOfResource", { ResourceArn });
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
}

const create = (TableName: string, more: object = {}) => ({
  TableName,
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  BillingMode: "PAY_PER_REQUEST",
  ...more,
});

describe("DynamoDB's tables", () => {
  afterEach(closeServers);

  it("have the settings of the program", async () => {
    const server = await serveTable({
      deletionProtectionEnabled: true,
      tableClass: "STANDARD_INFREQUENT_ACCESS",
      serverSideEncryption: { enabled: true, kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/own" },
      onDemandThroughput: { maxReadRequestUnits: 10, maxWriteRequestUnits: 5 },
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 7 },
      tags: { team: "shop" },
    });
    const described = await describeTable(server);
    expect(described).to.deep.include({
      DeletionProtectionEnabled: true,
      TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS" },
      OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 5 },
    });
    expect(described.SSEDescription).to.deep.equal({
      Status: "ENABLED",
      SSEType: "KMS",
      KMSMasterKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/own",
    });
    expect(described).not.to.have.property("PointInTimeRecovery");
    expect(await tagsOf(server, described.TableArn)).to.deep.equal({ team: "shop" });
    const backups = await callDynamo<DescribeContinuousBackupsOutput>(server, "DescribeContinuousBackups", {
      TableName,
    });
    expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription).to.include({
      RecoveryPeriodInDays: 7,
    });
  });

  it("follow the program's settings, keep their items, and are reported only if they change", async () => {
    const server = await serveTable({ deletionProtectionEnabled: true, tags: { team: "shop", old: "yes" } });
    await callDynamo(server, "PutItem", { TableName, Item: { id: { S: "1" } } });
    const reconcile = (inputs: Properties) => server.reconcile(graphOf(directory, table(TableName, inputs)));
    const change = { action: "updated", kind: "table", name: TableName };
    expect(await reconcile({ tableClass: "STANDARD", tags: { team: "store" } })).to.deep.include(change);
    const described = await describeTable(server);
    expect(described).to.deep.include({
      DeletionProtectionEnabled: false,
      TableClassSummary: { TableClass: "STANDARD" },
    });
    expect(await tagsOf(server, described.TableArn)).to.deep.equal({ team: "store" });
    expect(await reconcile({ tableClass: "STANDARD", tags: { team: "store" } })).not.to.deep.include(change);
    const { Count } = await callDynamo<QueryOutput>(server, "Scan", { TableName });
    expect(Count).to.equal(1);
  });

  it("are refused with settings that AWS does not have", async () => {
    const failure = await serveTable({ tableClass: "FAST" }).catch((error) => error);
    expect(failure.message).to.match(/^Table items: Invalid table-class parameter provided/);
  });

  testFact(HELD, "are not deleted while they are protected", async () => {
    const server = await serveTable({ deletionProtectionEnabled: true });
    expect(await refusalOf(server, "DeleteTable", { TableName })).to.deep.equal(["ValidationException", PROTECTED]);
    await callDynamo(server, "UpdateTable", { TableName, DeletionProtectionEnabled: false });
    expect(await refusalOf(server, "DeleteTable", { TableName })).to.equal(undefined);
    await callDynamo(server, "CreateTable", create("made", { DeletionProtectionEnabled: true }));
    expect(await refusalOf(server, "DeleteTable", { TableName: "made" })).to.deep.equal([
      "ValidationException",
      PROTECTED,
    ]);
  });

  testFact(RECORDED, "are described as they are created, used and deleted", async () => {
    const server = await serveTable();
    const { TableDescription: created } = await callDynamo<UpdateTableOutput>(server, "CreateTable", create("made"));
    expect(created).to.deep.include({ TableStatus: "CREATING", DeletionProtectionEnabled: false });
    expect(created).not.to.have.property("WarmThroughput");
    const warm = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000, Status: "ACTIVE" };
    expect((await describeTable(server, "made")).WarmThroughput).to.deep.equal(warm);
    const provisioned = {
      BillingMode: "PROVISIONED",
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 3 },
    };
    await callDynamo(server, "CreateTable", create("provisioned", provisioned));
    const its = { ReadUnitsPerSecond: 5, WriteUnitsPerSecond: 3, Status: "ACTIVE" };
    expect((await describeTable(server, "provisioned")).WarmThroughput).to.deep.equal(its);
    expect(await refusalOf(server, "CreateTable", create("made"))).to.deep.equal([
      "ResourceInUseException",
      "Table already exists: made",
    ]);
    const { TableDescription: deleted } = await callDynamo<UpdateTableOutput>(server, "DeleteTable", {
      TableName: "made",
    });
    expect(deleted).to.include({ TableStatus: "DELETING", TableName: "made", DeletionProtectionEnabled: false });
    expect(deleted).not.to.have.any.keys("AttributeDefinitions", "KeySchema", "CreationDateTime");
  });

  testFact(HELD, "change one setting at a time, and only to what there is", async () => {
    const server = await serveTable();
    const alone = (what: string) =>
      `One or more parameter values were invalid: ${what} modification must be the only operation in the request`;
    const cases: [input: object, message: string | RegExp][] = [
      [
        { AttributeDefinitions: [] },
        /^At least one of ProvisionedThroughput, BillingMode, .* or TableClass is required$/,
      ],
      [{ DeletionProtectionEnabled: true, BillingMode: "PAY_PER_REQUEST" }, alone("DeletionProtection")],
      [{ TableClass: "STANDARD", DeletionProtectionEnabled: true }, alone("TableClass")],
      [{ SSESpecification: { Enabled: true }, DeletionProtectionEnabled: true }, alone("Server-Side Encryption")],
      [{ SSESpecification: { Enabled: false } }, /Table is already encrypted by default$/],
      [{ TableClass: "FAST" }, /^Invalid table-class parameter provided.*\[STANDARD, STANDARD_INFREQUENT_ACCESS\]\.$/],
    ];
    for (const [input, expected] of cases) {
      const [code, message] = (await refusalOf(server, "UpdateTable", { TableName, ...input })) ?? [];
      expect(code).to.equal("ValidationException");
      if (typeof expected === "string") expect(message).to.equal(expected);
      else expect(message).to.match(expected);
    }
    const encrypt = (Enabled: boolean) =>
      callDynamo<UpdateTableOutput>(server, "UpdateTable", { TableName, SSESpecification: { Enabled } });
    expect((await encrypt(true)).TableDescription?.SSEDescription).to.include({ SSEType: "KMS" });
    expect((await describeTable(server)).SSEDescription).to.include({ Status: "ENABLED" });
    expect((await encrypt(false)).TableDescription?.SSEDescription).to.include({ Status: "UPDATING" });
    expect(await describeTable(server)).not.to.have.property("SSEDescription");
  });

  testFact(HELD, "have tags, up to fifty", async () => {
    const server = await serveTable();
    await callDynamo(server, "CreateTable", create("made", { Tags: [{ Key: "team", Value: "shop" }] }));
    const { TableArn: ResourceArn } = await describeTable(server, "made");
    const tags = (count: number) => Array.from({ length: count }, (_, at) => ({ Key: `k${at}`, Value: "v" }));
    await callDynamo(server, "TagResource", { ResourceArn, Tags: tags(49) });
    const cases: [tags: object[], message: string][] = [
      [tags(50), "Number of Tags exceed the current limit for the provided ResourceArn"],
      [[{ Key: "aws:x", Value: "v" }], "Tag Key cannot be prefixed with aws:, Key: aws:x"],
      [[...tags(1), ...tags(1)], "Duplicate Tag Keys provided as input: Duplicate Tag Key found k0"],
    ];
    for (const [Tags, message] of cases) {
      expect(await refusalOf(server, "TagResource", { ResourceArn, Tags })).to.deep.equal([
        "ValidationException",
        message,
      ]);
    }
    expect(Object.keys(await tagsOf(server, ResourceArn))).to.have.lengthOf(50);
    const [unknown] = (await refusalOf(server, "TagResource", { ResourceArn: "items", Tags: tags(1) })) ?? [];
    expect(unknown).to.equal("ValidationException");
    const foreign = ResourceArn?.replace("123456789012", "000000000000");
    const [code] = (await refusalOf(server, "ListTagsOfResource", { ResourceArn: foreign })) ?? [];
    expect(code).to.equal("AccessDeniedException");
  });

  testFact(RECORDED, "can have point-in-time recovery, without backups", async () => {
    const server = await serveTable();
    const update = (specification: object) =>
      callDynamo<DescribeContinuousBackupsOutput>(server, "UpdateContinuousBackups", {
        TableName,
        PointInTimeRecoverySpecification: specification,
      });
    const read = async () => {
      const answer = await callDynamo<DescribeContinuousBackupsOutput>(server, "DescribeContinuousBackups", {
        TableName,
      });
      return answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    };
    expect(await read()).to.deep.equal({ PointInTimeRecoveryStatus: "DISABLED" });
    const { ContinuousBackupsDescription } = await update({ PointInTimeRecoveryEnabled: true });
    expect(ContinuousBackupsDescription).to.include({ ContinuousBackupsStatus: "ENABLED" });
    expect(await read()).to.include({ PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: 35 });
    await update({ PointInTimeRecoveryEnabled: false });
    expect(await read()).to.deep.equal({ PointInTimeRecoveryStatus: "DISABLED" });
    expect(await refusalOf(server, "DescribeContinuousBackups", { TableName: "nowhere" })).to.deep.equal([
      "TableNotFoundException",
      "Table not found: nowhere",
    ]);
  });

  testFact(HELD, "tell the collection that a written item belongs to, if they have local indexes", async () => {
    const attributes = ["id", "at", "rank"].map((name) => ({ name, type: "S" }));
    const localSecondaryIndexes = [{ name: "byRank", rangeKey: "rank", projectionType: "ALL" }];
    const server = await serveGraph(
      graphOf(directory, table(TableName, { rangeKey: "at", attributes, localSecondaryIndexes }), table("plain")),
    );
    const ReturnItemCollectionMetrics = "SIZE";
    const metrics = { ItemCollectionKey: { id: { S: "1" } }, SizeEstimateRangeGB: [0, 1] };
    const Key = { id: { S: "1" }, at: { S: "1" } };
    for (const [operation, input] of [
      ["PutItem", { Item: Key }],
      ["UpdateItem", { Key }],
      ["DeleteItem", { Key }],
    ] as const) {
      const asked = { TableName, ...input, ReturnItemCollectionMetrics };
      expect(await callDynamo(server, operation, asked)).to.deep.include({ ItemCollectionMetrics: metrics });
    }
    const plain = { TableName: "plain", Item: { id: { S: "1" } }, ReturnItemCollectionMetrics };
    expect((await callDynamo<PutItemOutput>(server, "PutItem", plain)).ItemCollectionMetrics).to.equal(undefined);
    const requests = ["1", "2"].map((at) => ({ PutRequest: { Item: { ...Key, at: { S: at } } } }));
    const batch = { RequestItems: { [TableName]: requests }, ReturnItemCollectionMetrics };
    expect(await callDynamo(server, "BatchWriteItem", batch)).to.deep.include({
      ItemCollectionMetrics: { [TableName]: [metrics] },
    });
  });

  it("share an account with limits", async () => {
    const server = await serveTable();
    expect(await callDynamo(server, "DescribeLimits", {})).to.include({ TableMaxReadCapacityUnits: 40_000 });
    expect(await callDynamo(server, "DescribeEndpoints", {})).to.deep.include({
      Endpoints: [{ Address: "dynamodb.eu-west-1.amazonaws.com", CachePeriodInMinutes: 1440 }],
    });
  });
});
