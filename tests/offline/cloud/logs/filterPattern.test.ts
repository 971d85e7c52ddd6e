import { expect } from "chai";
import { filterPattern } from "../../../../offline/cloud/logs/filterPattern";
import { DOCUMENTATION, type Fact, testFacts } from "../../../helpers/facts";

interface Row extends Fact {
  pattern: string;
  matches: string[];
  differ: string[];
}

const EVENT = JSON.stringify({
  level: "ERROR",
  took: 120,
  user: { name: "ann", tags: ["a", "b"] },
  none: null,
  ok: true,
});

const facts: Row[] = [
  { fact: "an empty pattern matches everything", pattern: "", matches: ["x", ""], differ: [] },
  { fact: "a term is looked for as it is written", pattern: "ERROR", matches: ["an ERROR"], differ: ["an error"] },
  { fact: "all terms must be there", pattern: "ERROR disk", matches: ["disk ERROR"], differ: ["ERROR"] },
  { fact: "one of several optional terms is enough", pattern: "?ERROR ?WARN", matches: ["a WARN"], differ: ["INFO"] },
  {
    fact: "a term after a minus sign must not be there",
    pattern: "ERROR -disk",
    matches: ["ERROR"],
    differ: ["disk ERROR"],
  },
  { fact: "quotes hold a term together", pattern: '"not found"', matches: ["is not found"], differ: ["found, not"] },
  { fact: "per cent signs enclose a regular expression", pattern: "%AUTH\\d+%", matches: ["AUTH12"], differ: ["AUTH"] },
  {
    fact: "a property is compared with a text",
    pattern: '{ $.level = "ERROR" }',
    matches: [EVENT],
    differ: ["ERROR", "{}"],
  },
  {
    fact: "a text may have wildcards",
    pattern: '{ $.user.name = "a*" }',
    matches: [EVENT],
    differ: ['{"user":{"name":"bo"}}'],
  },
  {
    fact: "a property is compared with a number",
    pattern: "{ $.took > 100 }",
    matches: [EVENT],
    differ: ['{"took":100}', '{"took":"120"}'],
  },
  {
    fact: "an element of an array has a number",
    pattern: '{ $.user.tags[1] = "b" }',
    matches: [EVENT],
    differ: ['{"user":{"tags":["b"]}}'],
  },
  {
    fact: "conditions are joined, and first by the ampersands",
    pattern: '{ $.took = 1 && $.ok IS TRUE || $.level = "ERROR" }',
    matches: [EVENT],
    differ: ['{"took":1}'],
  },
  {
    fact: "parentheses come before that",
    pattern: "{ ($.took = 1 || $.took = 120) && $.none IS NULL }",
    matches: [EVENT],
    differ: ['{"took":120}'],
  },
  {
    fact: "a property may have to be missing",
    pattern: "{ $.other NOT EXISTS }",
    matches: [EVENT],
    differ: ['{"other":1}'],
  },
  {
    fact: "another value differs, and a missing one does not",
    pattern: '{ $.level != "INFO" }',
    matches: [EVENT],
    differ: ['{"level":"INFO"}', "{}"],
  },
  {
    fact: "fields between spaces have names",
    pattern: "[ip, user, status = 4*]",
    matches: ["::1 ann 404"],
    differ: ["::1 ann 200", "::1 404"],
  },
  {
    fact: "three dots stand for any fields",
    pattern: "[ip, ..., bytes > 1000]",
    matches: ["::1 a b c 1001"],
    differ: ["::1 a b c 1000"],
  },
  {
    fact: "brackets and quotes hold a field together",
    pattern: '[ip, time, request = "GET *", status]',
    matches: ['::1 [1 May 2026] "GET /a" 200'],
    differ: ['::1 [1 May 2026] "PUT /a" 200'],
  },
];

describe("A filter pattern of log events", () => {
  testFacts({ service: "CloudWatch Logs", source: DOCUMENTATION, facts }, ({ pattern, matches, differ }) => {
    const test = filterPattern(pattern);
    expect([...matches, ...differ].filter(test)).to.deep.equal(matches);
  });

  for (const [pattern, problem] of [
    ['{ $.level = "ERROR"', 'the closing "}" is missing'],
    ["{ level = 1 }", 'the selector "level" does not begin with "$"'],
    ['{ $.took > "many" }', '> compares numbers, and "many" is not one'],
    ["{ $.took }", "a condition is a selector, an operator and a value"],
    ["{ ($.a = 1 }", 'a ")" is missing'],
    ["[ip, (other = 1)]", 'there is no field "other"'],
  ] as const) {
    it(`says what is wrong with ${pattern}`, () => {
      expect(() => filterPattern(pattern)).to.throw(problem);
    });
  }
});
