import type { DescribeTableOutput, QueryOutput } from "@aws-sdk/client-dynamodb";
import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { callDynamo, dynamoOf, refusalOf, scanAll } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { Statements } from "../../../helpers/offline/partiql";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const TableName = "items";
const IndexName = "byPlace";
const KEY = { region: "HASH", city: "HASH", year: "RANGE", name: "RANGE" };

const keySchemas = Object.entries(KEY).map(([attributeName, keyType]) => ({ attributeName, keyType }));
const types = { id: "S", region: "S", city: "N", year: "N", name: "S" };
const attributes = Object.entries(types).map(([name, type]) => ({ name, type }));
const byPlace = { name: IndexName, keySchemas, projectionType: "ALL" };

interface Item {
  id: string;
  region: string;
  city: number;
  year: number;
  name: string;
}

const NAMES = ["a", "ab", "abc", "b"];
const YEARS = [-20, -3, 0, 1, 1.5, 10, 100];

/** All combinations, in an order that is not the index's. */
const ITEMS: Item[] = ["eu", "us"].flatMap((region) =>
  [1, 2].flatMap((city) =>
    NAMES.flatMap((name) => YEARS.map((year) => ({ id: `${region}${city}${name}${year}`, region, city, year, name }))),
  ),
);

/** Conditions on the sort key, and which items meet them. */
const CONDITIONS: [condition: string, values: object, meets: (item: Item) => boolean][] = [
  ["", {}, () => true],
  ["#year = :a", { ":a": 1 }, ({ year }) => year === 1],
  ["#year < :a", { ":a": 1 }, ({ year }) => year < 1],
  ["#year <= :a", { ":a": 1 }, ({ year }) => year <= 1],
  ["#year > :a", { ":a": -3 }, ({ year }) => year > -3],
  ["#year >= :a", { ":a": -3 }, ({ year }) => year >= -3],
  ["#year BETWEEN :a AND :b", { ":a": -3, ":b": 1.5 }, ({ year }) => year >= -3 && year <= 1.5],
  ["#year = :a AND #name = :b", { ":a": 10, ":b": "ab" }, ({ year, name }) => year === 10 && name === "ab"],
  ["#year = :a AND #name < :b", { ":a": 10, ":b": "ab" }, ({ year, name }) => year === 10 && name < "ab"],
  ["#year = :a AND #name <= :b", { ":a": 10, ":b": "ab" }, ({ year, name }) => year === 10 && name <= "ab"],
  ["#year = :a AND #name > :b", { ":a": 10, ":b": "ab" }, ({ year, name }) => year === 10 && name > "ab"],
  ["#year = :a AND #name >= :b", { ":a": 10, ":b": "ab" }, ({ year, name }) => year === 10 && name >= "ab"],
  [
    "#year = :a AND begins_with(#name, :b)",
    { ":a": 10, ":b": "ab" },
    ({ year, name }) => year === 10 && /^ab/.test(name),
  ],
];

const EQUAL = "#region = :region AND #city = :city";
const VALUES = { ":region": "eu", ":city": 2 };

function query(condition: string, values: object, more: object = {}) {
  const KeyConditionExpression = [EQUAL, condition].filter(Boolean).join(" AND ");
  const names = KeyConditionExpression.match(/#\w+/g) ?? [];
  return {
    TableName,
    IndexName,
    KeyConditionExpression,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
    ExpressionAttributeValues: { ...VALUES, ...values },
    ...more,
  };
}

const bySortKey = (one: Item, other: Item) => one.year - other.year || (one.name < other.name ? -1 : 1);

describe("DynamoDB's indexes with several attributes in their keys", () => {
  let server: Served;

  before(async () => {
    server = await serveGraph(graphOf(directory, table(TableName, { attributes, globalSecondaryIndexes: [byPlace] })));
    for (const Item of ITEMS) await dynamoOf(server).send(new PutCommand({ TableName, Item }));
  });
  after(closeServers);

  /** All pages of a query. */
  async function read(input: ReturnType<typeof query>): Promise<unknown[]> {
    const items: unknown[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await dynamoOf(server).send(new QueryCommand({ ...input, ExclusiveStartKey }));
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  }

  it("are described as they are", async () => {
    const { Table } = await callDynamo<DescribeTableOutput>(server, "DescribeTable", { TableName });
    expect(server.problems).to.deep.equal([]);
    expect(Table?.GlobalSecondaryIndexes?.[0]?.KeySchema).to.deep.equal(
      Object.entries(KEY).map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
    );
  });

  for (const [condition, values, meets] of CONDITIONS) {
    it(`find the items of a partition, in their order${condition && `, with ${condition}`}`, async () => {
      const expected = ITEMS.filter((item) => item.region === "eu" && item.city === 2 && meets(item)).sort(bySortKey);
      expect(expected).not.to.deep.equal([]);
      expect(await read(query(condition, values))).to.deep.equal(expected);
      expect(await read(query(condition, values, { Limit: 2 }))).to.deep.equal(expected);
      const backwards = { ScanIndexForward: false, Limit: 3 };
      expect(await read(query(condition, values, backwards))).to.deep.equal([...expected].reverse());
    });
  }

  it("answer statements in the order of their sort key", async () => {
    const statements = new Statements(server);
    const select = (order: string, where = "region = 'eu' AND city = 2") =>
      `SELECT * FROM ${TableName}.${IndexName} WHERE ${where} AND "year" >= 1 ORDER BY ${order}`;
    const expected = ITEMS.filter(({ region, city, year }) => region === "eu" && city === 2 && year >= 1);
    expected.sort(bySortKey);
    expect(await statements.items(select('"year"'))).to.deep.equal(expected);
    expect(await statements.items(select('"year" DESC, "name" DESC'))).to.deep.equal(expected.reverse());
    const refusals: [order: string, where: string | undefined, message: RegExp][] = [
      ['"name"', undefined, /ORDER BY must name the attributes of the sort key in their order and one direction$/],
      ['"year", "name" DESC', undefined, /in their order and one direction$/],
      ["id", undefined, /Attribute id in ORDER BY clause must be part of the primary key$/],
      ['"year"', "region = 'eu'", /Must have at least one non-optional hash key condition/],
    ];
    for (const [order, where, message] of refusals) {
      expect(await statements.refusal(select(order, where))).to.match(message);
    }
  });

  it("hold the items that have all attributes of the key", async () => {
    const Item = { id: "incomplete", region: "eu", city: 2, year: 1 };
    await dynamoOf(server).send(new PutCommand({ TableName, Item }));
    expect(await scanAll(server, TableName, IndexName)).to.have.lengthOf(ITEMS.length);
  });

  it("refuse queries that their keys cannot answer", async () => {
    const only = (KeyConditionExpression: string, values: object) => ({
      TableName,
      IndexName,
      KeyConditionExpression,
      ExpressionAttributeNames: Object.fromEntries(
        (KeyConditionExpression.match(/#\w+/g) ?? []).map((name) => [name, name.slice(1)]),
      ),
      ExpressionAttributeValues: values,
    });
    const [region, city, year, name] = [{ S: "eu" }, { N: "2" }, { N: "1" }, { S: "a" }];
    const cases: [object, RegExp][] = [
      [only("#region = :r", { ":r": region }), /^Query condition missed key schema element: city$/],
      [only("#region = :r AND #city > :c", { ":r": region, ":c": city }), /^Query key condition not supported$/],
      [
        only("#region = :r AND #city = :c AND #name = :n", { ":r": region, ":c": city, ":n": name }),
        /^Query condition missed key schema element: year$/,
      ],
      [
        only("#region = :r AND #city = :c AND #year > :y AND #name = :n", {
          ":r": region,
          ":c": city,
          ":y": year,
          ":n": name,
        }),
        /^Query key condition not supported$/,
      ],
      [
        only("#region = :r AND #city = :c", { ":r": region, ":c": name }),
        /Condition parameter type does not match schema type$/,
      ],
      [
        only("#region = :r AND #city = :c AND #id = :i", { ":r": region, ":c": city, ":i": name }),
        /^Query key condition not supported$/,
      ],
      [
        { ...only("#region = :r AND #city = :c", { ":r": region, ":c": city }), ConsistentRead: true },
        /^Consistent reads are not supported on global secondary indexes$/,
      ],
      [
        { ...only("#region = :r AND #city = :c", { ":r": region, ":c": city }), ExclusiveStartKey: { id: name } },
        /^The provided starting key is invalid$/,
      ],
    ];
    for (const [input, message] of cases) {
      const [code, text] = (await refusalOf(server, "Query", input)) ?? [];
      expect(code).to.equal("ValidationException");
      expect(text).to.match(message);
    }
  });

  it("are made by requests, too, and refused if their keys are not possible", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const keyOf = (...kinds: string[]) => kinds.map((KeyType, place) => ({ AttributeName: names[place], KeyType }));
    const create = (...kinds: string[]) => ({
      TableName: "made",
      AttributeDefinitions: ["id", ...names.slice(0, kinds.length)].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      GlobalSecondaryIndexes: [{ IndexName, KeySchema: keyOf(...kinds), Projection: { ProjectionType: "ALL" } }],
    });
    const invalid = "One or more parameter values were invalid:";
    expect(await refusalOf(server, "CreateTable", create("HASH", "RANGE", "HASH"))).to.deep.equal([
      "ValidationException",
      `${invalid} All HASH key attributes must precede RANGE key attributes in the KeySchema`,
    ]);
    expect(await refusalOf(server, "CreateTable", create("HASH", "HASH", "HASH", "HASH", "HASH"))).to.deep.equal([
      "ValidationException",
      `${invalid} The KeySchema exceeds the maximum allowed number of HASH key attributes`,
    ]);
    await callDynamo(server, "CreateTable", create("HASH", "HASH", "RANGE"));
    const Item = { id: { S: "1" }, a: { S: "A" }, b: { S: "B" }, c: { S: "C" } };
    await callDynamo(server, "PutItem", { TableName: "made", Item });
    const found = await callDynamo<QueryOutput>(server, "Query", {
      TableName: "made",
      IndexName,
      KeyConditions: Object.fromEntries(
        ["a", "b"].map((name) => [name, { ComparisonOperator: "EQ", AttributeValueList: [{ S: name.toUpperCase() }] }]),
      ),
    });
    expect(found.Items).to.deep.equal([Item]);
  });
});
