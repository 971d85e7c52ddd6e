import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { callDynamo, refusalOf } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const TableName = "items";
const Key = { id: { S: "1" } };
const MAP = { M: { number: { N: "1" }, deep: { L: [{ NULL: true }, { NS: ["1", "2"] }] } } };
const SAME_MAP = { M: { deep: { L: [{ NULL: true }, { NS: ["2.0", "1e0"] }] }, number: { N: "1.0" } } };
const OTHER_MAP = { M: { ...MAP.M, number: { N: "2" } } };

const bytes = (...values: number[]) => Uint8Array.from(values);

const Item = {
  ...Key,
  map: MAP,
  list: { L: [MAP, { S: "x" }, { S: "" }, { N: "1" }, { BOOL: false }, { NULL: true }, { L: [{ S: "other" }] }] },
  short: { L: [{ S: "x" }, MAP] },
  texts: { SS: ["a", "b"] },
  numbers: { NS: ["1", "2"] },
  binaries: { BS: [bytes(1), bytes(255)] },
  binary: { B: bytes(255, 1, 2) },
  empty: { S: "" },
  no: { BOOL: false },
  nothing: { NULL: true },
};

/** Whether expressions hold for the item, with the values of `:v` and `:w`. */
const EXPRESSIONS: { fact: string; holds: [text: string, v: object, holds: boolean, w?: object][] }[] = [
  {
    fact: "A map is equal to one with the same attributes, whatever their order, however deep",
    holds: [
      ["#map = :v", SAME_MAP, true],
      ["#map <> :v", SAME_MAP, false],
      ["#map = :v", OTHER_MAP, false],
      ["#map <> :v", OTHER_MAP, true],
      ["#short[1] = :v", SAME_MAP, true],
      ["#short[1] = #map AND #map <> :v", { M: {} }, true],
    ],
  },
  {
    fact: "A list is equal to one with the same members in the same order",
    holds: [
      ["short = :v", { L: [{ S: "x" }, SAME_MAP] }, true],
      ["short <> :v", { L: [{ S: "x" }, SAME_MAP] }, false],
      ["short = :v", { L: [SAME_MAP, { S: "x" }] }, false],
      ["short <> :v", { L: [{ S: "x" }] }, true],
    ],
  },
  {
    fact: "A set is equal to one with the same members, whatever their order",
    holds: [
      ["texts = :v", { SS: ["b", "a"] }, true],
      ["numbers = :v", { NS: ["2.0", "1.0"] }, true],
      ["binaries = :v", { BS: [bytes(255), bytes(1)] }, true],
      ["texts = :v", { SS: ["a", "c"] }, false],
      ["texts = :v", { L: [{ S: "a" }, { S: "b" }] }, false],
    ],
  },
  {
    fact: "IN compares values of any type",
    holds: [
      ["#map IN (:w, :v)", SAME_MAP, true, OTHER_MAP],
      ["short IN (:v)", { L: [{ S: "x" }, SAME_MAP] }, true],
      ["numbers IN (:v)", { NS: ["2", "1"] }, true],
      ["nothing IN (:v)", { NULL: true }, true],
      ["no IN (:v)", { BOOL: false }, true],
      ["empty IN (:v)", { S: "" }, true],
      ["#map IN (:v)", OTHER_MAP, false],
      ["absent IN (:v)", { NULL: true }, false],
    ],
  },
  {
    fact: "contains finds any value in a list, and a member of a set",
    holds: [
      ["contains(#list, :v)", SAME_MAP, true],
      ["contains(#list, :v)", { L: [{ S: "other" }] }, true],
      ["contains(#list, :v)", { N: "1.0" }, true],
      ["contains(#list, :v)", { S: "" }, true],
      ["contains(#list, :v)", { BOOL: false }, true],
      ["contains(#list, :v)", { NULL: true }, true],
      ["contains(#list, :v)", OTHER_MAP, false],
      ["contains(#list, :v)", { S: "1" }, false],
      ["contains(texts, :v)", { S: "a" }, true],
      ["contains(texts, :v)", { S: "c" }, false],
      ["contains(numbers, :v)", { N: "2.0" }, true],
      ["contains(binaries, :v)", { B: bytes(255) }, true],
      ["contains(binaries, :v)", { B: bytes(254) }, false],
      ["contains(#binary, :v)", { B: bytes(1, 2) }, true],
      ["contains(#binary, :v)", { B: bytes(254) }, false],
    ],
  },
  {
    fact: "size and attribute_type know empty and false values",
    holds: [
      ["size(#empty) = :v", { N: "0" }, true],
      ["size(#list) = :v", { N: "7" }, true],
      ["size(absent) = :v", { N: "0" }, false],
      ["attribute_type(#empty, :v)", { S: "S" }, true],
      ["attribute_type(#no, :v)", { S: "BOOL" }, true],
      ["attribute_type(#no, :v)", { S: "S" }, false],
    ],
  },
];

/** Whether the older conditions hold for the item. */
const CONDITIONS: { fact: string; holds: [expected: object, holds: boolean, operator?: string][] }[] = [
  {
    fact: "The older operators EQ and NE compare values of any type",
    holds: [
      [{ map: { ComparisonOperator: "EQ", AttributeValueList: [SAME_MAP] } }, true],
      [{ map: { Value: SAME_MAP } }, true],
      [{ map: { Value: OTHER_MAP } }, false],
      [{ map: { ComparisonOperator: "NE", AttributeValueList: [SAME_MAP] } }, false],
      [{ map: { ComparisonOperator: "NE", AttributeValueList: [OTHER_MAP] } }, true],
      [{ numbers: { ComparisonOperator: "EQ", AttributeValueList: [{ NS: ["2.0", "1"] }] } }, true],
      [{ short: { ComparisonOperator: "EQ", AttributeValueList: [{ L: [{ S: "x" }, SAME_MAP] }] } }, true],
    ],
  },
  {
    fact: "The older operators IN, CONTAINS and NOT_CONTAINS compare members as values",
    holds: [
      [{ empty: { ComparisonOperator: "IN", AttributeValueList: [{ S: "x" }, { S: "" }] } }, true],
      [{ list: { ComparisonOperator: "CONTAINS", AttributeValueList: [{ N: "1.0" }] } }, true],
      [{ list: { ComparisonOperator: "NOT_CONTAINS", AttributeValueList: [{ S: "" }] } }, false],
      [{ texts: { ComparisonOperator: "CONTAINS", AttributeValueList: [{ S: "b" }] } }, true],
      [{ texts: { ComparisonOperator: "NOT_CONTAINS", AttributeValueList: [{ S: "b" }] } }, false],
    ],
  },
  {
    fact: "A condition with Exists and a value holds only for that value",
    holds: [
      [{ texts: { Exists: true, Value: { SS: ["b", "a"] } } }, true],
      [{ texts: { Exists: true, Value: { SS: ["c"] } } }, false],
      [{ absent: { Exists: false } }, true],
    ],
  },
  {
    fact: "The conditional operator OR needs only one of the conditions, whichever it is",
    holds: [
      [{ absent: { Value: { S: "x" } }, empty: { Value: { S: "" } } }, true, "OR"],
      [{ absent: { Value: { S: "x" } }, empty: { Value: { S: "" } } }, false, "AND"],
      [{ absent: { Value: { S: "x" } }, empty: { Value: { S: "x" } } }, false, "OR"],
    ],
  },
];

describe("DynamoDB's comparisons", () => {
  let server: Served;
  before(async () => {
    server = await serveGraph(graphOf(directory, table(TableName)));
    await callDynamo(server, "PutItem", { TableName, Item });
  });
  after(closeServers);

  const isRefused = async (input: object) =>
    (await refusalOf(server, "PutItem", { TableName, Item, ...input }))?.[0] === "ConditionalCheckFailedException";
  const countOf = async (input: object) =>
    (await callDynamo<{ Count: number; Items: object[] }>(server, "Scan", { TableName, ...input })).Items.length;

  testFacts({ service: "DynamoDB", source: DOCUMENTATION, facts: EXPRESSIONS }, async ({ holds }) => {
    for (const [text, v, expected, w] of holds) {
      // Some of the attributes have names that expressions reserve.
      const expression = text.replace(/\b(?<![#:])(map|list|binary|empty|no|nothing|short)\b/g, "#$1");
      const names = [...new Set(expression.match(/#\w+/g))].map((name) => [name, name.slice(1)]);
      const attributes = {
        ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
        ExpressionAttributeValues: { ":v": v, ...(w && { ":w": w }) },
      };
      const message = `${text}, where :v is ${JSON.stringify(v)}`;
      expect(await isRefused({ ConditionExpression: expression, ...attributes }), message).to.equal(!expected);
      expect(await countOf({ FilterExpression: expression, ...attributes }), message).to.equal(expected ? 1 : 0);
    }
  });

  testFacts({ service: "DynamoDB", source: DOCUMENTATION, facts: CONDITIONS }, async ({ holds }) => {
    for (const [Expected, expected, ConditionalOperator] of holds) {
      const message = JSON.stringify(Expected);
      expect(await isRefused({ Expected, ConditionalOperator }), message).to.equal(!expected);
    }
  });

  it("are the same in statements", async () => {
    const count = async (condition: string, ...Parameters: object[]) => {
      const Statement = `SELECT id FROM items WHERE ${condition}`;
      const input = { Statement, ...(Parameters.length > 0 && { Parameters }) };
      return (await callDynamo<{ Items: object[] }>(server, "ExecuteStatement", input)).Items.length;
    };
    expect(await count('"map" = ?', SAME_MAP)).to.equal(1);
    expect(await count('"map" <> ?', SAME_MAP)).to.equal(0);
    expect(await count('"map" IN [?, ?]', OTHER_MAP, SAME_MAP)).to.equal(1);
    expect(await count('contains("list", ?)', SAME_MAP)).to.equal(1);
    expect(await count("numbers = <<2, 1.0>>")).to.equal(1);
  });

  it("select what a page returns", async () => {
    const page = (input: object) => callDynamo<object>(server, "Scan", { TableName, ...input });
    const filter = {
      FilterExpression: "#map = :v",
      ExpressionAttributeNames: { "#map": "map" },
      ExpressionAttributeValues: { ":v": SAME_MAP },
    };
    expect(await page({ ...filter, ProjectionExpression: "id, #map.deep[0]" })).to.deep.include({
      Count: 1,
      ScannedCount: 1,
      Items: [{ ...Key, map: { M: { deep: { L: [{ NULL: true }] } } } }],
    });
    expect(await page({ ...filter, Select: "COUNT" }))
      .to.include({ Count: 1, ScannedCount: 1 })
      .and.not.have.property("Items");
    const older = { texts: { ComparisonOperator: "EQ", AttributeValueList: [{ SS: ["b", "a"] }] } };
    expect(await page({ ScanFilter: older, AttributesToGet: ["id"] })).to.deep.include({ Count: 1, Items: [Key] });
  });
});
