import type { DescribeTableOutput, GetItemOutput } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { DYNAMODB_SUITE, testFact, testFacts } from "../../../helpers/facts";
import { send } from "../../../helpers/offline/api";
import { callDynamo as call, refusalOf } from "../../../helpers/offline/dynamodb";
import { filtered, Key, put, serveItems, TableName, V } from "../../../helpers/offline/itemsTable";
import { closeServers, type Served } from "../../../helpers/offline/served";
import { signed } from "../../../helpers/offline/signed";

const HELD = { service: "DynamoDB", source: DYNAMODB_SUITE };

const query = (more: object) => ({
  TableName,
  KeyConditionExpression: "id = :v",
  ExpressionAttributeValues: V,
  ...more,
});

const createTable = (more: object) => ({
  TableName: "another",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  BillingMode: "PAY_PER_REQUEST",
  ...more,
});

const constraint = (place: string, demand: string) =>
  `1 validation error detected: ${place} failed to satisfy constraint: ${demand}`;

const OPERAND = "Incorrect operand type for operator or function; operator or function";

/** What AWS answers to input that it does not accept, by topic. */
const INVALID: Record<string, [operation: string, input: object, message: string][]> = {
  "the shape of a request": [
    ["BatchGetItem", { RequestItems: {} }, "The requestItems parameter is required for BatchGetItem"],
    ["BatchWriteItem", { RequestItems: {} }, "The requestItems parameter is required for BatchWriteItem"],
    [
      "BatchGetItem",
      { RequestItems: { items: { Keys: Array.from({ length: 101 }, (_, at) => ({ ...Key, at: { N: `${at}` } })) } } },
      constraint("Value at 'RequestItems.items.member.Keys'", "Member must have length less than or equal to 100"),
    ],
    [
      "PutItem",
      { ...put({ S: "x" }), TableName: "" },
      constraint("Value '' at 'tableName'", "Member must have length greater than or equal to 1"),
    ],
    [
      "CreateTable",
      createTable({ TableName: "ab" }),
      constraint("Value 'ab' at 'tableName'", "Member must have length greater than or equal to 3"),
    ],
    [
      "CreateTable",
      createTable({ KeySchema: ["a", "b", "c"].map((AttributeName) => ({ AttributeName, KeyType: "HASH" })) }),
      constraint(
        "Value '[KeySchemaElement(attributeName=a, keyType=HASH), KeySchemaElement(attributeName=b, keyType=HASH), KeySchemaElement(attributeName=c, keyType=HASH)]' at 'keySchema'",
        "Member must have length less than or equal to 2",
      ),
    ],
    ["Query", query({ Limit: 0 }), constraint("Value at 'Limit'", "Member must have value greater than or equal to 1")],
    [
      "Scan",
      { TableName, Limit: 0 },
      constraint("Value '0' at 'limit'", "Member must have value greater than or equal to 1"),
    ],
    [
      "Scan",
      { TableName, Segment: 0 },
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    ],
    [
      "CreateTable",
      createTable({
        GlobalSecondaryIndexes: [
          {
            IndexName: "again",
            KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
            Projection: { ProjectionType: "INCLUDE" },
          },
        ],
      }),
      "One or more parameter values were invalid: ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
    ],
    ["DeleteItem", { TableName, Key, ReturnValues: "ALL_NEW" }, "ReturnValues can only be ALL_OLD or NONE"],
  ],
  "what to return": [
    [
      "Query",
      query({ Select: "SPECIFIC_ATTRIBUTES" }),
      "1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    ],
    [
      "Scan",
      { TableName, Select: "SPECIFIC_ATTRIBUTES" },
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    ],
    [
      "Scan",
      { TableName, Select: "COUNT", ProjectionExpression: "id" },
      "Cannot specify the ProjectionExpression when choosing to get only the Count",
    ],
    [
      "Scan",
      { TableName, Select: "ALL_ATTRIBUTES", AttributesToGet: ["id"] },
      "Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES",
    ],
    [
      "Scan",
      { TableName, Select: "ALL_PROJECTED_ATTRIBUTES" },
      "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    ],
  ],
  "the syntax of expressions": [
    [
      "GetItem",
      { TableName, Key, ProjectionExpression: "!!! no !!!" },
      'Invalid ProjectionExpression: Syntax error; token: "!", near: "!!"',
    ],
    [
      "UpdateItem",
      { TableName, Key, UpdateExpression: "CHANGE this value" },
      'Invalid UpdateExpression: Syntax error; token: "CHANGE", near: "CHANGE this"',
    ],
    [
      "UpdateItem",
      { TableName, Key, UpdateExpression: "SET = :v", ExpressionAttributeValues: V },
      'Invalid UpdateExpression: Syntax error; token: "=", near: "SET = :v"',
    ],
    ["Scan", filtered("((a = :v))"), "Invalid FilterExpression: The expression has redundant parentheses;"],
    ["Scan", filtered("contains (tags, :v"), 'Invalid FilterExpression: Syntax error; token: "<EOF>", near: ":v"'],
  ],
  // DynamoDB orders strings, numbers and binaries. Its own words, as applications report them.
  "values that have no order": [
    ...[{ BOOL: true }, { NULL: true }, { L: [] }, { M: {} }, { SS: ["a"] }, { NS: ["1"] }, { BS: ["YQ=="] }].flatMap(
      (value): [string, object, string][] => {
        const [type] = Object.keys(value);
        return ["<", "<=", ">", ">="].map((operator) => [
          "Scan",
          filtered(`b = :v AND a ${operator} :o`, { ":o": value }),
          `Invalid FilterExpression: ${OPERAND}: ${operator}, operand type: ${type}`,
        ]);
      },
    ),
    [
      "PutItem",
      { ...put({ S: "x" }), ConditionExpression: "NOT :o > a", ExpressionAttributeValues: { ":o": { BOOL: true } } },
      `Invalid ConditionExpression: ${OPERAND}: >, operand type: BOOL`,
    ],
    [
      "Query",
      query({ KeyConditionExpression: "id = :v AND b > :o", ExpressionAttributeValues: { ...V, ":o": { L: [] } } }),
      `Invalid KeyConditionExpression: ${OPERAND}: >, operand type: L`,
    ],
    [
      "Scan",
      filtered("b = :v AND a BETWEEN :l AND :l", { ":l": { M: {} } }),
      `Invalid FilterExpression: ${OPERAND}: BETWEEN, operand type: M`,
    ],
  ],
};

describe("DynamoDB's refusals", () => {
  let server: Served;

  before(async () => {
    server = await serveItems();
  });
  after(closeServers);

  const refusals = Object.entries(INVALID).flatMap(([topic, cases]) =>
    cases.map(([operation, input, message]) => ({
      fact: `say what is wrong with ${topic} in ${operation}: ${message}`,
      operation,
      input,
      message,
    })),
  );
  testFacts({ ...HELD, facts: refusals }, async ({ operation, input, message }) => {
    expect(await refusalOf(server, operation, input)).to.deep.equal(["ValidationException", message]);
  });

  testFact(HELD, "return the item that did not meet a condition, if asked to", async () => {
    const Item = { ...Key, value: { S: "old" } };
    await call(server, "PutItem", { TableName, Item });
    const condition = { ConditionExpression: "attribute_not_exists(id)" };
    const attempts: [string, object][] = [
      ["PutItem", { TableName, Item: Key, ...condition }],
      ["DeleteItem", { TableName, Key, ...condition }],
      ["UpdateItem", { TableName, Key, UpdateExpression: "REMOVE nothing", ...condition }],
      ["PutItem", { TableName, Item: Key, Expected: { id: { Exists: false } } }],
    ];
    for (const [operation, input] of attempts) {
      const fail = (more: object) => call(server, operation, { ...input, ...more }).catch((error) => error);
      const failure = await fail({ ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
      expect(failure).to.include({
        name: "ConditionalCheckFailedException",
        message: "The conditional request failed",
      });
      expect(failure.Item).to.deep.equal(Item);
      expect((await fail({})).Item).to.equal(undefined);
    }
  });

  it("are given for nulls wherever there should be something", async () => {
    const arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/items";
    const requests: [operation: string, input: object][] = [
      ["PutItem", { TableName, Item: { ...Key, value: null } }],
      ["PutItem", put({ L: [null] })],
      ["PutItem", put({ SS: [null] })],
      ["PutItem", { TableName: { toString: 1 }, Item: Key }],
      ["Scan", filtered("a = :v", { ":v": { M: { a: null } } })],
      ["BatchWriteItem", { RequestItems: { [TableName]: null } }],
      ["BatchWriteItem", { RequestItems: { [TableName]: [null] } }],
      ["UpdateTable", { TableName, GlobalSecondaryIndexUpdates: [null] }],
      ["TagResource", { ResourceArn: arn, Tags: [null] }],
      ["UpdateContinuousBackups", { TableName: [null] }],
    ];
    for (const [operation, input] of requests) {
      const headers = { "x-amz-target": `DynamoDB_20120810.${operation}` };
      const body = JSON.stringify(input);
      const answer = await send(server.endpoint, await signed(server, { service: "dynamodb", headers, body }));
      expect([body, answer.status]).to.deep.equal([body, 400]);
    }
  });

  testFact(HELD, "tell a table by its ARN", async () => {
    const { Table } = await call<DescribeTableOutput>(server, "DescribeTable", { TableName });
    await call(server, "PutItem", { TableName: Table?.TableArn, Item: { ...Key, value: { S: "by ARN" } } });
    const { Item } = await call<GetItemOutput>(server, "GetItem", { TableName, Key });
    expect(Item?.value).to.deep.equal({ S: "by ARN" });
  });
});
