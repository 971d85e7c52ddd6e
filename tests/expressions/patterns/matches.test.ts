import { expect } from "chai";
import { BUS_EVENT, describeMistake, mistakesOf, parsePattern, readEvent } from "../../../expressions/patterns";
import { type Fact, recordedByLocalstack, testFacts } from "../../helpers/facts";

interface Match extends Fact {
  pattern: string | object;
  /** Those that match, as JSON or as what is written as JSON. */
  matching: (string | object)[];
  others: (string | object)[];
}

/** Values of the field `v`. */
const values = (...all: unknown[]) => all.map((v) => ({ v }));
const v = (...tests: unknown[]) => ({ v: tests });

const RECORDED: Match[] = [
  {
    fact: "matches a value that is one of several",
    pattern: v("a", "b"),
    matching: values("b"),
    others: values("c", "A", null),
  },
  {
    fact: "matches an array of which one element is one of several",
    pattern: v("a", "b"),
    matching: values(["c", "b"]),
    others: values(["c"], []),
  },
  {
    fact: "distinguishes null from the text null",
    pattern: v(null),
    matching: values(null),
    others: [...values("null", []), {}],
  },
  { fact: "distinguishes booleans", pattern: v(false), matching: values(false), others: values(true, "false", 0) },
  {
    fact: "distinguishes the case of names",
    pattern: { MY_KEY: ["a"] },
    matching: [{ MY_KEY: "a" }],
    others: [{ my_key: "a" }],
  },
  {
    fact: "compares numbers however they are spelled",
    pattern: '{"v":[300]}',
    matching: ['{"v":300.0}', '{"v":3e2}'],
    others: values("300"),
  },
  { fact: "keeps spaces and emojis of texts", pattern: v("A 🚀 "), matching: values("A 🚀 "), others: values("A 🚀") },
  { fact: "matches an empty text", pattern: v(""), matching: values(""), others: values(" ", null) },
  {
    fact: "needs all fields",
    pattern: { a: [1], b: { c: [2] } },
    matching: [{ a: 1, b: { c: 2 } }],
    others: [{ a: 1 }, { a: 1, b: { c: 3 } }],
  },
  {
    fact: "does not look into JSON in a text",
    pattern: { detail: { k: ["a"] } },
    matching: [{ detail: { k: "a" } }],
    others: [{ detail: '{"k":"a"}' }],
  },
  {
    fact: "takes a dotted name of the pattern for a path",
    pattern: { detail: { "a.b": ["x"] } },
    matching: [{ detail: { a: { b: "x" } } }],
    others: [{ detail: { a: "x" } }],
  },
  {
    fact: "takes a dotted name of the event for a path",
    pattern: { detail: { a: { b: ["x"] } } },
    matching: [{ detail: { "a.b": "x" } }],
    others: [{ detail: { "a.b": { b: "x" } } }],
  },
  {
    fact: "looks into the objects of an array",
    pattern: { a: { id: [{ exists: true }] } },
    matching: [{ a: [{ k: 1 }, { id: 2 }] }],
    others: [{ a: [{ k: 1 }] }],
  },
  {
    fact: "exists: true needs a value, not an object or an empty array",
    pattern: v({ exists: true }),
    matching: values("a", null, [1]),
    others: [...values({ a: 1 }, [], {}), {}],
  },
  {
    fact: "exists: false matches what has no value",
    pattern: v({ exists: false }),
    matching: [...values({ a: 1 }, []), {}],
    others: values("a", null),
  },
  {
    fact: "exists: false matches where the parent is another",
    pattern: { a: { b: { c: [{ exists: false }] } } },
    matching: [{ a: { x: 1 } }, { a: 1 }, {}],
    others: [{ a: { b: { c: 1 } } }],
  },
  {
    fact: "any of several operators may match",
    pattern: v({ numeric: [">", 100] }, { "anything-but": "101" }),
    matching: values("42", 101),
    others: values("101"),
  },
  {
    fact: "absence may be one of several",
    pattern: { d: { S: [{ "anything-but": ["roses"] }, { exists: false }] } },
    matching: [{ d: { S: "x" } }, { d: { N: "1" } }, {}],
    others: [{ d: { S: "roses" } }],
  },
  { fact: "a prefix may be empty", pattern: v({ prefix: "" }), matching: values("", "a"), others: values(1, null) },
  {
    fact: "a prefix matches the beginning of a text",
    pattern: v({ prefix: "2022-" }),
    matching: values("2022-07"),
    others: values("2021-07", "x2022-", 2022),
  },
  {
    fact: "a prefix in any case",
    pattern: v({ prefix: { "equals-ignore-case": "EventB" } }),
    matching: values("EvEnTbus"),
    others: values("Even"),
  },
  {
    fact: "a suffix matches the end of a text",
    pattern: v({ suffix: ".png" }),
    matching: values("a.png", ".png"),
    others: values("a.PNG", "a.png "),
  },
  {
    fact: "a suffix in any case",
    pattern: v({ suffix: { "equals-ignore-case": ".png" } }),
    matching: values("a.PnG"),
    others: values("a.jpg"),
  },
  {
    fact: "equals-ignore-case compares texts in any case",
    pattern: v({ "equals-ignore-case": "ab" }),
    matching: values("AB", ["x", "aB"]),
    others: values("abc", "a"),
  },
  {
    fact: "equals-ignore-case may be empty",
    pattern: v({ "equals-ignore-case": "" }),
    matching: values(""),
    others: values("a"),
  },
  {
    fact: "a comparison needs a number",
    pattern: v({ numeric: [">", 100] }),
    matching: ['{"v":101.0}'],
    others: values("300", null, 100),
  },
  {
    fact: "a range has both bounds",
    pattern: v({ numeric: [">", 0, "<=", 5] }),
    matching: values(5, 0.1),
    others: values(0, 5.1, -1),
  },
  {
    fact: "an equal number may be a fraction",
    pattern: v({ numeric: ["=", 301.8] }),
    matching: ['{"v":3.018e2}'],
    others: values(301.9),
  },
  {
    fact: "a CIDR block has its addresses",
    pattern: v({ cidr: "10.0.0.0/24" }),
    matching: values("10.0.0.255"),
    others: values("10.0.0.256", "10.0.1.0", 123, "x"),
  },
  {
    fact: "a CIDR block of IPv6 has its addresses in any form",
    pattern: v({ cidr: "2001:db8:1234:1a00::/64" }),
    matching: values("2001:0db8:1234:1a00:0000:0000:0000:0000", "2001:db8:1234:1a00::9"),
    others: values("2001:0db8:123f:1a01::"),
  },
  {
    fact: "a wildcard stands for any characters",
    pattern: v({ wildcard: "/Users/*/doc.txt" }),
    matching: values("/Users/a/b/doc.txt", "/Users//doc.txt"),
    others: values("/Users/a/notdoc.txt", "/Users/doc.txt", 1),
  },
  {
    fact: "a wildcard before a sequence that repeats",
    pattern: v({ wildcard: "/U/*/dir/dir/doc" }),
    matching: values("/U/a/dir/dir/dir/doc"),
    others: values("/U/a/dir/other/doc"),
  },
  {
    fact: "an empty wildcard matches an empty text only",
    pattern: v({ wildcard: "" }),
    matching: values(""),
    others: values("a"),
  },
  {
    fact: "anything-but a text matches other texts, numbers and null",
    pattern: v({ "anything-but": "a" }),
    matching: values("b", 1, null),
    others: [...values("a"), {}],
  },
  {
    fact: "anything-but several texts",
    pattern: v({ "anything-but": ["a", "b"] }),
    matching: values("c", null),
    others: [...values("b"), {}],
  },
  { fact: "anything-but zero", pattern: v({ "anything-but": 0 }), matching: values(789, "0"), others: values(0) },
  {
    fact: "anything-but several numbers",
    pattern: v({ "anything-but": [100, 200] }),
    matching: values(999),
    others: ['{"v":1e2}'],
  },
  {
    fact: "anything-but texts in any case",
    pattern: v({ "anything-but": { "equals-ignore-case": ["aa", "b"] } }),
    matching: values("c", null),
    others: [...values("AA", "B"), {}],
  },
  {
    fact: "anything-but prefixes",
    pattern: v({ "anything-but": { prefix: ["init", "test"] } }),
    matching: values("post-init", 12, null),
    others: [...values("init-x", "test"), {}],
  },
  {
    fact: "anything-but suffixes",
    pattern: v({ "anything-but": { suffix: [".txt", ".jpg"] } }),
    matching: values("a.txt.bak", null),
    others: [...values("a.jpg"), {}],
  },
  {
    fact: "anything-but wildcards",
    pattern: v({ "anything-but": { wildcard: ["*/init/*", "*/dir/*"] } }),
    matching: values("dir/post/dir", 123, null),
    others: [...values("dir/init/dir"), {}],
  },
  {
    fact: "anything-but an empty wildcard",
    pattern: v({ "anything-but": { wildcard: "" } }),
    matching: values("a"),
    others: values(""),
  },
  {
    fact: "$or matches if one of its objects does",
    pattern: { d: { $or: [{ a: [{ numeric: [">", 0] }] }, { b: [1] }] } },
    matching: [{ d: { a: 1 } }, { d: { a: 0, b: 1 } }],
    others: [{ d: { a: 0, b: 2 } }, { a: 1 }],
  },
];

const RULER: Match[] = [
  {
    fact: "several fields match within one element of an array",
    pattern: { a: { x: [1], y: [2] } },
    matching: [{ a: [{ x: 3 }, { x: 1, y: 2 }] }],
    others: [{ a: [{ x: 1 }, { y: 2 }] }, { a: [[{ x: 1 }], [{ y: 2 }]] }],
  },
  {
    fact: "values of an array itself match together",
    pattern: { a: { x: [1], y: [2] } },
    matching: [{ a: { x: [1, 5], y: [7, 2] } }],
    others: [{ a: { x: [5], y: [2] } }],
  },
  {
    fact: "absence is looked for within the element of the fields before it",
    pattern: { a: { x: [1], y: [{ exists: false }] } },
    matching: [{ a: [{ x: 1 }, { y: 2 }] }],
    others: [{ a: [{ x: 1, y: 2 }] }],
  },
  {
    fact: "fields before $or belong to each of its objects",
    pattern: { s: [1], $or: [{ a: [1] }, { b: [1] }] },
    matching: [{ s: 1, b: 1 }],
    others: [{ s: 2, b: 1 }, { s: 1 }],
  },
  {
    fact: "$or may contain $or",
    pattern: { $or: [{ a: [1] }, { b: [1], $or: [{ c: [1] }, { d: [1] }] }] },
    matching: [{ b: 1, d: 1 }],
    others: [{ b: 1 }, { d: 1 }],
  },
  {
    fact: "$or is a field if it is not written as the operator",
    pattern: { $or: ["a", "b"] },
    matching: [{ $or: "b" }],
    others: [{ a: 1 }],
  },
  {
    fact: "of several patterns of a field the last counts",
    pattern: '{"a":{"b":[1]},"a.b":[2],"a":{"c":[3]}}',
    matching: [{ a: { b: 2, c: 3 } }],
    others: [{ a: { b: 1, c: 3 } }],
  },
  {
    fact: "numbers that a double does not hold match as they are spelled",
    pattern: '{"v":[12345678901234567890]}',
    matching: ['{"v":12345678901234567890}'],
    others: ['{"v":12345678901234567891}', '{"v":12345678901234567890.0}'],
  },
  { fact: "zero has one sign", pattern: '{"v":[-0]}', matching: ['{"v":0}', '{"v":0e5}'], others: values(1) },
  {
    fact: "an address as a text matches in any form",
    pattern: v("2001:db8::1", "10.0.0.1"),
    matching: values("2001:0DB8:0:0:0:0:0:1", "::ffff:a00:1"),
    others: values("2001:db8::2", "10.0.1"),
  },
  {
    fact: "a colon does not make an address",
    pattern: v("12:30"),
    matching: values("12:30"),
    others: values("12:031"),
  },
  {
    fact: "characters may have several in the other case",
    pattern: v({ "equals-ignore-case": "straße" }),
    matching: values("STRASSE", "Straße"),
    others: values("strase"),
  },
  {
    fact: "an emoji equals itself in no case",
    pattern: v({ "equals-ignore-case": "🚀" }),
    matching: values("??"),
    others: values("🚀"),
  },
  {
    fact: "wildcards and backslashes can be escaped",
    pattern: v({ wildcard: "a\\*b\\\\*" }),
    matching: values("a*b\\", "a*b\\x"),
    others: values("axb\\"),
  },
  {
    fact: "a wildcard may span lines",
    pattern: v({ wildcard: "a*b*c" }),
    matching: values("a\nb\nc", "abbc"),
    others: values("ab", "acb"),
  },
];

describe("Event patterns", () => {
  const check = ({ pattern, matching, others }: Match) => {
    const parsed = parsePattern(pattern);
    expect(matching.filter((event) => !parsed.matches(textOf(event)))).to.deep.equal([]);
    expect(others.filter((event) => parsed.matches(textOf(event)))).to.deep.equal([]);
  };
  const service = "EventBridge patterns";
  testFacts({ service, source: recordedByLocalstack("2025-10"), facts: RECORDED }, check);
  testFacts({ service, source: "AWS's own matcher (event-ruler 2.0.1)", facts: RULER }, check);

  it("read an event once for several patterns, and match the last member of a name", () => {
    const event = readEvent('{"a": 1, "a": {"b": 2}}');
    expect(parsePattern({ a: { b: [2] } }).matches(event)).to.equal(true);
    expect(parsePattern({ a: [1] }).matches(event)).to.equal(false);
  });

  it("match nothing that is not a JSON object", () => {
    const pattern = parsePattern({ a: [{ exists: false }] });
    expect(["{}", "", "[]", "1", "nothing"].map((event) => pattern.matches(event))).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("match in large arrays without trying every combination", () => {
    const many = Array.from({ length: 300 }, (_, index) => index);
    const pattern = parsePattern({ a: [{ exists: true }], b: [{ exists: true }], c: [{ exists: true }], d: ["x"] });
    expect(pattern.matches({ a: many, b: many, c: many, d: "y" })).to.equal(false);
  });

  it("that no event on a bus can match are told apart", () => {
    const pattern = {
      source: ["aws.s3"],
      detailType: ["Object Created"],
      account: [123456789012],
      detail: ["x"],
      region: { name: ["eu-west-1"] },
      absent: [{ exists: false }],
    };
    expect(mistakesOf(pattern)).to.deep.equal([]);
    expect(mistakesOf(pattern, BUS_EVENT).map(describeMistake)).to.deep.equal([
      "detailType: No event matches this, since events have no field detailType. Write one of version, id, detail-type, source, account, time, region, resources, detail, replay-name.",
      "account: No event matches this, since it is always a string. Write the value in quotation marks.",
      'detail: No event matches this, since it is an object. Write {"detail": {"a field in it": [...]}}.',
      'region.name: No event matches this, since region is not an object. Write {"region": ["…"]}.',
    ]);
    expect(mistakesOf({ source: "aws.s3" }, BUS_EVENT)).to.have.length(1);
  });
});

function textOf(event: string | object): string {
  return typeof event === "string" ? event : JSON.stringify(event);
}
