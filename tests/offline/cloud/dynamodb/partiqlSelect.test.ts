import { expect } from "chai";
import { PARTIQL, testFact, testFacts } from "../../../helpers/facts";
import { graphOf, table } from "../../../helpers/offline/graph";
import { Statements } from "../../../helpers/offline/partiql";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const EVENTS = {
  hashKey: "pk",
  rangeKey: "sk",
  attributes: ["pk", "sk", "kind", "place"].map((name) => ({ name, type: "S" })),
  globalSecondaryIndexes: [
    { name: "by-kind", hashKey: "kind", projectionType: "INCLUDE", nonKeyAttributes: ["note"] },
    { name: "all", hashKey: "kind", projectionType: "ALL" },
    {
      name: "several",
      keySchemas: ["kind", "place"].map((attributeName) => ({ attributeName, keyType: "HASH" })),
      projectionType: "ALL",
    },
  ],
  localSecondaryIndexes: [{ name: "by-place", rangeKey: "place", projectionType: "KEYS_ONLY" }],
};
const ITEMS = [
  { pk: "o", sk: "1", n: 10, kind: "x", note: "first", secret: "s1", place: "c" },
  { pk: "o", sk: "2", n: 20, kind: "y", note: "second", secret: "s2", place: "b", m: { k: ["zero", { deep: "one" }] } },
  { pk: "o", sk: "3", n: 30, nothing: null, tags: new Set(["a", "b"]) },
  { pk: "p", sk: "1", flag: true, kind: "x" },
];
const INVALID = "ValidationException: ";
const OVERLAP = `${INVALID}Overlapping conditions with range keys are not supported in where clause`;
const KEY_TYPE = `${INVALID}Key attribute's data type should match its data type in table's schema: Key`;
const UNPROJECTED = `${INVALID}One or more parameter values were invalid:`;

/** The keys of the items that fulfil a condition, as `pk/sk`. */
const FOUND: Record<string, string[]> = {
  "pk = 'o'": ["o/1", "o/2", "o/3"],
  "'o' = pk AND sk = '2'": ["o/2"],
  "pk = 'o' AND sk > '1'": ["o/2", "o/3"],
  "pk = 'o' AND sk >= '2' AND sk < '3'": ["o/2"],
  "pk = 'o' AND sk BETWEEN '2' AND '9'": ["o/2", "o/3"],
  "pk = 'o' AND begins_with(sk, '3')": ["o/3"],
  "pk = 'o' AND sk IN ['3', '1']": ["o/1", "o/3"],
  "pk = 'o' AND sk <> '1'": ["o/2", "o/3"],
  "pk = 'o' AND NOT sk > '1'": ["o/1"],
  "pk = 'o' AND NOT sk IN ['1', '3']": ["o/2"],
  "pk = 'o' AND (sk < '2' OR sk > '2')": ["o/1", "o/3"],
  "pk = 'o' AND NOT sk = '1' OR pk = 'o' AND sk = '2'": ["o/2", "o/3"],
  "pk = 'o' OR pk = 'o' AND NOT sk = '1'": ["o/1", "o/2", "o/3"],
  "pk IN ['p', 'o'] AND sk = '1'": ["o/1", "p/1"],
  "pk = 'p' OR sk = '3'": ["o/3", "p/1"],
  "pk > 'o'": ["p/1"],
  "pk > 1": [],
  "sk = '1'": ["o/1", "p/1"],
  "n > 10 AND n != 20": ["o/3"],
  "n BETWEEN 10 AND 20 AND NOT (n = 10 OR n = 11)": ["o/2"],
  "n = 1E1": ["o/1"],
  "n IN (10, 30)": ["o/1", "o/3"],
  "flag = true": ["p/1"],
  "kind IS MISSING": ["o/3"],
  "kind IS NOT MISSING AND NOT kind = 'x'": ["o/2"],
  "nothing IS NULL": ["o/3"],
  "nothing IS NOT NULL": ["o/1", "o/2", "p/1"],
  "missing_attribute IS NULL": [],
  "contains(tags, 'a')": ["o/3"],
  "contains(note, 'eco')": ["o/2"],
  "attribute_type(n, 'N') AND size(note) = 5": ["o/1"],
  "attribute_exists(m.k[1].deep) AND m.k[0] = 'zero'": ["o/2"],
  "tags = <<'b', 'a'>>": ["o/3"],
  "NOT begins_with(kind, 'x') AND pk = 'o'": ["o/2", "o/3"],
  "NOT NOT n = 10": ["o/1"],
  "NOT (NOT (n = 10 OR n = 20) OR NOT (n <> 20 AND kind = 'x'))": ["o/1"],
  [`${"NOT ".repeat(200)}n = 10`]: ["o/1"],
  "sk < n": [],
  "note = 'no'' OR 1=1 --'": [],
};

/** What statements are refused with. */
const REFUSED: Record<string, string> = {
  "SELECT * FROM \"nowhere\" WHERE pk = 'x'": "ResourceNotFoundException: Requested resource not found",
  "SELECT * FROM events WHERE pk IN ['o', 'o']": OVERLAP,
  "SELECT * FROM events WHERE pk = 'o' OR pk = 'o'": OVERLAP,
  "SELECT * FROM events WHERE pk = 'o' AND n = 1 OR pk = 'o' AND sk = '2'": OVERLAP,
  "SELECT * FROM events WHERE pk = 'o' AND (sk > '0' OR sk < '5')": OVERLAP,
  "SELECT * FROM events WHERE pk = 1 OR pk = 'o'": `${KEY_TYPE} pk`,
  "SELECT * FROM events WHERE pk = 'o' AND sk IN ['1', 2]": `${KEY_TYPE} sk`,
  "SELECT * FROM events ORDER BY sk": `${INVALID}Must have WHERE clause in the statement when using ORDER BY clause.`,
  "SELECT * FROM events WHERE pk = 'o' ORDER BY n DESC": `${INVALID}Attribute n in ORDER BY clause must be part of the primary key`,
  "SELECT * FROM events WHERE pk > 'a' ORDER BY sk": `${INVALID}Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.`,
  "SELECT * FROM events WHERE pk IN ['o', 'p'] ORDER BY sk": `${INVALID}Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.`,
  "SELECT * FROM nowhere WHERE n < true": `${INVALID}Incorrect operand type for operator or function; operator or function: <, operand type: BOOL`,
  "SELECT * FROM events WHERE attribute_type(n, 1)": `${INVALID}Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N`,
  "SELECT * FROM events WHERE attribute_exists('n')": `${INVALID}Operator or function requires a document path; operator or function: attribute_exists`,
  "SELECT * FROM events WHERE attribute_exists()": `${INVALID}Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 0`,
  "SELECT * FROM events WHERE EXISTS(n)": `${INVALID}Unrecognized function: exists at 1:28:6`,
  "SELECT * FROM events WHERE n = 1e126": `${INVALID}Number overflow. Attempting to store a number with magnitude larger than supported range under root`,
  "SELECT * FROM events WHERE n = ?": `${INVALID}Number of parameters in request and statement don't match.`,
  "SELECT * FROM events.nowhere WHERE pk = 'o'": `${INVALID}The table does not have the specified index`,
  'SELECT secret, pk, n FROM events."by-kind"': `${UNPROJECTED} Global secondary index by-kind does not project [secret, n]`,
  "SELECT pk FROM events.\"by-kind\" WHERE kind = 'x' AND NOT secret = 's1'": `${UNPROJECTED} Secondary index by-kind does not project one or more filter attributes: [secret]`,
  "SELECT pk FROM events.\"by-place\" WHERE pk = 'o' AND secret IS MISSING": `${UNPROJECTED} Secondary index by-place does not project one or more filter attributes: [secret]`,
  [`SELECT * FROM events WHERE pk IN [${list(51)}]`]: `${INVALID}Too many decomposed read operations for a given query.`,
  [`SELECT * FROM events WHERE n IN [${list(101)}]`]: `${INVALID}The IN operator is provided with too many operands; number of operands: 101`,
};

/** The rows of statements. */
const ROWS: Record<string, object[]> = {
  "SELECT n FROM events WHERE (((n = 1 OR n = 10) AND n = 10 OR n = 2) AND n = 10 OR n = 3) AND pk = 'o'": [{ n: 10 }],
  "SELECT sk FROM events.several WHERE kind = 'x' AND place = 'c'": [{ sk: "1" }],
  "SELECT pk, m.k[1].deep, m.k[0] FROM events WHERE pk = 'o' AND sk = '2'": [{ pk: "o", deep: "one", "k[0]": "zero" }],
  "SELECT n, missing_attribute FROM events WHERE pk = 'o' AND sk = '1'": [{ n: 10 }],
  "SELECT sk FROM events WHERE pk = 'o' ORDER BY sk DESC": [{ sk: "3" }, { sk: "2" }, { sk: "1" }],
  "SELECT sk FROM events WHERE pk = 'o' ORDER BY pk": [{ sk: "3" }, { sk: "2" }, { sk: "1" }],
  "SELECT pk, sk FROM events WHERE pk IN ['o', 'p'] AND sk < '3' ORDER BY pk DESC, sk": [
    { pk: "p", sk: "1" },
    { pk: "o", sk: "1" },
    { pk: "o", sk: "2" },
  ],
  "SELECT sk FROM events WHERE pk = 'o' AND sk IN ['1', '3'] ORDER BY sk DESC": [{ sk: "3" }, { sk: "1" }],
  "SELECT * FROM events.\"by-kind\" WHERE kind = 'y'": [{ pk: "o", sk: "2", kind: "y", note: "second" }],
  "SELECT sk FROM events.\"by-kind\" WHERE secret = 's1'": [],
  "SELECT sk FROM events.\"by-kind\" WHERE (kind = 'x' AND secret = 's1') OR kind = 'y'": [{ sk: "2" }],
  "SELECT sk FROM events.\"by-kind\" WHERE pk = 'p'": [{ sk: "1" }],
  "SELECT secret FROM events.\"by-place\" WHERE pk = 'o' ORDER BY place": [{ secret: "s2" }, { secret: "s1" }],
  "SELECT * FROM events.\"by-place\" WHERE pk = 'o' AND place = 'c'": [{ pk: "o", sk: "1", place: "c" }],
};

function list(count: number): string {
  return Array.from({ length: count }, (_, index) => `'v${index}'`).join(",");
}

describe("A SELECT in PartiQL", () => {
  let statements: Statements;

  before(async () => {
    statements = new Statements(await serveGraph(graphOf(directory, table("events", EVENTS))));
    await statements.put("events", ...ITEMS);
  });

  after(closeServers);

  testFacts(
    {
      ...PARTIQL,
      facts: Object.entries(FOUND).map(([condition, expected]) => ({
        fact: `finds ${expected.join(", ") || "nothing"} where ${condition.slice(0, 80)}`,
        condition,
        expected,
      })),
    },
    async ({ condition, expected }) => {
      const items = await statements.items(`SELECT pk, sk FROM events WHERE ${condition}`);
      expect(items.map(({ pk, sk }) => `${pk}/${sk}`).sort()).to.deep.equal(expected);
    },
  );

  const answers = Object.entries(ROWS).map(([statement, rows]) => ({ fact: `answers ${statement}`, statement, rows }));
  testFacts({ ...PARTIQL, facts: answers }, async ({ statement, rows }) => {
    expect(await statements.items(statement)).to.deep.equal(rows);
  });

  const refusals = Object.entries(REFUSED).map(([statement, message]) => ({
    fact: `refuses ${JSON.stringify(statement.slice(0, 100))}: ${message}`,
    statement,
    message,
  }));
  testFacts({ ...PARTIQL, facts: refusals }, async ({ statement, message }) => {
    expect(await statements.refusal(statement)).to.equal(message);
  });

  it("refuses more parameters than it has places for", async () => {
    expect(await statements.refusal("SELECT * FROM events WHERE pk = ?", "o", "p")).to.equal(
      `${INVALID}Number of parameters in request and statement don't match.`,
    );
  });

  it("takes a parameter as data, whatever it says", async () => {
    const injection = "' OR pk = 'o' --";
    expect(await statements.items("SELECT * FROM events WHERE pk = ?", injection)).to.deep.equal([]);
    expect(await statements.items("SELECT sk FROM events WHERE pk = ? AND n IN [?, ?]", "o", 10, 30)).to.deep.equal([
      { sk: "1" },
      { sk: "3" },
    ]);
    const refusal = await statements.refusal("SELECT * FROM events WHERE n < ?", [1]);
    expect(refusal).to.match(/operator or function: <, operand type: L$/);
  });

  it("is read in pages whose tokens belong to the statement and its parameters", async () => {
    const statement = "SELECT pk, sk FROM events WHERE pk IN ['o', ?] ORDER BY pk DESC, sk";
    const Parameters = ["p"];
    const pages: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const page = await statements.send(statement, { Parameters, Limit: 2, NextToken });
      pages.push(page.Items?.map(({ pk, sk }) => `${pk}/${sk}`));
      NextToken = page.NextToken;
      if (pages.length === 1) {
        const rest = await statements.send(statement, { Parameters, NextToken });
        expect([rest.Items?.length, rest.NextToken]).to.deep.equal([2, undefined]);
        const messages = [
          await statements.send(statement, { Parameters: ["q"], NextToken }).catch(({ message }) => message),
          await statements.send("SELECT * FROM events", { NextToken }).catch(({ message }) => message),
          await statements.send(statement, { Parameters, NextToken: "e30=" }).catch(({ message }) => message),
          await statements.send(statement, { Parameters, NextToken: "nonsense" }).catch(({ message }) => message),
        ];
        const mismatch = "NextToken does not match request";
        expect(messages).to.deep.equal([mismatch, mismatch, "Invalid NextToken", "Invalid NextToken"]);
      }
    } while (NextToken);
    expect(pages.flat()).to.deep.equal(["p/1", "o/1", "o/2", "o/3"]);
  });

  testFact(PARTIQL, "has a limit of the items that are read, not of those that are found", async () => {
    const page = await statements.send("SELECT * FROM events WHERE pk = 'o' AND n > 15", { Limit: 1 });
    expect(page.Items).to.deep.equal([]);
    expect(page.LastEvaluatedKey).to.deep.equal({ pk: "o", sk: "1" });
  });

  testFact(PARTIQL, "reads consistently except from a global index, and says what it consumed", async () => {
    const options = { ConsistentRead: true, ReturnConsumedCapacity: "TOTAL" as const };
    const local = await statements.send("SELECT * FROM events.\"by-place\" WHERE pk = 'o'", options);
    expect(local.ConsumedCapacity?.CapacityUnits).to.equal(1);
    const twice = await statements.send("SELECT * FROM events WHERE pk IN ['o', 'p']", options);
    expect(twice.ConsumedCapacity).to.deep.equal({ TableName: "events", CapacityUnits: 2 });
    const refusal = await statements.send('SELECT * FROM events."all"', options).catch(({ message }) => message);
    expect(refusal).to.equal("Strongly consistent read is not supported on Global Secondary Indexes");
  });
});
