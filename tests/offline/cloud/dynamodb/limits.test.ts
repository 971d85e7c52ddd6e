import type { GetItemOutput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { DYNAMODB_SUITE, testFact, testFacts } from "../../../helpers/facts";
import { callDynamo as call, refusalOf } from "../../../helpers/offline/dynamodb";
import { filtered, Key, put, serveItems, TableName } from "../../../helpers/offline/itemsTable";
import { closeServers, type Served } from "../../../helpers/offline/served";

const HELD = { service: "DynamoDB", source: DYNAMODB_SUITE };

/** A text in maps that are so many levels deep. */
const nested = (levels: number): object => (levels === 0 ? { S: "x" } : { M: { inner: nested(levels - 1) } });

const values = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, place) => [`:p${place}`, { N: String(place) }]));

/**
 * What AWS answers to input beyond a limit.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const BEYOND: Record<string, [operation: string, input: object, message: string][]> = {
  expressions: [
    [
      "Scan",
      filtered(`a = :v${" ".repeat(4091)}`),
      "Invalid FilterExpression: Expression size has exceeded the maximum allowed size; expression size: 4097",
    ],
    [
      "Scan",
      filtered(`a = :v OR a IN (${Object.keys(values(101)).join(",")})`, values(101)),
      "Invalid FilterExpression: The IN operator is provided with too many operands; number of operands: 101",
    ],
    [
      "Scan",
      filtered(Array(151).fill("a=:v").join(" OR ")),
      "Invalid FilterExpression: The expression contains too many operators; operator count: 301",
    ],
    [
      "UpdateItem",
      { TableName, Key, UpdateExpression: `SET a = ${"(".repeat(301)}b${")".repeat(301)}` },
      "Invalid UpdateExpression: The expression has redundant parentheses;",
    ],
  ],
  items: [
    ["PutItem", put({ S: "ü".repeat(205_000) }), "Item size has exceeded the maximum allowed size"],
    [
      "PutItem",
      { TableName, Item: { ...Key, id: { S: "ü".repeat(1025) } } },
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    ],
    [
      "GetItem",
      { TableName, Key: { ...Key, id: { S: "ü".repeat(1025) } } },
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    ],
    [
      "PutItem",
      put(nested(32)),
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
    ],
    [
      "Scan",
      filtered("a = :v", { ":v": nested(32) }),
      "ExpressionAttributeValues contains invalid value: Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit for key :v",
    ],
    ["PutItem", put({ N: "1".repeat(39) }), "Attempting to store more than 38 significant digits in a Number"],
    [
      "PutItem",
      { TableName, Item: { ...Key, rank: { S: "" } } },
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byRank, IndexKey: rank",
    ],
  ],
};

/** Numbers that an update would make: the one that is there, what is added, and what AWS says. */
const SUMS: [string, string, string | undefined][] = [
  ["1", `1${"0".repeat(37)}`, undefined],
  ["1", `1${"0".repeat(38)}`, "Attempting to store more than 38 significant digits in a Number"],
  ["1", `0.${"0".repeat(37)}1`, "Attempting to store more than 38 significant digits in a Number"],
  ["9e125", "9e125", "Number overflow. Attempting to store a number with magnitude larger than supported range"],
];

describe("DynamoDB's limits", () => {
  let server: Served;

  before(async () => {
    server = await serveItems();
  });
  after(closeServers);

  const beyond = Object.entries(BEYOND).flatMap(([topic, cases]) =>
    cases.map(([operation, input, message]) => ({
      fact: `hold for ${topic} in ${operation}: ${message}`,
      operation,
      input,
      message,
    })),
  );
  testFacts({ ...HELD, facts: beyond }, async ({ operation, input, message }) => {
    expect(await refusalOf(server, operation, input)).to.deep.equal(["ValidationException", message]);
  });

  testFact(HELD, "leave what is just within the limits alone", async () => {
    await call(server, "PutItem", put(nested(31)));
    await call(server, "Scan", filtered("a = :v", { ":v": nested(31) }));
    await call(server, "PutItem", put({ S: "ü".repeat(204_000) }));
    await call(server, "Scan", filtered(`a = :v${" ".repeat(4090)}`));
    await call(server, "Scan", filtered(`a = :v OR a IN (${Object.keys(values(100)).join(",")})`, values(100)));
    await call(server, "Scan", filtered(Array(150).fill("a=:v").join(" OR ")));
  });

  const sums = ["SET amount = amount + :n", "ADD amount :n"].flatMap((UpdateExpression) =>
    SUMS.map(([before, added, message]) => ({
      fact: `${message ? "forbid" : "allow"} to add ${added} to ${before} by ${UpdateExpression}`,
      UpdateExpression,
      before,
      added,
      message,
    })),
  );
  testFacts({ ...HELD, facts: sums }, async ({ UpdateExpression, before, added, message }) => {
    await call(server, "PutItem", { TableName, Item: { ...Key, amount: { N: before } } });
    const { Item } = await call<GetItemOutput>(server, "GetItem", { TableName, Key });
    const update = { TableName, Key, UpdateExpression, ExpressionAttributeValues: { ":n": { N: added } } };
    if (message) {
      expect(await refusalOf(server, "UpdateItem", update)).to.deep.equal(["ValidationException", message]);
      expect(await call(server, "GetItem", { TableName, Key })).to.have.deep.property("Item", Item);
    } else await call(server, "UpdateItem", update);
  });
});
