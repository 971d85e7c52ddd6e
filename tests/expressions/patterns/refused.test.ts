import { expect } from "chai";
import { InvalidPatternError, parsePattern } from "../../../expressions/patterns";
import { type Fact, recordedByLocalstack, testFacts } from "../../helpers/facts";

interface Refused extends Fact {
  pattern: object;
  /** What AWS says after `Event pattern is not valid. Reason: `. */
  reason: string;
}

const inState = (test: unknown) => ({ detail: { state: [test] } });
const anythingBut = (value: unknown) => inState({ "anything-but": value });
const LIST = "Value of anything-but must be an array or single string/number value.";
const IGNORE_CASE = "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.";
const AFFIX = "prefix/suffix match pattern must be a string";
const WILDCARD = "wildcard match pattern must be a string";

describe("Event patterns that AWS refuses", () => {
  testFacts<Refused>(
    {
      service: "EventBridge patterns",
      source: recordedByLocalstack("2025-10"),
      facts: [
        ["a field without values", { resources: [] }, "Empty arrays are not allowed"],
        ["a number that is not in an array", { int: 42 }, '"int" must be an object or an array'],
        ["a string that is not in an array", { string: "a" }, '"string" must be an object or an array'],
        ["an operator in capitals", inState({ EXISTS: true }), "Unrecognized match type EXISTS"],
        ["another operator in capitals", inState({ NUMERIC: ["=", 5] }), "Unrecognized match type NUMERIC"],
        ["a prefix that is a number", inState({ prefix: 123 }), "prefix match pattern must be a string"],
        ["several prefixes in an array", inState({ prefix: ["a"] }), "prefix match pattern must be a string"],
        ["a suffix that is a number", inState({ suffix: 123 }), "suffix match pattern must be a string"],
        ["several suffixes in an array", inState({ suffix: [".png"] }), "suffix match pattern must be a string"],
        [
          "several texts for equals-ignore-case",
          inState({ "equals-ignore-case": ["a"] }),
          "equals-ignore-case match pattern must be a string",
        ],
        [
          "an operator in equals-ignore-case",
          inState({ "equals-ignore-case": { prefix: "a" } }),
          "equals-ignore-case match pattern must be a string",
        ],
        ["a wildcard that is a number", inState({ wildcard: 123 }), WILDCARD],
        ["several wildcards in an array", inState({ wildcard: ["a*"] }), WILDCARD],
        [
          "two asterisks in a row",
          inState({ wildcard: "arn:aws:events:us-east-1:**:event-bus/*" }),
          "Consecutive wildcard characters at pos 26",
        ],
        [
          "too many wildcards around the same character",
          inState({ wildcard: "*:*:*:*:*:event-bus/*" }),
          "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
        ],
        ["a comparison that is not in an array", inState({ numeric: 10 }), "Value of numeric must be an array."],
        ["a range with two lower bounds", inState({ numeric: [">", 0, ">", 0] }), "Bad numeric range operator: >"],
        ["a range that ends without its bound", inState({ numeric: [">", 0, "<"] }), "Value of < must be numeric"],
        ["a CIDR block without a mask", inState({ cidr: "bad-filter" }), "Malformed CIDR, one '/' required"],
        [
          "a CIDR block whose mask is not a number",
          inState({ cidr: "bad-/64filter" }),
          "Malformed CIDR, mask bits must be an integer",
        ],
        [
          "a CIDR block of what is not an IPv4 address",
          inState({ cidr: "xx.11.xx/8" }),
          "Nonstandard IP address: xx.11.xx",
        ],
        [
          "a CIDR block of what is not an IPv6 address",
          inState({ cidr: "xxxx:db8:1234:1a00::/64" }),
          "Nonstandard IP address: xxxx:db8:1234:1a00::",
        ],
        ["several CIDR blocks in an array", inState({ cidr: ["10.0.0.0/8"] }), "prefix match pattern must be a string"],
        ["anything-but null", anythingBut(null), LIST],
        [
          "anything-but a string or null",
          anythingBut(["stopped", null]),
          "Inside anything but list, start|null|boolean is not supported.",
        ],
        ["anything-but a number in any case", anythingBut({ "equals-ignore-case": 123 }), IGNORE_CASE],
        ["anything-but numbers in any case", anythingBut({ "equals-ignore-case": [123, 456] }), IGNORE_CASE],
        ["anything-but an empty prefix", anythingBut({ prefix: "" }), "Null prefix/suffix not allowed"],
        ["anything-but an empty suffix", anythingBut({ suffix: "" }), "Null prefix/suffix not allowed"],
        ["anything-but a prefix in any case", anythingBut({ prefix: { "equals-ignore-case": "file" } }), LIST],
        ["anything-but a suffix in any case", anythingBut({ suffix: { "equals-ignore-case": ".png" } }), LIST],
        ["anything-but a prefix that is a number", anythingBut({ prefix: 123 }), AFFIX],
        ["anything-but prefixes, one of them a number", anythingBut({ prefix: [123, "test"] }), AFFIX],
        ["anything-but a suffix that is a number", anythingBut({ suffix: 123 }), AFFIX],
        ["anything-but suffixes, one of them null", anythingBut({ suffix: [null, ".txt"] }), AFFIX],
        ["anything-but suffixes, one of them a number", anythingBut({ suffix: [123, ".txt"] }), AFFIX],
        ["anything-but wildcards, one of them a number", anythingBut({ wildcard: [123, "*/dir/*"] }), WILDCARD],
        ["anything-but a wildcard that is a number", anythingBut({ wildcard: 123 }), WILDCARD],
      ].map(([fact, pattern, reason]) => ({ fact: `refuses ${fact}`, pattern, reason }) as Refused),
    },
    ({ pattern, reason }) => {
      const error = refusalOf(pattern);
      expect(error.message).to.equal(`Event pattern is not valid. Reason: ${reason}`);
      expect(error.code).to.equal("InvalidEventPatternException");
      expect(error.mistakes).to.have.length(1);
      expect(error.mistakes[0]?.advice).to.match(/^(Write|Nothing) .*\.$/);
    },
  );

  testFacts<Refused>(
    {
      service: "EventBridge patterns",
      source: "AWS's own matcher (event-ruler 2.0.1)",
      facts: [
        ["what is not an object", [1], "Filter is not an object"],
        ["a pattern without fields", {}, "Empty objects are not allowed"],
        ["an array in an array", { a: [[1]] }, "Match value must be String, number, true, false, or null"],
        ["an object without an operator", { a: [{}] }, "Match expression name not found"],
        [
          "two operators in an object",
          { a: [{ prefix: "a", suffix: "b" }] },
          "Only one key allowed in match expression",
        ],
        ["exists with a string", { a: [{ exists: "no" }] }, "exists match pattern must be either true or false."],
        ["a comparison without an operator", { a: [{ numeric: [] }] }, "Invalid member in numeric match: ]"],
        ["an unknown comparison", { a: [{ numeric: ["~", 1] }] }, "Unrecognized numeric range operator: ~"],
        ["a comparison with a string", { a: [{ numeric: ["=", "1"] }] }, "Value of equals must be numeric"],
        [
          "a range that begins above",
          { a: [{ numeric: ["<", 9, ">", 1] }] },
          "Too many elements in numeric expression",
        ],
        [
          "a range without an operator in the middle",
          { a: [{ numeric: [">", 1, 9] }] },
          "Bad value in numeric range: 9",
        ],
        [
          "a range of three bounds",
          { a: [{ numeric: [">", 1, "<", 9, "<", 8] }] },
          "Too many terms in numeric range expression",
        ],
        ["a range that nothing is in", { a: [{ numeric: [">=", 5, "<", 5] }] }, "Bottom must be less than top"],
        [
          "anything-but nothing",
          { a: [{ "anything-but": [] }] },
          "Inside anything but list, either all values are number or string, mixed type is not supported",
        ],
        [
          "anything-but another operator",
          { a: [{ "anything-but": { cidr: "::/0" } }] },
          "Unsupported anything-but pattern: cidr",
        ],
        [
          "a prefix in another operator",
          { a: [{ prefix: { wildcard: "a" } }] },
          "Unsupported prefix pattern: wildcard",
        ],
        ["an escape of another character", { a: [{ wildcard: "é\\n" }] }, "Invalid escape character at pos 3"],
        ["a mask that is too long", { a: [{ cidr: "10.0.0.0/32" }] }, "IPv4 mask bits must be < 32"],
        ["a negative mask", { a: [{ cidr: "10.0.0.0/-1" }] }, "Malformed CIDR, mask bits must not be negative"],
        ["an address with too large a number", { a: [{ cidr: "300.0.0.0/8" }] }, "Invalid IP address: 300.0.0.0"],
        ["an $or of one object", { $or: [{ a: [1] }] }, "There must have at least 2 Objects in $or relationship."],
        ["an $or without an array", { $or: { a: [{ x: 1 }] } }, "It must be an Array followed with $or."],
        [
          "an operator as a field in $or",
          { $or: [{ prefix: [1] }, { a: [1] }], b: [{}] },
          "prefix is Ruler reserved fieldName which cannot be used inside $or.",
        ],
      ].map(([fact, pattern, reason]) => ({ fact: `refuses ${fact}`, pattern, reason }) as Refused),
    },
    ({ pattern, reason }) => {
      expect(refusalOf(pattern).message).to.equal(`Event pattern is not valid. Reason: ${reason}`);
    },
  );

  it("names all mistakes at once, with their places and what to write instead", () => {
    const { explanations } = refusalOf({
      source: "aws.s3",
      detail: { size: [1, { numeric: [">", 5, "<", 1] }], a: [] },
    });
    expect(explanations).to.deep.equal([
      'source: "source" must be an object or an array. Write the value in an array: {"source": ["aws.s3"]}.',
      'detail.size[1]: Bottom must be less than top. Nothing is between 5 and 1: Write one comparison, such as ["=", 5] or [">=", 0], or a range from below, such as [">", 0, "<=", 5].',
      'detail.a: Empty arrays are not allowed. Write at least one value, or [{"exists": true}].',
    ]);
  });

  it("refuses what is not JSON", () => {
    expect(refusalOf("{").message).to.match(/^Event pattern is not valid. Reason: It is not JSON: /);
  });

  it("refuses an $or with too many combinations", () => {
    const branches = Array.from({ length: 40 }, (_, index) => ({ [`f${index}`]: [1] }));
    const pattern = { a: { $or: branches }, b: { $or: branches } };
    expect(refusalOf(pattern).message).to.include("$or makes 1600 combinations, and at most 1000 are allowed");
  });
});

function refusalOf(pattern: string | object): InvalidPatternError {
  try {
    parsePattern(pattern);
  } catch (error) {
    if (error instanceof InvalidPatternError) return error;
    throw error;
  }
  return expect.fail("The pattern is not refused");
}
