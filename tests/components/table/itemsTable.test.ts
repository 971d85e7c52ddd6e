import { expect } from "chai";
import { ItemsTable, type ItemsTableArgs } from "../../../components";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";

const tableType = "aws:dynamodb/table:Table";
const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/k";

describe("ItemsTable", () => {
  beforeEach(startMocks);

  async function table(args: ItemsTableArgs = {}) {
    new ItemsTable("items", args);
    return inputsOf(tableType);
  }

  async function countOf(type: string) {
    return (await resources()).filter((resource) => resource.type === type).length;
  }

  it("is on demand, restorable, keyed by id, and one resource", async () => {
    expect(await table()).to.deep.equal({
      attributes: [{ name: "id", type: "S" }],
      billingMode: "PAY_PER_REQUEST",
      deletionProtectionEnabled: false,
      hashKey: "id",
      pointInTimeRecovery: { enabled: true },
    });
    expect((await resources()).map(({ type }) => type)).to.deep.equal(["graviton:index:ItemsTable", tableType]);
  });

  it("outputs its name and ARN", async () => {
    const items = new ItemsTable("items", { stream: "NEW_IMAGE" });
    expect(await resolved(items.tableName)).to.equal("items-1234567");
    expect(await resolved(items.tableArn)).to.equal("arn:aws:dynamodb:eu-west-1:123456789012:items-1234567");
    expect(await resolved(items.streamArn)).to.match(/\/stream\/1$/);
  });

  it("declares each key attribute once, with its type", async () => {
    const inputs = await table({
      hashKey: { name: "pk" },
      rangeKey: { name: "sk", type: "N" },
      globalIndexes: [{ name: "bySk", hashKey: { name: "sk", type: "N" }, rangeKey: { name: "pk" } }],
      localIndexes: [{ name: "byDate", rangeKey: { name: "date", type: "B" } }],
    });
    expect(inputs).to.include({ hashKey: "pk", rangeKey: "sk" });
    expect(inputs.attributes).to.deep.equal([
      { name: "pk", type: "S" },
      { name: "sk", type: "N" },
      { name: "date", type: "B" },
    ]);
    expect(inputs.globalSecondaryIndexes).to.deep.equal([
      { name: "bySk", hashKey: "sk", rangeKey: "pk", projectionType: "ALL" },
    ]);
    expect(inputs.localSecondaryIndexes).to.deep.equal([{ name: "byDate", rangeKey: "date", projectionType: "ALL" }]);
  });

  it("projects the given attributes", async () => {
    const hashKey = { name: "id" };
    const { globalSecondaryIndexes } = await table({
      globalIndexes: [
        { name: "keys", hashKey, projectedAttributes: [] },
        { name: "some", hashKey, projectedAttributes: ["price"] },
      ],
    });
    expect(globalSecondaryIndexes[0]).to.include({ projectionType: "KEYS_ONLY" });
    expect(globalSecondaryIndexes[1]).to.deep.include({ projectionType: "INCLUDE", nonKeyAttributes: ["price"] });
  });

  it("passes on the other settings", async () => {
    const importTable = { inputFormat: "CSV", s3BucketSource: { bucket: "seed" } };
    const inputs = await table({
      stream: "KEYS_ONLY",
      ttlAttribute: "expiresAt",
      kmsKeyArn: keyArn,
      pointInTimeRecovery: false,
      deletionProtection: true,
      tableClass: "STANDARD_INFREQUENT_ACCESS",
      importTable,
      tags: { team: "a" },
    });
    expect(inputs).to.deep.include({
      streamEnabled: true,
      streamViewType: "KEYS_ONLY",
      ttl: { attributeName: "expiresAt", enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      pointInTimeRecovery: { enabled: false },
      deletionProtectionEnabled: true,
      tableClass: "STANDARD_INFREQUENT_ACCESS",
      importTable,
      tags: { team: "a" },
    });
  });

  it("lets tableArgs override its defaults", async () => {
    const inputs = await table({
      deletionProtection: false,
      tableArgs: { deletionProtectionEnabled: true, name: "mine" },
    });
    expect(inputs).to.include({ deletionProtectionEnabled: true, name: "mine" });
  });

  it("provisions a fixed capacity without autoscaling", async () => {
    const inputs = await table({ readCapacity: { minimum: 5 }, writeCapacity: { minimum: 2 } });
    expect(inputs).to.include({ billingMode: "PROVISIONED", readCapacity: 5, writeCapacity: 2 });
    expect(await countOf("aws:appautoscaling/target:Target")).to.equal(0);
  });

  it("lets the capacity of the table and its indexes follow the load up to a maximum", async () => {
    await table({
      globalIndexes: [{ name: "byName", hashKey: { name: "name" } }],
      readCapacity: { minimum: 1, maximum: 10 },
      writeCapacity: { minimum: 2, maximum: 20, targetUtilization: 50 },
      tags: { team: "a" },
    });
    const scaled = await inputsOf("aws:appautoscaling/target:Target", "items-byName-write");
    expect(scaled).to.deep.equal({
      serviceNamespace: "dynamodb",
      scalableDimension: "dynamodb:index:WriteCapacityUnits",
      resourceId: "table/items-1234567/index/byName",
      minCapacity: 2,
      maxCapacity: 20,
      tags: { team: "a" },
    });
    expect(await countOf("aws:appautoscaling/target:Target")).to.equal(4);
    const policy = await inputsOf("aws:appautoscaling/policy:Policy", "items-read");
    expect(policy.targetTrackingScalingPolicyConfiguration).to.deep.equal({
      predefinedMetricSpecification: { predefinedMetricType: "DynamoDBReadCapacityUtilization" },
      targetValue: 70,
    });
  });

  it("streams both images if it has replicas, and protects them like itself", async () => {
    const replicas = [{ region: "eu-central-1", kmsKeyArn: "replica" }];
    const inputs = await table({ replicas, kmsKeyArn: keyArn, deletionProtection: true });
    expect(inputs).to.include({ streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" });
    expect(inputs.replicas).to.deep.equal([
      {
        regionName: "eu-central-1",
        kmsKeyArn: "replica",
        pointInTimeRecovery: true,
        deletionProtectionEnabled: true,
        propagateTags: true,
      },
    ]);
  });

  it("attaches a resource policy", async () => {
    await table({ resourcePolicy: "{}" });
    const { resourceArn, policy } = await inputsOf("aws:dynamodb/resourcePolicy:ResourcePolicy");
    expect([resourceArn, policy]).to.deep.equal(["arn:aws:dynamodb:eu-west-1:123456789012:items-1234567", "{}"]);
  });

  it("reports the most used keys of the table and its indexes on request", async () => {
    await table({ contributorInsights: true, globalIndexes: [{ name: "byName", hashKey: { name: "name" } }] });
    const insights = (await resources()).filter(({ type }) => type.endsWith(":ContributorInsights"));
    expect(insights.map(({ inputs }) => inputs.indexName)).to.have.members([undefined, "byName"]);
  });

  it("notifies topics of throttled requests and of DynamoDB's own errors", async () => {
    await table({ alarmTopicArns: ["topic"] });
    const alarm = await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "items-read-throttles");
    expect(alarm).to.deep.include({
      namespace: "AWS/DynamoDB",
      metricName: "ReadThrottleEvents",
      dimensions: { TableName: "items-1234567" },
      threshold: 1,
      treatMissingData: "notBreaching",
      alarmActions: ["topic"],
      okActions: ["topic"],
    });
    const errors = await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "items-system-errors");
    expect(errors.metricQueries[0]).to.deep.include({ expression: "SUM(METRICS())", returnData: true });
    expect(errors.metricQueries).to.have.length(11);
    expect(await countOf("aws:cloudwatch/metricAlarm:MetricAlarm")).to.equal(3);
  });

  it("reports an index's throttled requests too, which are not counted among the table's", async () => {
    const globalIndexes = [{ name: "byName", hashKey: { name: "name" } }];
    await table({ alarmTopicArns: ["topic"], globalIndexes, tags: { team: "a" } });
    const alarm = await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "items-byName-write-throttles");
    expect(alarm).to.deep.include({
      metricName: "WriteThrottleEvents",
      dimensions: { TableName: "items-1234567", GlobalSecondaryIndexName: "byName" },
      tags: { team: "a" },
    });
    expect(await countOf("aws:cloudwatch/metricAlarm:MetricAlarm")).to.equal(5);
  });

  it("creates no alarm for an empty list of topics", async () => {
    await table({ alarmTopicArns: [] });
    expect(await countOf("aws:cloudwatch/metricAlarm:MetricAlarm")).to.equal(0);
  });

  describe("access", () => {
    const arn = "arn:aws:dynamodb:eu-west-1:123456789012:items-1234567";

    async function access(args: ItemsTableArgs, level: "read" | "write" | "crud" | "stream", environmentName?: string) {
      return resolved(new ItemsTable("items", args).access(level, { environmentName }));
    }

    const levels = {
      read: ["GetItem", "Scan", "Query", "BatchGetItem", "DescribeTable"],
      write: ["PutItem", "UpdateItem", "BatchWriteItem"],
      crud: [
        ...["GetItem", "DeleteItem", "PutItem", "Scan", "Query", "UpdateItem", "BatchWriteItem", "BatchGetItem"],
        ...["DescribeTable", "ConditionCheckItem"],
      ],
    };
    for (const level of ["read", "write", "crud"] as const) {
      it(`allows what SAM's policy template does for ${level}, on the table and its indexes`, async () => {
        const { environment, statements } = await access({}, level);
        expect(environment).to.deep.equal({ TABLE_NAME: "items-1234567" });
        expect(statements).to.have.length(1);
        expect(statements[0]?.actions).to.have.members(levels[level].map((action) => `dynamodb:${action}`));
        expect(statements[0]?.resources).to.deep.equal([arn, `${arn}/index/*`]);
      });
    }

    it("allows reading the stream, and listing this table's only", async () => {
      const { environment, statements } = await access({ stream: "NEW_IMAGE" }, "stream");
      expect(environment).to.deep.equal({ STREAM_ARN: `${arn}/stream/1` });
      expect(statements).to.deep.equal([
        {
          actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
          resources: [`${arn}/stream/1`],
        },
        { actions: ["dynamodb:ListStreams"], resources: [`${arn}/stream/*`] },
      ]);
    });

    it("refuses a stream that the table does not have", () => {
      expect(() => new ItemsTable("items").access("stream")).to.throw(/no stream; write `stream`/);
    });

    it("uses the given environment variable", async () => {
      expect((await access({}, "read", "ITEMS")).environment).to.deep.equal({ ITEMS: "items-1234567" });
    });

    it("allows a customer key through DynamoDB only", async () => {
      const { statements } = await access({ kmsKeyArn: keyArn }, "read");
      expect(statements[1]).to.deep.equal({
        actions: ["kms:Decrypt", "kms:DescribeKey"],
        resources: [keyArn],
        conditions: { StringEquals: { "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com" } },
      });
      expect((await access({ kmsKeyArn: keyArn }, "crud")).statements[1]?.actions).to.include("kms:GenerateDataKey");
    });
  });

  describe("refuses", () => {
    const hashKey = { name: "h" };
    const cases: [what: string, args: ItemsTableArgs, path: string, reason: RegExp][] = [
      ["an unknown key type", { hashKey: { name: "id", type: "X" as "S" } }, "hashKey.type", /"S", "N" or "B"/],
      ["an empty key name", { hashKey: { name: "" } }, "hashKey.name", /1 to 255/],
      ["a range key that is the hash key", { rangeKey: { name: "id" } }, "rangeKey.name", /is the hash key/],
      ["an expiry in the hash key", { ttlAttribute: "id" }, "ttlAttribute", /is the hash key/],
      [
        "one attribute with two types",
        { globalIndexes: [{ name: "one", hashKey: { name: "id", type: "N" } }] },
        "globalIndexes[0].hashKey.type",
        /"id" is "S"/,
      ],
      ["a short index name", { globalIndexes: [{ name: "x", hashKey }] }, "globalIndexes[0].name", /3 to 255/],
      [
        "two indexes with one name",
        {
          globalIndexes: [
            { name: "same", hashKey },
            { name: "same", hashKey },
          ],
        },
        "globalIndexes[1].name",
        /taken/,
      ],
      [
        "21 global indexes",
        { globalIndexes: Array.from({ length: 21 }, (_, index) => ({ name: `index${index}`, hashKey })) },
        "globalIndexes",
        /has 21; write an array of up to 20/,
      ],
      [
        "local indexes without a range key",
        { localIndexes: [{ name: "one", rangeKey: hashKey }] },
        "localIndexes",
        /`rangeKey`/,
      ],
      [
        "local indexes of an imported table",
        {
          rangeKey: hashKey,
          localIndexes: [{ name: "one", rangeKey: hashKey }],
          importTable: { inputFormat: "CSV", s3BucketSource: { bucket: "b" } },
        },
        "localIndexes",
        /cannot be created by an import/,
      ],
      [
        "a local index without a sort key",
        { rangeKey: hashKey, localIndexes: [{ name: "one" }] },
        "localIndexes[0].rangeKey",
        /is missing/,
      ],
      ["an unknown stream view", { stream: "ALL" as "KEYS_ONLY" }, "stream", /"NEW_AND_OLD_IMAGES"/],
      ["an unknown table class", { tableClass: "COLD" as "STANDARD" }, "tableClass", /"STANDARD"/],
      ["a read capacity alone", { readCapacity: { minimum: 1 } }, "writeCapacity", /both or none/],
      ["a write capacity alone", { writeCapacity: { minimum: 1 } }, "readCapacity", /both or none/],
      [
        "no capacity at all",
        { readCapacity: { minimum: 0 }, writeCapacity: { minimum: 1 } },
        "readCapacity.minimum",
        /from 1 to 40000 units/,
      ],
      [
        "a maximum under the minimum",
        { readCapacity: { minimum: 5, maximum: 4 }, writeCapacity: { minimum: 1 } },
        "readCapacity.maximum",
        /from 5/,
      ],
      [
        "a target without a maximum",
        { readCapacity: { minimum: 5, targetUtilization: 50 }, writeCapacity: { minimum: 1 } },
        "readCapacity.targetUtilization",
        /does nothing/,
      ],
      ["a duplicate region", { replicas: [{ region: "a" }, { region: "a" }] }, "replicas[1].region", /twice/],
      [
        "a replica without a key",
        { kmsKeyArn: "k", replicas: [{ region: "a" }] },
        "replicas[0].kmsKeyArn",
        /one in each/,
      ],
      [
        "a replica with a key when the table has none",
        { replicas: [{ region: "a", kmsKeyArn: "k" }] },
        "replicas[0].kmsKeyArn",
        /needs a key for the table too/,
      ],
      [
        "replicas with provisioned capacity, whose autoscaling would come too late",
        { replicas: [{ region: "a" }], readCapacity: { minimum: 1 }, writeCapacity: { minimum: 1, maximum: 2 } },
        "replicas",
        /on demand/,
      ],
      [
        "21 projected attributes",
        {
          globalIndexes: [{ name: "one", hashKey, projectedAttributes: Array.from({ length: 21 }, (_, i) => `a${i}`) }],
        },
        "globalIndexes[0].projectedAttributes",
        /has 21; write up to 20 names/,
      ],
      ["a narrow stream with replicas", { stream: "KEYS_ONLY", replicas: [{ region: "a" }] }, "stream", /NEW_AND_OLD/],
      [
        "a stream among tableArgs",
        { tableArgs: { streamViewType: "KEYS_ONLY" } },
        "tableArgs.streamViewType",
        /`stream`/,
      ],
      ["keys among tableArgs", { tableArgs: { hashKey: "x" } }, "tableArgs.hashKey", /write the component's `hashKey`/],
    ];
    for (const [what, args, path, reason] of cases) {
      it(what, async () => {
        const found = mistakes(() => new ItemsTable("items", args));
        expect(found.map(([place]) => place)).to.include(path);
        expect(found.find(([place]) => place === path)?.[1]).to.match(reason);
        expect(await resources()).to.deep.equal([]);
      });
    }

    it("a name that leaves no room for Pulumi's suffix", () => {
      const [[path, reason] = []] = mistakes(() => new ItemsTable("x".repeat(248)));
      expect(path).to.equal("name");
      expect(reason).to.match(/has 248 characters; write at most 247/);
    });

    it("several mistakes at once, with all of them in the message and the caller's line on top of the stack", () => {
      const create = () => new ItemsTable("items", { ttlAttribute: "id", rangeKey: { name: "id" } });
      try {
        create();
        expect.fail("nothing was thrown");
      } catch (error) {
        expect(error).to.be.instanceOf(Error);
        const { message, stack } = error as Error;
        expect(message).to.match(/^ItemsTable "items" has 2 mistakes:\n {2}- ttlAttribute: .*\n {2}- rangeKey\.name: /);
        expect(stack?.slice(stack.indexOf("\n    at "))).to.match(/^\n {4}at create .*itemsTable\.test\.ts/);
      }
    });
  });

  it("only reads the outputs of a table that another program created", async () => {
    const urn = "urn:pulumi:stack::project::graviton:index:ItemsTable::items";
    const items = new ItemsTable("items", {}, { urn });
    expect(items).to.have.property("tableName");
    expect(items).not.to.have.property("table");
    expect(await countOf(tableType)).to.equal(0);
  });
});
