import { gzipSync } from "node:zlib";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import * as fc from "fast-check";
import { type Call, type ItemsFunction, startItemsFunction } from "../../helpers/handlers/itemsFunction";

const nested = (levels: number, inner = "1") => `${"[".repeat(levels)}${inner}${"]".repeat(levels)}`;
const attributes = (json: string) => `{"name":"x","attributes":${json}}`;

/** Bodies sent to POST /items, with the status and pointer of the response. */
const bodies: [what: string, body: string | Buffer, status: number, pointer?: string][] = [
  ["nothing", "", 400],
  ["half a document", '{"name":"x"', 400],
  ["two documents", '{"name":"x"}{}', 400],
  ["NaN", attributes('{"a":NaN}'), 400],
  ["a comment", '{"name":"x"} // no', 400],
  ["a duplicate name", '{"name":"x","name":"y"}', 400],
  ["a duplicate name, once in disguise", attributes('[{"b":{}, "a":1, "\\u0061" : 2}]'), 400],
  ["a raw control character", '{"name":"a\u0001"}', 400],
  ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400],
  [
    "an overlong encoding",
    Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc0, 0x80]), Buffer.from('"}')]),
    400,
  ],
  ["bytes that a gateway has lost by turning them into text", '{"name":"\ufffd"}', 400],
  ["half a surrogate pair, unescaped", '{"name":"\ud800"}', 400],
  ["a gzip body that does not say so", gzipSync('{"name":"x"}'), 400],
  ["an array", "[]", 422, "#"],
  ["null", "null", 422, "#"],
  ["text", '"x"', 422, "#"],
  ["no name", "{}", 422, "#/name"],
  ["an empty name", '{"name":""}', 422, "#/name"],
  ["a long name", JSON.stringify({ name: "x".repeat(257) }), 422, "#/name"],
  ["a name of 257 characters in 514 units", JSON.stringify({ name: "😀".repeat(257) }), 422, "#/name"],
  ["a number for a name", '{"name":1}', 422, "#/name"],
  ["null for a price", '{"name":"x","price":null}', 422, "#/price"],
  ["a negative price", '{"name":"x","price":-1}', 422, "#/price"],
  ["a price as text", '{"name":"x","price":"1"}', 422, "#/price"],
  ["half a quantity", '{"name":"x","quantity":0.5}', 422, "#/quantity"],
  ["a duplicate tag", '{"name":"x","tags":["a","a"]}', 422, "#/tags"],
  ["an empty tag", '{"name":"x","tags":["a",""]}', 422, "#/tags/1"],
  ["51 tags", JSON.stringify({ name: "x", tags: Array.from({ length: 51 }, (_, i) => `t${i}`) }), 422, "#/tags"],
  ["attributes that are a list", attributes("[]"), 422, "#/attributes"],
  ["an unknown property", '{"name":"x","nmae":1}', 422, "#/nmae"],
  ["an unknown property with odd characters", '{"name":"x","a/b~c %":1}', 422, "#/a~1b~0c%20%25"],
  ["a property of every object's prototype", '{"name":"x","toString":1}', 422, "#/toString"],
  ["__proto__ at the top", '{"name":"x","__proto__":{"id":"y"}}', 422, "#"],
  ["__proto__ inside", attributes('{"a":{"__proto__":{"b":1}}}'), 422, "#/attributes/a"],
  ["constructor", attributes('{"constructor":{"prototype":{}}}'), 422, "#/attributes"],
  ["an empty key", attributes('{"":1}'), 422, "#/attributes"],
  ["a long key", attributes(JSON.stringify({ ["k".repeat(256)]: 1 })), 422, "#/attributes"],
  ["half a surrogate pair", '{"name":"\\ud800"}', 422, "#/name"],
  ["half a surrogate pair in a key", attributes('{"\\udc00":1}'), 422, "#/attributes"],
  ["NUL", '{"name":"a\\u0000b"}', 422, "#/name"],
  ["a control character", attributes('{"a":["\\u001b[2J"]}'), 422, "#/attributes/a/0"],
  ["NUL in a key", attributes('{"a\\u0000":1}'), 422, "#/attributes"],
  ["a number beyond doubles", attributes('{"a":1e400}'), 422, "#/attributes/a"],
  ["a number beyond DynamoDB's", attributes('{"a":1e126}'), 422, "#/attributes/a"],
  ["a number too close to zero", attributes('{"a":[1e-131]}'), 422, "#/attributes/a/0"],
  ["an integer that would change", attributes('{"a":9007199254740993}'), 422, "#/attributes/a"],
  ["19 lists in the attributes", attributes(`{"a":${nested(19)}}`), 422, `#/attributes/a${"/0".repeat(18)}`],
  ["lists without end", `{"name":"x","attributes":{"a":${nested(100_000)}}}`, 422],
  ["objects without end", attributes(`${'{"a":'.repeat(40_000)}1${"}".repeat(40_000)}`), 422],
  ["too many bytes", JSON.stringify({ name: "x", description: "y".repeat(256 * 1024) }), 413],
  ["too many bytes in few characters", JSON.stringify({ name: "x", description: "😀".repeat(70_000) }), 413],
  ["an id that climbs the path", '{"name":"x","id":"../x"}', 422, "#/id"],
  ["an id with a slash", '{"name":"x","id":"a/b"}', 422, "#/id"],
  ["an id of one dot", '{"name":"x","id":"."}', 422, "#/id"],
  ["an id with a line break", '{"name":"x","id":"a\\n"}', 422, "#/id"],
  ["a long id", JSON.stringify({ name: "x", id: "i".repeat(129) }), 422, "#/id"],
  ["an empty id", '{"name":"x","id":""}', 422, "#/id"],
];

const headers: [what: string, headers: Record<string, string>][] = [
  ["no type", { "Content-Type": "" }],
  ["text", { "Content-Type": "text/plain" }],
  ["a form", { "Content-Type": "application/x-www-form-urlencoded" }],
  ["a merge patch", { "Content-Type": "application/merge-patch+json" }],
  ["two types", { "Content-Type": "application/json, text/plain" }],
  ["another charset", { "Content-Type": "application/json; charset=utf-16" }],
  ["a compressed body", { "Content-Encoding": "gzip" }],
];

/** Paths and the statuses of their responses; none reaches the table. */
const paths: [path: string, status: number][] = [
  ["/items/..", 400],
  ["/items/%2e%2e", 400],
  ["/items/.", 400],
  ["/items/%00", 400],
  ["/items/a%00b", 400],
  ["/items/a%2Fb", 400],
  ["/items/..%2f..%2fetc", 400],
  ["/items/a%5cb", 400],
  ["/items/%", 400],
  ["/items/%zz", 400],
  ["/items/%c0%ae", 400],
  ["/items/%ED%A0%80", 400],
  ["/items/%252e%252e", 400],
  [`/items/${"a".repeat(129)}`, 400],
  ["/items/__proto__", 400],
  ["/items/", 404],
  ["/items//", 404],
  ["/Items", 404],
  ["/", 404],
];

describe("the items API and hostile requests", () => {
  let items: ItemsFunction;
  before(async () => {
    items = await startItemsFunction();
  });
  after(() => items.close());

  const stored = async () => (await items.dynamo.client.send(new ScanCommand({ TableName: "items" }))).Count;
  async function refuses(method: string, path: string, request: Call, status: number) {
    const before = await stored();
    const answer = await items.call(method, path, request);
    expect(answer.status).to.equal(status);
    expect(answer.headers["Content-Type"]).to.equal("application/problem+json");
    expect(answer.body).to.include({ status, instance: `/Prod${path}` });
    expect(await stored()).to.equal(before);
    return answer;
  }

  describe("in a body", () => {
    for (const [what, body, status, pointer] of bodies) {
      it(`answers ${what} with ${status}`, async () => {
        const { body: problem } = await refuses(
          "POST",
          "/items",
          Buffer.isBuffer(body) ? { bytes: body } : { body },
          status,
        );
        if (pointer !== undefined) expect(problem.errors).to.have.nested.property("[0].pointer", pointer);
      });
    }

    it("reports every mistake at once", async () => {
      const body = { price: -1, quantity: "2", tags: [""], unknown: 1 };
      const answer = await refuses("POST", "/items", { body }, 422);
      const pointers = (answer.body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
      expect(pointers).to.deep.equal(["#/name", "#/price", "#/quantity", "#/tags/0", "#/unknown"]);
    });
  });

  it("answers a body full of mistakes with the first 100 of them", async () => {
    const { body } = await refuses("POST", "/items", { body: attributes(`{"a":[${"1e99,".repeat(50_000)}0]}`) }, 422);
    expect(body.errors).to.have.length(100);
    expect(body.detail).to.contain("50000 values");
  });

  describe("in the headers of a body", () => {
    for (const [what, sent] of headers) {
      it(`answers ${what} with 415, and says what to send`, async () => {
        const answer = await refuses("POST", "/items", { body: { name: "x" }, headers: sent }, 415);
        expect(answer.headers.Accept).to.equal("application/json");
      });
    }
  });

  describe("in a path", () => {
    for (const [path, status] of paths) {
      it(`answers ${path.slice(0, 40)} with ${status}`, () => refuses("GET", path, {}, status));
    }
  });

  it("stores any JSON exactly or refuses it, however it is sent", async () => {
    const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 6 });
    const attributes = fc.dictionary(fc.string({ unit: "binary" }), json);
    const routes = fc.constantFrom(["POST", "/items"], ["PUT", "/items/it"], ["PATCH", "/items/it"]);
    await items.call("PUT", "/items/it", { body: { name: "x" }, headers: { "If-None-Match": "*" } });
    await fc.assert(
      fc.asyncProperty(
        routes,
        fc.oneof(json, fc.record({ name: fc.string(), attributes })),
        async ([method, path], body) => {
          const answer = await items.call(method ?? "", path ?? "", { body: JSON.stringify(body) });
          expect(answer.status).to.be.oneOf([200, 201, 400, 422]);
          if (answer.status >= 400) return;
          const read = await items.call("GET", `/items/${answer.body.id}`);
          expect(read.body).to.deep.equal(answer.body);
        },
      ),
    );
  });

  it("stores unusual but harmless values unchanged", async () => {
    const kept: Call[] = [
      { body: attributes(`{"a":${nested(18)}}`) },
      { body: { name: "😀".repeat(256) } },
      { body: attributes('{"toString":1,"a b":"\\u2028","length":-9007199254740991}') },
      { bytes: Buffer.from('\ufeff{"name":"x"}') },
      { body: '\ufeff{"name":"x"}' },
      { body: attributes('{"a":{"a":"{\\"a\\":1,\\"a\\":"},"b":["a","a",{"a":"\\\\"},{"a":":"}]}') },
      { body: attributes('{"a":"\\ufffd \\t\\n\\r"}') },
      { body: { name: "x" }, headers: { "Content-Encoding": "Identity" } },
      { body: { name: "x" }, headers: { "Content-Type": 'Application/JSON; charset="UTF-8"' } },
    ];
    for (const request of kept) {
      const created = await items.call("POST", "/items", request);
      expect(created.status, JSON.stringify(created.body)).to.equal(201);
      const read = await items.call("GET", `/items/${created.body.id}`);
      expect(read.body).to.deep.equal(created.body);
    }
  });
});
