import { expect } from "chai";
import { parse } from "../../../../offline/cloud/dynamodb/partiql/parser";
import { PARTIQL, testFacts } from "../../../helpers/facts";

/** A parse without the places in the statement. */
function tree(statement: string): unknown {
  return JSON.parse(JSON.stringify(parse(statement), (name, value) => (name === "position" ? undefined : value)));
}

function refusal(statement: string): string {
  try {
    return `parsed: ${JSON.stringify(parse(statement))}`;
  } catch (error) {
    return (error as Error).message;
  }
}

const path = (...steps: (string | number)[]) => ({ type: "path", steps });
const text = (value: string) => ({ type: "string", text: value });
const number = (value: string) => ({ type: "number", text: value });
const operation = (operator: string, ...operands: object[]) => ({ type: "operation", operator, operands });
const call = (name: string, ...operands: object[]) => ({ type: "call", name, operands });
const parameter = (index: number) => ({ type: "parameter", index });

const CONDITIONS: Record<string, object> = {
  "a = 'x'": operation("=", path("a"), text("x")),
  "a != 'it''s'": operation("<>", path("a"), text("it's")),
  "1<=a": operation("<=", number("1"), path("a")),
  '"a ""b"""."c"[0][\'d\'] > .5e1': operation(">", path('a "b"', "c", 0, "d"), number(".5e1")),
  "a > - - 5": operation(">", path("a"), number("5")),
  "a=1 OR b=2 AND NOT c=3": operation(
    "OR",
    operation("=", path("a"), number("1")),
    operation("AND", operation("=", path("b"), number("2")), operation("NOT", operation("=", path("c"), number("3")))),
  ),
  "(a=1 OR b=2) AND c=3": operation(
    "AND",
    operation("OR", operation("=", path("a"), number("1")), operation("=", path("b"), number("2"))),
    operation("=", path("c"), number("3")),
  ),
  "a IN [?, 'x']": operation("IN", path("a"), parameter(0), text("x")),
  "a NOT IN (1)": operation("NOT", operation("IN", path("a"), number("1"))),
  "a BETWEEN ? AND -2 AND b=?": operation(
    "AND",
    operation("BETWEEN", path("a"), parameter(0), number("-2")),
    operation("=", path("b"), parameter(1)),
  ),
  "a IS MISSING OR b is not null": operation(
    "OR",
    operation("IS MISSING", path("a")),
    operation("NOT", operation("IS NULL", path("b"))),
  ),
  "NOT BEGINS_WITH(a, 'x')": operation("NOT", call("begins_with", path("a"), text("x"))),
  "size(a) > 3 -- at least\n /* four */": operation(">", call("size", path("a")), number("3")),
  "a = {'b': [true, null], 'c': <<1, 2>>}": operation("=", path("a"), {
    type: "map",
    entries: [
      ["b", { type: "list", elements: [{ type: "boolean", value: true }, { type: "null" }] }],
      ["c", { type: "bag", elements: [number("1"), number("2")] }],
    ],
  }),
  "a = ''' OR ''1''=''1'": operation("=", path("a"), text("' OR '1'='1")),
};

const STATEMENTS: Record<string, object> = {
  "select * from t": { type: "select", table: "t", order: [] },
  'SELECT a, b.c[1] FROM "T-1"."by c" ORDER BY a, b DESC;': {
    type: "select",
    table: "T-1",
    index: "by c",
    columns: [path("a"), path("b", "c", 1)],
    order: [
      { path: path("a"), descending: false },
      { path: path("b"), descending: true },
    ],
  },
  "INSERT INTO t VALUE {'a': ?}": {
    type: "insert",
    table: "t",
    item: { type: "map", entries: [["a", parameter(0)]] },
  },
  "UPDATE t SET a=a-1, b=list_append(b, [?]) REMOVE c SET d=set_add(d, ?) WHERE e=? RETURNING MODIFIED OLD *": {
    type: "update",
    table: "t",
    changes: [
      { type: "set", path: path("a"), value: operation("-", path("a"), number("1")) },
      {
        type: "set",
        path: path("b"),
        value: call("list_append", path("b"), { type: "list", elements: [parameter(0)] }),
      },
      { type: "remove", path: path("c") },
      { type: "set", path: path("d"), value: call("set_add", path("d"), parameter(1)) },
    ],
    where: operation("=", path("e"), parameter(2)),
    returning: "UPDATED_OLD",
  },
  "FROM t WHERE a=1 REMOVE b": {
    type: "update",
    table: "t",
    changes: [{ type: "remove", path: path("b") }],
    where: operation("=", path("a"), number("1")),
  },
  "DELETE FROM t WHERE a=1 RETURNING ALL OLD *": {
    type: "delete",
    table: "t",
    where: operation("=", path("a"), number("1")),
    returning: "ALL_OLD",
  },
  "EXISTS(SELECT * FROM t)": { type: "exists", select: { type: "select", table: "t", order: [] } },
};

const LEFT_OVER = "Unexpected token after expression";
const TERM = "Unexpected term";
const OPERATOR = "Unexpected operator";
const NO_TABLE = "Expected identifier for simple path";
const UNFINISHED = "Missing right-hand side expression of infix operator";

/** Why DynamoDB cannot parse a statement. */
const MALFORMED: Record<string, string> = {
  "SLECT * FROM t": "Expected data manipulation",
  "SELECT * FROM t WHERE a = 1 foo": LEFT_OVER,
  "SELECT * FROM t WHERE a = 1 e5": LEFT_OVER,
  "SELECT * FROM t WHERE a = 1)": LEFT_OVER,
  "SELECT * FROM t ORDER BY a WHERE a = 1": LEFT_OVER,
  "INSERT INTO t VALUE {'a': 1} foo": LEFT_OVER,
  "INSERT INTO t u VALUE {'a': 1}": LEFT_OVER,
  "UPDATE t SET a = 1 WHERE b = 1 foo": LEFT_OVER,
  "DELETE FROM t WHERE a = 1 ORDER BY a": LEFT_OVER,
  "FROM t SET a = 1 WHERE b = 1": LEFT_OVER,
  "SELECT * FROM t WHERE a = 1e2147483648": "",
  "SELECT * FROM t WHERE a = 1.5e-2147483647": "",
  "SELECT * FROM t WHERE a = 1 # note": "",
  "SELECT * FROM t WHERE a = 1 /* note": "",
  'SELECT * FROM "t': "",
  "SELECT * FROM t WHERE": TERM,
  "SELECT * FROM t WHERE;": TERM,
  "SELECT * FROM t WHERE NOT": TERM,
  "SELECT * FROM t WHERE (": TERM,
  "UPDATE t SET a = 1 WHERE": TERM,
  "SELECT * FROM": TERM,
  "SELECT * FROM t WHERE a = 1 AND": UNFINISHED,
  "SELECT * FROM t WHERE a = 1 OR": UNFINISHED,
  "SELECT * FROM t WHERE ORDER BY a": "Unexpected keyword",
  "SELECT * FROM t WHERE IS NULL": OPERATOR,
  "SELECT * FROM t WHERE a = LIKE": OPERATOR,
  "SELECT * FROM t WHERE a IS FOO": "Expected type name",
  "SELECT * FROM t WHERE attribute_exists(m.inner)": "Invalid path dot component",
  "DELETE FROM": NO_TABLE,
  "DELETE FROM;": NO_TABLE,
  "DELETE FROM WHERE a = 1": NO_TABLE,
};

/** What DynamoDB refuses about statements that it can parse. */
const REFUSED: Record<string, string> = {
  "SELECT * FROM t u WHERE a = 1": "Aliasing is not supported",
  "SELECT * FROM t AS u WHERE a = 1": "Aliasing is not supported",
  "UPDATE t u SET a = 1 WHERE b = 1": "Aliasing is not supported",
  "DELETE FROM t u WHERE a = 1": "Aliasing is not supported",
  'SELECT * FROM "" WHERE a = 1': "Path component cannot be an empty string",
  'SELECT * FROM t."" WHERE a = 1': "Path component cannot be an empty string",
  "SELECT * FROM t.i.j WHERE a = 1": "A path may contain at most 2 components in the FROM clause",
  "INSERT INTO t.i VALUE {'a': 1}": "FROM clause may only contain a single table name",
  "UPDATE t.i SET b = 1 WHERE a = 1": "This operation is not supported on an index",
  "DELETE FROM t.i WHERE a = 1": "This operation is not supported on an index",
  "SELECT l[-1] FROM t": "List index is not within the allowable range; index: [-1] at 1:11:1",
  "SELECT l[2147483648] FROM t": "List index is not within the allowable range; index: [2147483648] at 1:10:10",
  "SELECT\n attribute_exists(a) FROM t": "Unexpected path component at 2:2:16",
  "DELETE FROM t WHERE a = 1 RETURNING ALL NEW *":
    "Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements.",
  "DELETE FROM t WHERE a = 1 RETURNING MODIFIED OLD *":
    "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE statements.",
};

describe("PartiQL's syntax", () => {
  for (const [condition, expected] of Object.entries(CONDITIONS)) {
    it(`has the condition ${JSON.stringify(condition)}`, () => {
      expect(tree(`SELECT * FROM t WHERE ${condition}`)).to.have.deep.property("where", expected);
    });
  }

  for (const [statement, expected] of Object.entries(STATEMENTS)) {
    it(`has the statement ${statement}`, () => {
      expect(tree(statement)).to.deep.equal(expected);
    });
  }

  const prefix = "Statement wasn't well formed, can't be processed: ";
  const malformed = Object.entries(MALFORMED).map(([statement, reason]) => [statement, prefix + reason] as const);
  testFacts(
    {
      ...PARTIQL,
      facts: [...malformed, ...Object.entries(REFUSED)].map(([statement, message]) => ({
        fact: `refuses ${JSON.stringify(statement)}: ${message}`,
        statement,
        message,
      })),
    },
    ({ statement, message }) => {
      expect(refusal(statement)).to.equal(message);
    },
  );

  it("takes words that SQL reserves for names only in double quotes", () => {
    expect(refusal("SELECT * FROM t WHERE user = 'x'")).to.match(/Unexpected keyword$/);
    expect(tree(`SELECT * FROM t WHERE "user" = 'x'`)).to.have.deep.nested.property("where.operands[0]", path("user"));
  });

  it("needs a value after IN", () => {
    for (const choices of ["[]", "()", "1", ""]) {
      expect(refusal(`SELECT * FROM t WHERE a IN ${choices}`)).to.match(/Expected a list of values after IN$/);
    }
  });

  it("refuses what is nested too deeply", () => {
    for (const opening of ["(", "NOT ", "[", "{'a':", "size("]) {
      const statement = `SELECT * FROM t WHERE ${opening.repeat(8000 / opening.length)}`;
      expect([opening, refusal(statement)]).to.deep.equal([
        opening,
        "Statement wasn't well formed, can't be processed: The expression is nested too deeply",
      ]);
    }
  });
});
