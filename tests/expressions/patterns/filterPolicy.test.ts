import { expect } from "chai";
import {
  attributesAsEvent,
  type FilterPolicyScope,
  InvalidFilterPolicyError,
  type MessageAttribute,
  parseFilterPolicy,
} from "../../../expressions/patterns";
import { type Fact, recordedByLocalstack, testFacts } from "../../helpers/facts";

interface Refused extends Fact {
  policy: object;
  scope?: FilterPolicyScope;
  /** What AWS says after `Invalid parameter: `. */
  message: string;
}

interface Match extends Fact {
  policy: object;
  /** JSON bodies, or attributes as `[type, value]`. */
  matching: unknown[];
  others: unknown[];
}

const service = "SNS";
const source = recordedByLocalstack("2024-08");
const NUMBERS = ["a", "b", "c", "d", "e", "f"];
const many = (count: number) => Array.from({ length: count }, (_, index) => `value${index}`);
const key = (test: unknown) => ({ key: [test] });

const REFUSED: Refused[] = [
  ["an array in an array", key(["value"]), "Match value must be String, number, true, false, or null"],
  ["an unknown operator", key({ "wrong-operator": true }), "Unrecognized match type wrong-operator"],
  ["two operators in an object", key({ suffix: "a", prefix: "b" }), "Only one key allowed in match expression"],
  ["an empty array", { key: [] }, "Empty arrays are not allowed"],
  ["a suffix that is a number", key({ suffix: 100 }), "suffix match pattern must be a string"],
  ["a suffix that is null", key({ suffix: null }), "suffix match pattern must be a string"],
  ["a suffix that is an array", key({ suffix: [] }), "suffix match pattern must be a string"],
  ["an operator that is not in an array", { key: { suffix: "value" } }, '"suffix" must be an object or an array'],
  ["a CIDR block in an array", key({ cidr: ["bad-filter"] }), "prefix match pattern must be a string"],
  ["a CIDR block without a mask", key({ cidr: "bad-filter" }), "Malformed CIDR, one '/' required"],
  ["a CIDR block without an address", key({ cidr: "bad-filter/64" }), "Nonstandard IP address: bad-filter"],
  ["a comparison with a string", key({ numeric: ["=", "000"] }), "Value of equals must be numeric"],
  ["a comparison without a number", key({ numeric: [">="] }), "Value of >= must be numeric"],
  ["a range that begins above", key({ numeric: ["<", 100, ">", 10] }), "Too many elements in numeric expression"],
  ["a range that nothing is in", key({ numeric: [">", 3, "<", 1] }), "Bottom must be less than top"],
  [
    "a range of three bounds",
    key({ numeric: [">", 20, "<", 30, "<", 50] }),
    "Too many terms in numeric range expression",
  ],
  ["a range with an unknown operator", key({ numeric: [">", 20, "test"] }), "Bad numeric range operator: test"],
  ["exists with null", key({ exists: null }), "exists match pattern must be either true or false."],
  [
    "anything-but an unknown operator",
    key({ "anything-but": { "wrong-operator": null } }),
    "Unsupported anything-but pattern: wrong-operator",
  ],
  ["anything-but a suffix", key({ "anything-but": { suffix: "test" } }), "Unsupported anything-but pattern: suffix"],
  [
    "anything-but a prefix that is a boolean",
    key({ "anything-but": { prefix: false } }),
    "prefix/suffix match pattern must be a string",
  ],
  [
    "more than five keys",
    Object.fromEntries(NUMBERS.map((name) => [name, ["a"]])),
    "Filter policy can not have more than 5 keys",
  ],
  ["151 values of one key", { key: many(151) }, "Filter policy is too complex"],
  ["5100 combinations of two keys", { a: many(100), b: many(51) }, "Filter policy is too complex"],
].map(([fact, policy, reason]) => ({ fact: `refuses ${fact}`, policy, message: `FilterPolicy: ${reason}` }) as Refused);

const LIMITS: Refused[] = [
  {
    fact: "refuses nested fields of attributes",
    policy: { object: { key: ["a"] } },
    message: "Filter policy scope MessageAttributes does not support nested filter policy",
  },
  {
    fact: "counts each value for each level that it is nested in",
    scope: "MessageBody",
    policy: { a: { b: { c: ["1", "2", "3", "4"] } }, d: { e: ["1", "2", "3"] }, f: ["1", "2", "3"] },
    message: "FilterPolicy: Filter policy is too complex",
  },
  {
    fact: "adds up the combinations of each way through $or",
    policy: { s: many(4), $or: [{ a: many(6) }, { b: many(4), $or: [{ c: many(4) }, { d: many(4) }] }] },
    message: "FilterPolicy: Filter policy is too complex",
  },
];

const OR = {
  $or: [{ metricName: ["CPUUtilization"] }, { namespace: ["AWS/EC2"] }],
  detail: { scope: ["Service"], $or: [{ source: ["aws.cloudwatch"] }, { type: ["Change"] }] },
};

const BODIES: Match[] = [
  {
    fact: "a policy of the body matches nested fields, and fields that are absent",
    policy: { object: { key: [{ prefix: "auto-" }, "x"], nested: [{ exists: false }] }, test: [{ exists: false }] },
    matching: [{ object: { key: "auto-1" } }, { object: { key: "x" } }],
    others: [{ object: { key: "1-auto" } }, { object: { key: "x" }, test: 1 }, { object: { key: "x", nested: 1 } }, {}],
  },
  {
    fact: "a policy of the body matches no text, and no JSON but objects",
    policy: { test: [{ exists: false }] },
    matching: [{}],
    others: ["a text", "1", "[]", ""],
  },
  {
    fact: "a dotted name is a path, in the policy and in the body",
    policy: { "object.nested.test": ["a"] },
    matching: [
      { object: { nested: { test: "a" } } },
      { "object.nested.test": "a" },
      { object: { "nested.test": "a" } },
    ],
    others: [{ object: { nested: { test: "b" } } }],
  },
  {
    fact: "an array of the body matches by any of its elements",
    policy: { headers: { "route-to": ["queue1"] } },
    matching: [{ headers: { "route-to": ["queue2", "queue1"] } }],
    others: [{ headers: { "route-to": ["queue2"] } }],
  },
  {
    fact: "the objects of an array match one by one, in nested arrays too",
    policy: { Records: { s3: { key: [{ prefix: "auto-" }] }, eventName: [{ prefix: "ObjectCreated:" }] } },
    matching: [
      {
        Records: [
          { eventName: "ObjectCreated:Put", s3: [[{ key: "auto-1" }]] },
          { eventName: "x", s3: {} },
        ],
      },
    ],
    others: [
      { Records: [{ eventName: "ObjectRemoved:Delete", s3: { key: "auto-1" } }, { eventName: "ObjectCreated:Put" }] },
    ],
  },
  {
    fact: "$or matches one of its objects, at each level",
    policy: OR,
    matching: [
      { metricName: "CPUUtilization", detail: { scope: "Service", source: "aws.cloudwatch" } },
      { namespace: "AWS/EC2", detail: { scope: "Service", type: "Change" } },
    ],
    others: [
      { metricName: "CPUUtilization", detail: { scope: "Service" } },
      { metricName: "AWS/EC2", detail: { scope: "Service", type: "Change" } },
      { namespace: "AWS/EC2", detail: { type: "Change" } },
    ],
  },
];

const ATTRIBUTES: Match[] = [
  {
    fact: "a number in an attribute is compared as a number",
    policy: { attr1: [{ numeric: [">", 0, "<=", 100] }] },
    matching: [{ attr1: ["Number", "99"] }, { attr1: ["Number.int", "1e2"] }],
    others: [{ attr1: ["Number", "111"] }, { attr1: ["String", "99"] }, {}],
  },
  {
    fact: "null and anything-but need an attribute",
    policy: { attr1: [null, { "anything-but": "whatever" }] },
    matching: [{ attr1: ["String", "else"] }],
    others: [{}, { attr1: ["String", "whatever"] }],
  },
  {
    fact: "exists tells whether there is the attribute",
    policy: { store: [{ exists: false }] },
    matching: [{ def: ["Number", "99"] }, {}],
    others: [{ store: ["Number", "99"] }],
  },
  {
    fact: "an attribute that is an array matches by any of its elements",
    policy: { store: ["value1"] },
    matching: [{ store: ["String", "value1"] }, { store: ["String.Array", '["value1","value2"]'] }],
    others: [
      { store: ["String.Array", '["value2"]'] },
      { store: ["String.Array", "value1"] },
      { store: ["Binary", "value1"] },
    ],
  },
];

describe("SNS filter policies", () => {
  testFacts({ service, source, facts: REFUSED }, ({ policy, scope = "MessageAttributes", message }) => {
    const error = refusalOf(policy, scope);
    expect(error.message).to.equal(message);
    expect(error.explanations.join()).to.match(/(Write|Keep|Nothing) .*\.$/);
  });
  testFacts({ service, source, facts: LIMITS }, ({ policy, scope = "MessageAttributes", message }) => {
    expect(refusalOf(policy, scope).message).to.equal(message);
  });

  it("may have 150 combinations", () => {
    parseFilterPolicy({ key: many(150) }, "MessageAttributes");
    const policy = { s: many(3), $or: [{ a: many(6) }, { b: many(4), $or: [{ c: many(4) }, { d: many(7) }] }] };
    parseFilterPolicy(policy, "MessageAttributes");
  });

  testFacts({ service, source, facts: BODIES }, ({ policy, matching, others }) => {
    const parsed = parsePolicy(policy, "MessageBody");
    expect(matching.filter((body) => !parsed.matches(textOf(body)))).to.deep.equal([]);
    expect(others.filter((body) => parsed.matches(textOf(body)))).to.deep.equal([]);
  });

  testFacts({ service, source, facts: ATTRIBUTES }, ({ policy, matching, others }) => {
    const parsed = parsePolicy(policy, "MessageAttributes");
    expect(matching.filter((one) => !parsed.matches(eventOf(one)))).to.deep.equal([]);
    expect(others.filter((one) => parsed.matches(eventOf(one)))).to.deep.equal([]);
  });
});

function parsePolicy(policy: object, scope: FilterPolicyScope) {
  return parseFilterPolicy(JSON.stringify(policy), scope);
}

function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

function eventOf(attributes: unknown): string {
  const entries = Object.entries(attributes as Record<string, [string, string]>);
  const all = entries.map(([name, [DataType, StringValue]]): [string, MessageAttribute] => [
    name,
    { DataType, StringValue },
  ]);
  return attributesAsEvent(Object.fromEntries(all));
}

function refusalOf(policy: object, scope: FilterPolicyScope): InvalidFilterPolicyError {
  try {
    parseFilterPolicy(policy, scope);
  } catch (error) {
    if (error instanceof InvalidFilterPolicyError) return error;
    throw error;
  }
  return expect.fail("The policy is not refused");
}
