import { expect } from "chai";
import { loadLinearParser, type Parser } from "../../../../offline/cloud/dynamodb/expressions/linearParser";

const CONDITIONS = [
  "a = :v",
  "NOT a = :v AND (b = :v OR c.d[1] = :v)",
  "(a) = :v",
  "((a) = :v)",
  "#n.a BETWEEN :v AND :v OR #n IN (:v, :v)",
  "(#n).a = :v AND (((a))) = :v",
  "size(#n) > :n AND begins_with(#n.#n, :v)",
  "attribute_exists(a",
  "(a = :v OR",
  "key = :v",
  "a = :unknown",
];

/** What a parser makes of a text, and how often it looks at names. */
function result(parser: Parser, text: string): { parsed: unknown; lookups: number } {
  let lookups = 0;
  const isReserved = (name: string) => {
    lookups++;
    return name === "key";
  };
  // `#n` stands for a reserved word, which must be checked as `#n` only.
  const context = { attrNames: { "#n": "key" }, attrVals: { ":v": { S: "x" }, ":n": { N: "1" } }, isReserved };
  try {
    return { parsed: parser.parse(text, { context: { ...context, compare: () => false } }), lookups };
  } catch (error) {
    return { parsed: (error as { location: object }).location, lookups };
  }
}

describe("A linear parser", () => {
  const name = "dynalite/db/conditionParser";

  it("understands what the parser without a cache understands", () => {
    // Modules are loaded as they are here: DynamoDB's corrections replace what a loaded parser does.
    const linear = loadLinearParser(name);
    delete require.cache[require.resolve(name)];
    const original = require(name) as Parser;
    delete require.cache[require.resolve(name)];
    for (const text of CONDITIONS) {
      expect([text, result(linear, text).parsed]).to.deep.equal([text, result(original, text).parsed]);
    }
  });

  it("looks once at each name, however deep it is", () => {
    const { lookups } = result(loadLinearParser(name), "(a = :v OR (b = :v AND (c = :v OR d = :v)))");
    expect(lookups).to.equal(4);
  });
});
