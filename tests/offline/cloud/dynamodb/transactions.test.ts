import {
  type DynamoDBServiceException,
  TransactGetItemsCommand,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { Database } from "../../../../offline/cloud/dynamodb/database";
import { OPERATIONS } from "../../../../offline/cloud/dynamodb/operations";
import { Tables } from "../../../../offline/cloud/dynamodb/tables";
import { at } from "../../../helpers/clock";
import { DYNAMODB_SUITE, testFact, testFacts } from "../../../helpers/facts";
import { callsOf, dynamoOf, scanAll } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const HELD = { service: "DynamoDB", source: DYNAMODB_SUITE };

const directory = temporaryFolder();
const TableName = "items";
const INDEXED = {
  attributes: [
    { name: "id", type: "S" },
    { name: "name", type: "S" },
  ],
  globalSecondaryIndexes: [{ name: "byName", hashKey: "name", projectionType: "ALL" }],
};
const EXISTING = { id: { S: "existing" }, count: { N: "1" }, text: { S: "x" } };

const put = (id: string, more = {}): TransactWriteItem => ({ Put: { TableName, Item: { id: { S: id } }, ...more } });
const ABSENT = { ConditionExpression: "attribute_not_exists(id)" };
const update = (id: string, UpdateExpression: string, more = {}): TransactWriteItem => ({
  Update: { TableName, Key: { id: { S: id } }, UpdateExpression, ...more },
});
const SETTING = {
  ConditionExpression: "attribute_exists(id)",
  ExpressionAttributeValues: { ":a": { S: "a" } },
};
const ADDING = { ExpressionAttributeNames: { "#text": "text" }, ExpressionAttributeValues: { ":one": { N: "1" } } };

/** Refused as a whole. */
const REFUSED: Record<string, { actions: unknown[]; code?: string; message: string | RegExp }> = {
  "no action": {
    actions: [],
    message:
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
  },
  "101 actions": {
    actions: Array.from({ length: 101 }, (_, index) => put(String(index))),
    message:
      /^1 validation error detected: Value '\[.+\]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100$/,
  },
  "an action that is empty": {
    actions: [put("1"), {}],
    message: "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request",
  },
  "two kinds of action in one": {
    actions: [{ ...put("1"), ...update("2", "SET a = id") }],
    message: "TransactItems can only contain one of Check, Put, Update or Delete",
  },
  "two actions on one item": {
    actions: [put("1"), update("1", "REMOVE a")],
    message: "Transaction request cannot include multiple operations on one item",
  },
  "a table that is missing, whatever the item": {
    actions: [{ Put: { TableName: "nowhere", Item: {} } }],
    code: "ResourceNotFoundException",
    message: "Requested resource not found",
  },
  "a name that no table can have": {
    actions: [put("1"), { Delete: { TableName: "bad!name", Key: { id: { S: "2" } } } }],
    message:
      "1 validation error detected: Value 'bad!name' at 'transactItems.2.member.delete.tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  },
  "an empty key of an item": {
    actions: [put("")],
    message:
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id",
  },
  "an empty key": {
    actions: [put("1"), { Delete: { TableName, Key: { id: { S: "" } } } }],
    message:
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id",
  },
  "an empty key of an index": {
    actions: [{ Put: { TableName, Item: { id: { S: "1" }, name: { S: "" } } } }],
    message:
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byName, IndexKey: name",
  },
  "an empty expression": {
    actions: [put("1", { ConditionExpression: "" })],
    message: "Invalid ConditionExpression: The expression can not be empty;",
  },
  "a value that no expression uses": {
    actions: [put("1"), put("2", { ...ABSENT, ExpressionAttributeValues: { ":v": { S: "x" } } })],
    message: "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
  },
  "more than 4 MB": {
    actions: Array.from({ length: 12 }, (_, index) => ({
      Put: { TableName, Item: { id: { S: String(index) }, text: { S: "x".repeat(350_000) } } },
    })),
    message: /4 MB/,
  },
};

const MISMATCH = "The provided key element does not match the schema";
const FAILED = { Code: "ConditionalCheckFailed", Message: "The conditional request failed" };
const NONE = { Code: "None" };
const check = (ConditionExpression: string, more = {}) => ({
  ConditionCheck: { TableName, Key: { id: { S: "existing" } }, ConditionExpression, ...more },
});

/** Cancelled, with a reason for each action. */
const CANCELLED: Record<string, { actions: unknown[]; reasons: object[] }> = {
  "conditions that fail": {
    actions: [put("new", ABSENT), put("existing", ABSENT), update("other", "SET a = :a", SETTING)],
    reasons: [NONE, FAILED, FAILED],
  },
  "a check that fails": { actions: [put("new"), check("attribute_not_exists(id)")], reasons: [NONE, FAILED] },
  "an item that a failed condition asks for": {
    actions: [put("existing", { ...ABSENT, ReturnValuesOnConditionCheckFailure: "ALL_OLD" })],
    reasons: [{ ...FAILED, Item: EXISTING }],
  },
  "an item that a failed check asks for": {
    actions: [check("attribute_exists(nothing)", { ReturnValuesOnConditionCheckFailure: "ALL_OLD" })],
    reasons: [{ ...FAILED, Item: EXISTING }],
  },
  "a key of another type in an item": {
    actions: [put("new"), { Put: { TableName, Item: { id: { N: "5" } } } }],
    reasons: [
      NONE,
      {
        Code: "ValidationError",
        Message: "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N",
      },
    ],
  },
  "a key of another type": {
    actions: [put("new"), { Delete: { TableName, Key: { id: { N: "5" } } } }],
    reasons: [NONE, { Code: "ValidationError", Message: MISMATCH }],
  },
  "an update of an attribute of the wrong type": {
    actions: [put("new"), update("existing", "ADD #text :one", ADDING)],
    reasons: [
      NONE,
      { Code: "ValidationError", Message: "An operand in the update expression has an incorrect data type" },
    ],
  },
};

describe("DynamoDB's transactions", () => {
  let server: Served;

  beforeEach(async () => {
    server = await serveGraph(graphOf(directory, table(TableName, INDEXED), table("other")));
    await write({ TransactItems: [{ Put: { TableName, Item: EXISTING } }] });
  });
  afterEach(closeServers);

  const write = (input: TransactWriteItemsCommandInput) => dynamoOf(server).send(new TransactWriteItemsCommand(input));
  const refusalOf = (actions: unknown[]): Promise<DynamoDBServiceException> =>
    write({ TransactItems: actions as TransactWriteItem[] }).then(
      () => expect.fail("was not refused"),
      (error) => error,
    );

  it("write all items, in several tables and their indexes", async () => {
    await write({
      TransactItems: [
        { Put: { TableName, Item: { id: { S: "1" }, name: { S: "one" } } } },
        { Put: { TableName: "other", Item: { id: { S: "2" } } } },
        update("existing", "SET #name = :a", { ...SETTING, ExpressionAttributeNames: { "#name": "name" } }),
        { ConditionCheck: { TableName: "other", Key: { id: { S: "1" } }, ...ABSENT } },
      ],
    });
    expect(await scanAll(server, "other")).to.deep.equal([{ id: "2" }]);
    expect(await scanAll(server, TableName, "byName")).to.deep.equal([
      { id: "1", name: "one" },
      { id: "existing", name: "a", count: 1, text: "x" },
    ]);
  });

  testFact(HELD, "take ARNs for the names of tables", async () => {
    const arn = `arn:aws:dynamodb:eu-west-1:123456789012:table/${TableName}`;
    await write({ TransactItems: [{ Put: { TableName: arn, Item: { id: { S: "1" } } } }] });
    const get = { Get: { TableName: arn, Key: { id: { S: "1" } } } };
    const { Responses } = await dynamoOf(server).send(new TransactGetItemsCommand({ TransactItems: [get] }));
    expect(Responses).to.deep.equal([{ Item: { id: { S: "1" } } }]);
  });

  testFacts(
    {
      ...HELD,
      facts: Object.entries(REFUSED).map(([what, { actions, code = "ValidationException", message }]) => ({
        fact: `refuse ${what}, and write nothing`,
        actions,
        code,
        message,
      })),
    },
    async ({ actions, code, message }) => {
      const error = await refusalOf(actions);
      expect(error.name).to.equal(code);
      if (typeof message === "string") expect(error.message).to.equal(message);
      else expect(error.message).to.match(message);
      expect(await scanAll(server, TableName)).to.have.length(1);
    },
  );

  // The SDK leaves null out.
  testFact(HELD, "refuse an action that is null", async () => {
    const call = callsOf(server, "DynamoDB_20120810");
    const error = await call("TransactWriteItems", { TransactItems: [put("1"), null] }).then(
      () => expect.fail("was not refused"),
      (reason: Error) => reason,
    );
    expect(error.message).to.equal(
      "1 validation error detected: Value null at 'transactItems.2.member' failed to satisfy constraint: Member must not be null",
    );
  });

  testFacts(
    {
      ...HELD,
      facts: Object.entries(CANCELLED).map(([what, { actions, reasons }]) => ({
        fact: `are cancelled for ${what}, and write nothing`,
        actions,
        reasons,
      })),
    },
    async ({ actions, reasons }) => {
      const error = (await refusalOf(actions)) as TransactionCanceledException;
      expect(error.name).to.equal("TransactionCanceledException");
      expect(error.CancellationReasons).to.deep.equal(reasons);
      const codes = error.CancellationReasons?.map(({ Code }) => Code).join(", ");
      expect(error.message).to.equal(
        `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      );
      expect(await scanAll(server, TableName)).to.deep.equal([{ id: "existing", count: 1, text: "x" }]);
    },
  );

  testFact(HELD, "are written once for a token, whatever the order of the attributes", async () => {
    const item = { id: { S: "1" }, a: { S: "a" } };
    const reversed = { a: { S: "a" }, id: { S: "1" } };
    const count = update("existing", "ADD #count :one", { ...ADDING, ExpressionAttributeNames: { "#count": "count" } });
    for (const Item of [item, reversed]) {
      await write({ ClientRequestToken: "token", TransactItems: [{ Put: { TableName, Item } }, count] });
    }
    expect((await scanAll(server, TableName))[1]).to.include({ id: "existing", count: 2 });
    const error = await write({ ClientRequestToken: "token", TransactItems: [put("2")] }).catch((reason) => reason);
    expect(error.name).to.equal("IdempotentParameterMismatchException");
  });

  testFact(HELD, "may use a token again after ten minutes, and after a transaction that was cancelled", async () => {
    const input = { region: "eu-west-1", account: "123456789012", operations: OPERATIONS, log: () => {} };
    const database = await Database.open(input);
    await new Tables(database).reconcile(graphOf(directory, table(TableName)));
    const call = (action: object) =>
      database.call("TransactWriteItems", { ClientRequestToken: "token", TransactItems: [action] });
    await call(put("1", { ConditionExpression: "attribute_exists(id)" })).catch(() => {});
    await call(put("2"));
    await at(Date.now() + 600_000, () => call(put("3")));
    const { Count } = await database.call<{ Count: number }>("Scan", { TableName });
    expect(Count).to.equal(2);
    await database.close();
  });

  testFact(HELD, "consume twice the capacity, and only read when they are repeated", async () => {
    const input: TransactWriteItemsCommandInput = {
      ClientRequestToken: "token",
      ReturnConsumedCapacity: "TOTAL",
      TransactItems: [put("1"), put("2"), { Put: { TableName: "other", Item: { id: { S: "3" } } } }],
    };
    expect((await write(input)).ConsumedCapacity).to.deep.equal([
      { TableName, CapacityUnits: 4, WriteCapacityUnits: 4 },
      { TableName: "other", CapacityUnits: 2, WriteCapacityUnits: 2 },
    ]);
    expect((await write(input)).ConsumedCapacity?.[0]).to.deep.equal({
      ...{ TableName, CapacityUnits: 4, ReadCapacityUnits: 4 },
    });
  });

  describe("that read", () => {
    const get = (id: string, more = {}) => ({ Get: { TableName, Key: { id: { S: id } }, ...more } });

    testFact(HELD, "return each item, or none, in the order of the request", async () => {
      const command = new TransactGetItemsCommand({
        TransactItems: [get("nothing"), get("existing", { ProjectionExpression: "id" })],
        ReturnConsumedCapacity: "TOTAL",
      });
      const { Responses, ConsumedCapacity } = await dynamoOf(server).send(command);
      expect(Responses).to.deep.equal([{}, { Item: { id: { S: "existing" } } }]);
      expect(ConsumedCapacity).to.deep.equal([{ TableName, CapacityUnits: 4, ReadCapacityUnits: 4 }]);
    });

    testFact(HELD, "are refused and cancelled as DynamoDB does it", async () => {
      const errorOf = (items: object[]): Promise<TransactionCanceledException> =>
        dynamoOf(server)
          .send(new TransactGetItemsCommand({ TransactItems: items as [] }))
          .then(
            () => expect.fail("was not refused"),
            (error) => error,
          );
      expect((await errorOf([get("1"), get("1")])).message).to.match(/multiple operations on one item$/);
      expect((await errorOf([{}])).message).to.equal(
        "1 validation error detected: Value null at 'transactItems.1.member.get' failed to satisfy constraint: Member must not be null",
      );
      const cancelled = await errorOf([get("1"), { Get: { TableName, Key: {} } }]);
      expect(cancelled.CancellationReasons).to.deep.equal([NONE, { Code: "ValidationError", Message: MISMATCH }]);
    });
  });
});
