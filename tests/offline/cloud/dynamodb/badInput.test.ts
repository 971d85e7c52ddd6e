import { expect } from "chai";
import { send } from "../../../helpers/offline/api";
import { callsOf } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const TableName = "items";
const key = (id: string) => ({ id: { S: id } });
const put = (id: string, more: object = {}) => ({ TableName, Item: { ...key(id), ...more } });
const list = <Member>(length: number, member: (id: string) => Member): Member[] =>
  Array.from({ length }, (_, place) => member(`new ${place}`));
const batch = (...items: object[]) => ({
  RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) },
});
const transaction = (...TransactItems: object[]) => ({ TransactItems });
const insert = (id: string) => ({ Statement: `INSERT INTO items VALUE {'id': '${id}'}` });

const LONG = { N: "1".repeat(39) };
const LARGE = { S: "x".repeat(400 * 1024) };
const TOO_LONG = "ValidationException: Attempting to store more than 38 significant digits in a Number";
const TOO_LARGE = "ValidationException: Item size has exceeded the maximum allowed size";
const UNKNOWN = "UnknownOperationException: ";
const REPEATED = "ValidationException: Provided list of item keys contains duplicates";
const lengthOf = (most: number) => `Member must have length less than or equal to ${most}`;

/** Requests that would write if they were taken, and how the refusal begins or, where it repeats the input, ends. */
const REFUSED: Record<string, [operation: string, input: object, refusal: string][]> = {
  "operations that are none": [
    ["Nothing", put("new"), UNKNOWN],
    ["toString", put("new"), UNKNOWN],
    ["__proto__", put("new"), UNKNOWN],
  ],
  "numbers of more than 38 digits": [
    ["PutItem", put("new", { n: LONG }), TOO_LONG],
    ["PutItem", put("new", { n: { NS: ["1", LONG.N] } }), TOO_LONG],
    ["PutItem", put("new", { n: { M: { a: { L: [LONG] } } } }), TOO_LONG],
    ["UpdateItem", { TableName, Key: key("new"), AttributeUpdates: { n: { Value: LONG } } }, TOO_LONG],
    ["BatchWriteItem", batch(key("new"), { ...key("other"), n: LONG }), TOO_LONG],
    ["TransactWriteItems", transaction({ Put: put("new") }, { Put: put("other", { n: LONG }) }), TOO_LONG],
    ["ExecuteStatement", { Statement: "INSERT INTO items VALUE {'id': 'new', 'n': ?}", Parameters: [LONG] }, TOO_LONG],
    ["ExecuteStatement", { Statement: `INSERT INTO items VALUE {'id': 'new', 'n': ${LONG.N}}` }, TOO_LONG],
  ],
  "items of more than 400 KB": [
    ["PutItem", put("new", { large: LARGE }), TOO_LARGE],
    ["BatchWriteItem", batch(key("new"), { ...key("other"), large: LARGE }), TOO_LARGE],
    ["TransactWriteItems", transaction({ Put: put("new") }, { Put: put("other", { large: LARGE }) }), TOO_LARGE],
    [
      "ExecuteStatement",
      { Statement: "INSERT INTO items VALUE {'id': 'new', 'l': ?}", Parameters: [LARGE] },
      TOO_LARGE,
    ],
    [
      "UpdateItem",
      { TableName, Key: key("kept"), UpdateExpression: "SET duplicated = kept" },
      "ValidationException: Item size to update has exceeded the maximum allowed size",
    ],
  ],
  "too much at once": [
    ["TransactWriteItems", transaction(...list(101, (id) => ({ Put: put(id) }))), lengthOf(100)],
    ["ExecuteTransaction", { TransactStatements: list(101, insert) }, lengthOf(100)],
    [
      "BatchWriteItem",
      batch(...list(26, key)),
      "[Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
    ],
    ["BatchExecuteStatement", { Statements: list(26, insert) }, lengthOf(25)],
  ],
  "an item twice": [
    ["BatchWriteItem", batch(key("new"), key("new")), REPEATED],
    ["BatchGetItem", { RequestItems: { [TableName]: { Keys: [key("kept"), key("kept")] } } }, REPEATED],
  ],
  "a second statement": [
    [
      "ExecuteStatement",
      { Statement: `${insert("new").Statement}; DELETE FROM items WHERE id = 'kept'` },
      "ValidationException: Statement wasn't well formed, can't be processed: Unexpected token after expression",
    ],
  ],
};

describe("Bad input to DynamoDB", () => {
  let server: Served;
  let call: ReturnType<typeof callsOf>;

  before(async () => {
    server = await serveGraph(graphOf(temporaryFolder(), table(TableName)));
    call = callsOf(server, "DynamoDB_20120810");
    await call("PutItem", put("kept", { kept: { S: "x".repeat(300 * 1024) } }));
  });
  after(closeServers);

  const ids = async () => {
    const { Items } = await call<{ Items: { id: { S: string } }[] }>("Scan", { TableName });
    return Items.map(({ id }) => id.S);
  };

  for (const [what, cases] of Object.entries(REFUSED)) {
    it(`is refused as a whole if it has ${what}`, async () => {
      for (const [operation, input, refusal] of cases) {
        const answer = await call(operation, input).then(
          () => "none",
          ({ name, message }) => `${name}: ${message}`,
        );
        const found = answer.endsWith(refusal) ? refusal : answer.slice(0, refusal.length);
        expect([operation, found]).to.deep.equal([operation, refusal]);
        expect(await ids()).to.deep.equal(["kept"]);
      }
    });
  }

  it("is data, not a condition, in a parameter", async () => {
    const Parameters = [{ S: "' OR id = 'kept" }];
    await call("ExecuteStatement", { Statement: "DELETE FROM items WHERE id = ?", Parameters });
    expect(await ids()).to.deep.equal(["kept"]);
  });

  it("is refused in another format, and if it is not well formed", async () => {
    const levels = 20_000;
    for (const [type, body] of [
      ["application/x-amz-cbor-1.1", Buffer.from("bf695461626c654e616d65656974656d73ff", "hex").toString("latin1")],
      ["application/x-amz-json-1.0", `{"TableName":"items","Item":`],
      [
        "application/x-amz-json-1.0",
        `{"TableName":"items","Item":{"id":{"S":"new"},"a":${`{"M":{"a":`.repeat(levels)}{"S":""}${"}}".repeat(levels)}}}`,
      ],
    ] as const) {
      const headers = { "x-amz-target": "DynamoDB_20120810.PutItem", "content-type": type };
      const answer = await send(server.endpoint, await signed(server, { service: "dynamodb", headers, body }));
      expect([type, Math.floor((answer.status ?? 0) / 100)]).to.deep.equal([type, 4]);
      expect(answer.body).to.match(/UnsupportedMediaTypeException|SerializationException|ValidationException/);
      expect(await ids()).to.deep.equal(["kept"]);
    }
  });
});
