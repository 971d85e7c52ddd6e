import { expect } from "chai";
import { MethodFailure, textOf } from "../../../../../expressions/velocity";
import { jsonOf, readJson } from "../../../../../offline/cloud/apigateway/templates/json";
import { findPath } from "../../../../../offline/cloud/apigateway/templates/jsonPath";

const DOCUMENT = readJson(
  '{"s": "a/b \\u0007 \\" \\u2028", "i": 1, "l": 12345678901, "b": 123456789012345678901234567890, "d": 1.50, "e": 1e5, "t": true,' +
    ' "n": null, "a": [1, "x/y", {"k": [2.0]}, null], "o": {"x y": {"z": [{"p": 1, "q": "u"}, {"p": 2, "q": "v"}, {"q": "w"}]}}}',
);

/** Made with json-path 2.4.0 and json-smart 2.3, which API Gateway's output looks like. */
const FOUND: Record<string, string> = {
  "$.s": '"a/b \\u0007 \\" \\u2028"',
  "$.i": "1",
  "$.l": "12345678901",
  "$.b": "123456789012345678901234567890",
  "$.d": "1.5",
  "$.e": "100000.0",
  "$.t": "true",
  "$.n": "null",
  "$.a": '[1,"x/y",{"k":[2.0]},null]',
  "$.a[2]": '{"k":[2.0]}',
  "$.a[-1]": "null",
  "$.a[0:2]": '[1,"x/y"]',
  "$.a[9]": "null",
  "$.nope.x": "null",
  "$.s.x": "null",
  "$.o[0]": "null",
  "$.o['x y'].z[0]": '{"p":1,"q":"u"}',
  "$.o['x y'].z[*].p": "[1,2]",
  "$..p": "[1,2]",
  "$..nope": "[]",
  "$..z[0]": '[{"p":1,"q":"u"}]',
  "$.o['x y'].z[?(@.p)]": '[{"p":1,"q":"u"},{"p":2,"q":"v"}]',
  "$.o['x y'].z[?(!@.p)].q": '["w"]',
  "$.o['x y'].z[?(@.p > 1)].q": '["v"]',
  "$.o['x y'].z[?(@.q == 'u')]": '[{"p":1,"q":"u"}]',
  "$.o['x y'].z[?(@.p==2 && @.q=='v')].p": "[2]",
  "$.o['x y'].z[?(@.q in ['u','w'])].q": '["u","w"]',
  "$.o['x y'].z[?(@.q =~ /[uv]/)].q": '["u","v"]',
  "$.o['x y'].z[?(@.p != 1)].q": '["v","w"]',
  "$.o['x y'].z[?(@.p>5)]": "[]",
  "$.a[?(@ == 1)]": "[1]",
  "$.o['x y'].z[0,2]": '[{"p":1,"q":"u"},{"q":"w"}]',
  "$.o['x y'].z[0]['p','q']": '{"p":1,"q":"u"}',
  '$.o["x y"].z[1].p': "2",
  "$.a.length()": "4",
  "$.a[1:]": '["x/y",{"k":[2.0]},null]',
  "$.a[-2:]": '[{"k":[2.0]},null]',
  "$.a[*]": '[1,"x/y",{"k":[2.0]},null]',
  "$.a[0,9]": "[1]",
  "$['i']": "1",
  i: "1",
  "a[0]": "1",
  "@.i": "1",
};

const INVALID = ["", "$.[", "$. i", "$ .i", "$.a[::2]", "$.a[(@.length-1)]", "$.a[?(@.p", "$.a[?(@ =~ /(/)]", "$.a["];

/** Texts that are not quite JSON. */
const LENIENT: Record<string, string> = {
  "not json": '"not json"',
  "{a: 1}": '{"a":1}',
  "{'a': 'b'}": '{"a":"b"}',
  '{"a": 1,}': '{"a":1}',
  "[1,,2]": "[1,2]",
  '{"a": 01}': '{"a":1}',
  '{"a": tru}': '{"a":"tru"}',
  '{"a": 1}x': '{"a":1}',
  '{"a": 1, "a": 2}': '{"a":2}',
  "[1, 2": "null",
  "": "null",
};

describe("A JSONPath finds what Jayway's library finds:", () => {
  for (const [path, text] of Object.entries(FOUND)) {
    it(path, () => expect(jsonOf(findPath(DOCUMENT, path))).to.equal(text));
  }

  for (const path of INVALID) {
    it(`an error for ${JSON.stringify(path)}`, () => expect(() => findPath(DOCUMENT, path)).to.throw(MethodFailure));
  }

  for (const [text, value] of Object.entries(LENIENT)) {
    it(`in ${JSON.stringify(text)}`, () => expect(jsonOf(readJson(text))).to.equal(value));
  }

  it("in a list, which prints as JSON with slashes escaped", () => {
    expect(textOf(findPath(DOCUMENT, "$.a"))).to.equal('[1,"x\\/y",{"k":[2.0]},null]');
  });

  it("and gives up on documents that are nested too deep, and on too many elements", () => {
    expect(() => readJson("[".repeat(100_000))).to.throw(MethodFailure);
    expect(() => findPath(readJson(`[${"1,".repeat(1_100_000)}1]`), "$..*")).to.throw(RangeError);
  });
});
