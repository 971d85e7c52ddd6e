import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { ItemsTable, type ItemsTableArgs, type WarmThroughputArgs } from "../../../components";
import { type Moto, pythonHas, startMoto } from "../../helpers/aws/moto";
import { inputsOf, mistakes, type Registered, startMocks } from "../../helpers/components/mocks";

type Inputs = Registered["inputs"];

/** The request that the provider makes of a table's inputs. */
function requestOf(inputs: Inputs) {
  const keyOf = ({ hashKey, rangeKey, keySchemas = [] }: Inputs): KeySchemaElement[] => [
    ...(hashKey ? [{ AttributeName: hashKey, KeyType: "HASH" as const }] : []),
    ...(rangeKey ? [{ AttributeName: rangeKey, KeyType: "RANGE" as const }] : []),
    ...keySchemas.map(({ attributeName, keyType }: Inputs) => ({ AttributeName: attributeName, KeyType: keyType })),
  ];
  const throughputOf = ({ readCapacity, writeCapacity, warmThroughput: warm }: Inputs) => ({
    ...(readCapacity && {
      ProvisionedThroughput: { ReadCapacityUnits: readCapacity, WriteCapacityUnits: writeCapacity },
    }),
    ...(warm && {
      WarmThroughput: { ReadUnitsPerSecond: warm.readUnitsPerSecond, WriteUnitsPerSecond: warm.writeUnitsPerSecond },
    }),
  });
  return {
    TableName: inputs.name,
    BillingMode: inputs.billingMode,
    KeySchema: keyOf(inputs),
    AttributeDefinitions: inputs.attributes.map(({ name, type }: Inputs) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    ...throughputOf(inputs),
    GlobalSecondaryIndexes: inputs.globalSecondaryIndexes?.map((index: Inputs) => ({
      IndexName: index.name,
      KeySchema: keyOf(index),
      Projection: { ProjectionType: index.projectionType },
      ...throughputOf(index),
    })),
  };
}

describe("what ItemsTable registers, before moto", function () {
  this.timeout(60_000);
  let moto: Moto;
  let client: DynamoDBClient;
  let count = 0;

  before(async function () {
    if (!pythonHas("moto.server")) return this.skip();
    moto = await startMoto();
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    client = new DynamoDBClient({ endpoint: moto.endpoint, region: "eu-west-1", credentials });
  });
  after(() => {
    client?.destroy();
    moto?.stop();
  });
  beforeEach(startMocks);

  async function create(args: ItemsTableArgs, change: (inputs: Inputs) => void = () => {}) {
    count += 1;
    new ItemsTable("items", { ...args, tableArgs: { name: `items-${count}` } });
    const inputs = structuredClone(await inputsOf("aws:dynamodb/table:Table"));
    change(inputs);
    return (await client.send(new CreateTableCommand(requestOf(inputs)))).TableDescription;
  }

  it("is accepted: an index with four attributes in each key, and its warm throughput", async () => {
    const named = (...names: string[]) => names.map((name) => ({ name }));
    const warmThroughput = { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4_000 };
    const index = { name: "one", hashKeys: named(..."abcd"), rangeKeys: named(..."efgh"), warmThroughput };
    const table = await create({ globalIndexes: [index], warmThroughput });
    const [created] = table?.GlobalSecondaryIndexes ?? [];
    const types = created?.KeySchema?.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`);
    expect(types).to.deep.equal([
      ...["a HASH", "b HASH", "c HASH", "d HASH"],
      ...["e RANGE", "f RANGE", "g RANGE", "h RANGE"],
    ]);
    expect(table?.WarmThroughput).to.include({ ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 });
  });

  const capacities: [what: string, args: ItemsTableArgs, least: Required<WarmThroughputArgs>][] = [
    ["on demand", {}, { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4_000 }],
    [
      "with provisioned capacity",
      { readCapacity: { minimum: 7 }, writeCapacity: { minimum: 5 } },
      { readUnitsPerSecond: 7, writeUnitsPerSecond: 5 },
    ],
  ];
  for (const [what, args, least] of capacities) {
    it(`has the least warm throughput that AWS takes for an index ${what}, and nothing less is taken`, async () => {
      const index = (warmThroughput: WarmThroughputArgs) => [
        { name: "one", hashKey: { name: "owner" }, warmThroughput },
      ];
      await create({ ...args, globalIndexes: index(least) });
      for (const unit of ["readUnitsPerSecond", "writeUnitsPerSecond"] as const) {
        const less = { ...least, [unit]: least[unit] - 1 };
        const globalIndexes = index(less);
        expect(
          mistakes(() => new ItemsTable("less", { ...args, globalIndexes })),
          unit,
        ).to.have.lengthOf(1);
        await startMocks();
        const refused = await create({ ...args, globalIndexes: index(least) }, ({ globalSecondaryIndexes: [one] }) => {
          one.warmThroughput = less;
        }).catch((error) => error);
        expect(refused?.name, unit).to.equal("ValidationException");
      }
    });
  }
});
