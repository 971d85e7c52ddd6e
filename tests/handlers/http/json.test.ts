import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import * as fc from "fast-check";
import {
  type Json,
  type JsonObject,
  memberPointer,
  mergePatch,
  repeatedName,
  unstorable,
} from "../../../handlers/http/json";
import { type Dynamo, startDynamo } from "../../helpers/aws/dynamo";

const json = fc.jsonValue({ depthSize: "medium", noUnicodeString: false }) as fc.Arbitrary<Json>;

describe("unstorable", () => {
  let dynamo: Dynamo;
  before(async () => {
    dynamo = await startDynamo("documents");
  });
  after(() => dynamo.close());

  it("accepts only what DynamoDB returns unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        fc.pre(unstorable(value).length === 0);
        await dynamo.client.send(new PutCommand({ TableName: "documents", Item: { id: "it", value } }));
        const { Item: item } = await dynamo.client.send(new GetCommand({ TableName: "documents", Key: { id: "it" } }));
        expect(JSON.stringify(sorted(item?.value))).to.equal(JSON.stringify(sorted(value)));
      }),
    );
  });

  it("accepts ordinary values", () => {
    const value = {
      text: "ü😀\n",
      numbers: [0, -1.5, 1e-130, 9007199254740991],
      none: null,
      yes: true,
      empty: [{}, [], ""],
    };
    expect(unstorable(value)).to.deep.equal([]);
  });

  it("reports each place", () => {
    const mistakes = unstorable(JSON.parse('{"a":["\\u0000",{"b":1e300}],"c":{"__proto__":1},"d":1}'));
    expect(mistakes.map(({ pointer }) => pointer)).to.deep.equal(["#/a/0", "#/a/1/b", "#/c"]);
  });
});

describe("repeatedName", () => {
  it("finds a duplicate name in an object, however deep and however spelt", () => {
    expect(repeatedName('[{"a":{"b":1,"c":[{}],"b":2}}]')).to.equal("b");
    expect(repeatedName('{"a\\"":1 , "\\u0061\\u0022"\n:2}')).to.equal('a"');
    expect(repeatedName('{"__proto__":1,"__proto__":2}')).to.equal("__proto__");
  });

  it("finds none in JSON written from objects", () => {
    const text = fc.string({ unit: fc.constantFrom(...'{}[]"\\:, a') });
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(text, fc.array(tie("tree")), fc.dictionary(text, tie("tree"))),
    }));
    fc.assert(fc.property(tree, (value) => repeatedName(JSON.stringify(value, null, 1)) === undefined));
  });
});

describe("memberPointer", () => {
  it("writes a JSON pointer as a URI fragment, which readers understand", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (key) => {
        const pointer = memberPointer("#", key);
        const token = decodeURIComponent(pointer.slice("#/".length));
        expect(token.replaceAll("~1", "/").replaceAll("~0", "~")).to.equal(key);
        expect(() => new URL(`http://localhost/${pointer}`)).not.to.throw();
      }),
    );
  });
});

describe("mergePatch", () => {
  const cases: [target: Json, patch: Json, result: Json][] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", null],
      ["c", null],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of cases) {
    it(`merges ${JSON.stringify(patch)} into ${JSON.stringify(target)} as ${JSON.stringify(result)}`, () => {
      const before = JSON.stringify(target);
      expect(mergePatch(target, patch)).to.deep.equal(result);
      expect(JSON.stringify(target)).to.equal(before);
    });
  }

  it("gives the same result when it is applied again", () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).to.deep.equal(once);
      }),
    );
  });
});

/** The value with the members of its objects in one order; DynamoDB does not keep it. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  const object: JsonObject = value;
  return Object.keys(object)
    .sort()
    .map((key) => [key, sorted(object[key] ?? null)]);
}
