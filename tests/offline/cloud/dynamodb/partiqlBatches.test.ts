import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementCommandOutput,
  type BatchStatementRequest,
  ExecuteTransactionCommand,
  type ExecuteTransactionCommandInput,
  type ExecuteTransactionCommandOutput,
  type ParameterizedStatement,
  type TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { PARTIQL, testFact, testFacts } from "../../../helpers/facts";
import { dynamoOf, scanAll } from "../../../helpers/offline/dynamodb";
import { graphOf, table } from "../../../helpers/offline/graph";
import { Statements } from "../../../helpers/offline/partiql";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const SHAPE = {
  attributes: [
    { name: "id", type: "S" },
    { name: "name", type: "S" },
  ],
  globalSecondaryIndexes: [{ name: "byName", hashKey: "name", projectionType: "ALL" }],
};
const ITEM = { id: "a", name: "one", n: 1 };
const READ = "SELECT * FROM items WHERE id = 'a'";
const UPDATE = "UPDATE items SET n = n + 1 WHERE id = 'a'";
const INSERT = "INSERT INTO items VALUE {'id': 'b'}";
const FAILING = "UPDATE items SET n = 2 WHERE id = 'a' AND n = 9";
const KEY_NEEDED = "must specify the primary key in the where clause.";
const CANCELLED = "Transaction cancelled, please refer cancellation reasons for specific reasons";

/** What stands in a batch's answer for a statement. */
const BATCHED: Record<string, { Code: string; Message: string; TableName?: string }> = {
  "SLECT * FROM items": {
    Code: "ValidationError",
    Message: "Statement wasn't well formed, can't be processed: Expected data manipulation",
  },
  "SELECT * FROM nowhere WHERE id = 'a'": { Code: "ResourceNotFound", Message: "Requested resource not found" },
  "SELECT * FROM items WHERE name = 'one'": {
    Code: "ValidationError",
    Message: `Select statements within BatchExecuteStatement ${KEY_NEEDED}`,
    TableName: "items",
  },
  "SELECT * FROM items WHERE id = 'a' AND n = 1": {
    Code: "ValidationError",
    Message: `Select statements within BatchExecuteStatement ${KEY_NEEDED}`,
    TableName: "items",
  },
  "SELECT * FROM items.byName WHERE name = 'one'": {
    Code: "ValidationError",
    Message: `Select statements within BatchExecuteStatement ${KEY_NEEDED}`,
    TableName: "items",
  },
  "INSERT INTO items VALUE {'id': 'a'}": {
    Code: "DuplicateItem",
    Message: "Duplicate primary key exists in table",
    TableName: "items",
  },
  [FAILING]: { Code: "ConditionalCheckFailed", Message: "The conditional request failed", TableName: "items" },
  "DELETE FROM items WHERE id = 'a' RETURNING MODIFIED OLD *": {
    Code: "ValidationError",
    Message:
      "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements.",
  },
};

/** What a transaction is refused with as a whole. */
const REFUSED: [string[], string][] = [
  [[READ, UPDATE], "ExecuteTransaction API does not support both read and write operations in the same request."],
  [[UPDATE, "DELETE FROM items WHERE id = 'a'"], "Transaction request cannot include multiple operations on one item"],
  [[READ, "SELECT n FROM items WHERE 'a' = id"], "Transaction request cannot include multiple operations on one item"],
  ...refusedAlone({
    "SELECT * FROM items WHERE": "Statement wasn't well formed, can't be processed: Unexpected term",
    "SELECT * FROM items.byName WHERE name = 'one'": "Reads on indices are not supported within transactions.",
    "SELECT * FROM items WHERE id = 'a' AND n = 1": `Select statements within ExecuteTransaction ${KEY_NEEDED}`,
    "SELECT * FROM items WHERE attribute_exists(id)": `Select statements within ExecuteTransaction ${KEY_NEEDED}`,
    "EXISTS(SELECT * FROM items WHERE id = 'a')": "EXISTS() must contain a single item read with additional condition",
    "EXISTS(SELECT * FROM items.byName WHERE id = 'a' AND n = 1)":
      "Reads on indices are not supported within transactions.",
    "UPDATE items SET n = 2 WHERE id = 'a' RETURNING ALL NEW *":
      "RETURNING clause is not supported in ExecuteTransaction.",
    "UPDATE items.byName SET n = 2 WHERE id = 'a'": "This operation is not supported on an index",
    "UPDATE items SET n = n + [1] WHERE id = 'a'":
      "Incorrect operand type for operator or function; operator or function: +, operand type: L",
    "INSERT INTO items VALUE {'id': 'b', 'l': [<<'a', 'a'>>]}":
      "One or more parameter values were invalid: Input collection [a, a] contains duplicates.",
  }),
];

/** What cancels a transaction. */
const CANCELLING: [string[], object[]][] = [
  [
    ["INSERT INTO items VALUE {'id': 'a'}", INSERT],
    [{ Code: "DuplicateItem", Message: "Duplicate primary key exists in table" }, { Code: "None" }],
  ],
  [
    [INSERT, "EXISTS(SELECT * FROM items WHERE id = 'a' AND n IS MISSING)"],
    [{ Code: "None" }, { Code: "ConditionalCheckFailed", Message: "The conditional request failed" }],
  ],
  [
    [INSERT, "UPDATE items SET n = 1 WHERE id = 'nobody'"],
    [{ Code: "None" }, { Code: "ConditionalCheckFailed", Message: "The conditional request failed" }],
  ],
  [
    [INSERT, "DELETE FROM nowhere WHERE id = 'a'"],
    [{ Code: "None" }, { Code: "ResourceNotFound", Message: "Requested resource not found" }],
  ],
  [
    [INSERT, "UPDATE items SET n = 1 WHERE name = 'one'"],
    [{ Code: "None" }, { Code: "ValidationError", Message: "The provided key element does not match the schema" }],
  ],
  [
    ["SELECT * FROM items WHERE id = 1"],
    [{ Code: "ValidationError", Message: "The provided key element does not match the schema" }],
  ],
];

function refusedAlone(messages: Record<string, string>): [string[], string][] {
  return Object.entries(messages).map(([statement, message]) => [
    [statement],
    `Validation failed in TransactStatements[0]: ${message}`,
  ]);
}

describe("PartiQL statements together", () => {
  let server: Served;
  const batch = (...Statements: BatchStatementRequest[]): Promise<BatchExecuteStatementCommandOutput> =>
    dynamoOf(server).send(new BatchExecuteStatementCommand({ Statements }));
  const transact = (
    TransactStatements: (string | ParameterizedStatement)[],
    options: Partial<ExecuteTransactionCommandInput> = {},
  ): Promise<ExecuteTransactionCommandOutput> =>
    dynamoOf(server).send(
      new ExecuteTransactionCommand({
        TransactStatements: TransactStatements.map((one) => (typeof one === "string" ? { Statement: one } : one)),
        ...options,
      }),
    );

  before(async () => {
    server = await serveGraph(graphOf(directory, table("items", SHAPE)));
  });

  beforeEach(async () => {
    const client = dynamoOf(server);
    for (const { id } of await scanAll(server, "items")) {
      await client.send(new DeleteCommand({ TableName: "items", Key: { id } }));
    }
    await new Statements(server).put("items", ITEM);
  });

  after(closeServers);

  describe("in a batch", () => {
    testFacts(
      {
        ...PARTIQL,
        facts: Object.entries(BATCHED).map(([Statement, error]) => ({
          fact: `answers ${Statement} with ${error.Message}`,
          Statement,
          error,
        })),
      },
      async ({ Statement, error: { TableName, ...error } }) => {
        const { Responses } = await batch({ Statement });
        expect(Responses).to.deep.equal([{ Error: error, ...(TableName && { TableName }) }]);
      },
    );

    it("have an answer or an error each", async () => {
      const { Responses } = await batch({ Statement: "SLECT" }, { Statement: READ }, { Statement: "SELECT" });
      expect(Responses?.map(({ Item, Error: error }) => Item?.id?.S ?? error?.Code)).to.deep.equal([
        "ValidationError",
        "a",
        "ValidationError",
      ]);
    });

    it("write one by one, and answer with what RETURNING asks for", async () => {
      const { Responses } = await batch(
        { Statement: "INSERT INTO items VALUE {'id': ?}", Parameters: [{ S: "b" }] },
        { Statement: FAILING },
        { Statement: "UPDATE items SET n = 5 WHERE id = 'a' RETURNING MODIFIED NEW *" },
        { Statement: "UPDATE items REMOVE n WHERE id = 'a' RETURNING MODIFIED NEW *" },
      );
      expect(Responses?.map(({ Item, TableName }) => ({ Item, TableName }))).to.deep.equal([
        { Item: undefined, TableName: "items" },
        { Item: undefined, TableName: "items" },
        { Item: { n: { N: "5" } }, TableName: "items" },
        { Item: undefined, TableName: "items" },
      ]);
      expect(await scanAll(server, "items")).to.deep.equal([{ id: "a", name: "one" }, { id: "b" }]);
    });

    it("say what each table consumed", async () => {
      const request = { Statements: [{ Statement: INSERT }, { Statement: "UPDATE items SET n = 1 WHERE id = 'b'" }] };
      const command = new BatchExecuteStatementCommand({ ...request, ReturnConsumedCapacity: "TOTAL" });
      const { ConsumedCapacity } = await dynamoOf(server).send(command);
      expect(ConsumedCapacity).to.deep.equal([{ TableName: "items", CapacityUnits: 2 }]);
    });

    it("all read or all write, and are 1 to 25", async () => {
      const messages = await Promise.all([
        batch({ Statement: READ }, { Statement: INSERT }).catch(({ message }) => message),
        batch().catch(({ message }) => message),
        batch(...Array.from({ length: 26 }, () => ({ Statement: READ }))).catch(({ message }) => message),
      ]);
      expect(messages[0]).to.match(/^Statements of a batch either all read or all write/);
      expect(messages[1]).to.match(/at 'statements' failed to satisfy constraint: .*greater than or equal to 1$/);
      expect(messages[2]).to.match(/at 'statements' failed to satisfy constraint: .*less than or equal to 25$/);
      expect(await scanAll(server, "items")).to.deep.equal([ITEM]);
    });
  });

  describe("in a transaction", () => {
    it("read items as they are at one moment", async () => {
      const { Responses } = await transact([
        "SELECT name, n FROM items WHERE id IN ['a']",
        { Statement: "SELECT * FROM items WHERE id = ?", Parameters: [{ S: "nobody" }] },
      ]);
      expect(Responses).to.deep.equal([{ Item: { name: { S: "one" }, n: { N: "1" } } }, {}]);
    });

    it("write all of it", async () => {
      const { Responses } = await transact([
        INSERT,
        "EXISTS(SELECT * FROM items WHERE id = 'a' AND n = 1)",
        { Statement: "INSERT INTO items VALUE {'id': ?, 'tags': ?}", Parameters: [{ S: "c" }, { SS: ["x"] }] },
        "DELETE FROM items WHERE id = 'nobody' AND n = 1",
      ]);
      expect(Responses).to.deep.equal([]);
      expect(await scanAll(server, "items")).to.deep.equal([ITEM, { id: "b" }, { id: "c", tags: new Set(["x"]) }]);
    });

    testFacts(
      {
        ...PARTIQL,
        facts: REFUSED.map(([statements, message]) => ({
          fact: `write nothing, and refuse ${statements.join("; ")}: ${message}`,
          statements,
          message,
        })),
      },
      async ({ statements, message }) => {
        const error = await transact(statements).catch((reason) => reason);
        expect([error.name, error.message]).to.deep.equal(["ValidationException", message]);
        expect(await scanAll(server, "items")).to.deep.equal([ITEM]);
      },
    );

    testFacts(
      {
        ...PARTIQL,
        facts: CANCELLING.map(([statements, reasons]) => ({
          fact: `write nothing when they cancel ${statements.join("; ")}, and say why`,
          statements,
          reasons,
        })),
      },
      async ({ statements, reasons }) => {
        const error: TransactionCanceledException = await transact(statements).catch((reason) => reason);
        expect(error.CancellationReasons).to.deep.equal(reasons);
        const codes = reasons.map((reason) => (reason as { Code: string }).Code).join(", ");
        expect(error.message).to.equal(`${CANCELLED} [${codes}]`);
        expect(await scanAll(server, "items")).to.deep.equal([ITEM]);
      },
    );

    it("have the item that failed a condition in its reason on demand", async () => {
      const failing = { Statement: FAILING, ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };
      const error: TransactionCanceledException = await transact([failing]).catch((reason) => reason);
      expect(error.CancellationReasons?.[0]?.Item).to.deep.include({ id: { S: "a" }, n: { N: "1" } });
    });

    testFact(PARTIQL, "are not repeated for the same token", async () => {
      const options = { ClientRequestToken: "token", ReturnConsumedCapacity: "TOTAL" as const };
      const first = await transact([INSERT], options);
      const second = await transact([INSERT], options);
      expect(first.ConsumedCapacity?.[0]).to.include({ WriteCapacityUnits: 2 });
      expect(second.ConsumedCapacity?.[0]).to.include({ ReadCapacityUnits: 2 }).and.not.property("WriteCapacityUnits");
      expect(await scanAll(server, "items")).to.deep.equal([ITEM, { id: "b" }]);
      const other = await transact([UPDATE], options).catch((reason) => reason);
      expect(other.name).to.equal("IdempotentParameterMismatchException");
    });

    it("are 1 to 100", async () => {
      const statements = Array.from({ length: 101 }, (_, index) => `INSERT INTO items VALUE {'id': '${index}'}`);
      const message = await transact(statements).catch((error) => error.message);
      expect(message).to.match(/at 'transactStatements' failed to satisfy constraint: .*less than or equal to 100$/);
      await transact(statements.slice(0, 100));
      expect(await scanAll(server, "items")).to.have.length(101);
    });
  });
});
