import { expect } from "chai";
import { startApi } from "../../../../helpers/offline/api";
import { proxy } from "../../../../helpers/offline/graph";
import { closeServers } from "../../../../helpers/offline/served";

const order = {
  type: "object",
  properties: {
    type: { type: "string", enum: ["STOCK", "BOND", "CASH"] },
    symbol: { type: "string", minLength: 1, maxLength: 4 },
    shares: { type: "number", minimum: 1, maximum: 1000 },
    "order-date": { type: "string", pattern: "^\\d{4}\\-\\d{2}$" },
  },
};
const branches = [{ type: "null" }, { $ref: "#/components/schemas/Point" }];

/** The schema, the body, and what AWS's validator says: the messages of json-schema-validator 2.2.14 to the same. */
const cases: [what: string, schema: object, body: unknown, ...messages: string[]][] = [
  [
    "several properties, by name",
    { type: "array", items: order },
    [{ type: "foobar", symbol: "thisstringistoolong", shares: 999999, "order-date": "2018-1-2" }],
    'ECMA 262 regex "^\\d{4}\\-\\d{2}$" does not match input string "2018-1-2"',
    "numeric instance is greater than the required maximum (maximum: 1000, found: 999999)",
    'string "thisstringistoolong" is too long (length: 19, maximum allowed: 4)',
    'instance value ("foobar") not found in enum (possible values: ["STOCK","BOND","CASH"])',
  ],
  [
    "an object before its properties, and all missing properties at once",
    { required: ["name", "a"], properties: { n: { type: "integer" } } },
    { n: "x" },
    'object has missing required properties (["a","name"])',
    'instance type (string) does not match any allowed primitive type (allowed: ["integer"])',
  ],
  [
    "several rules of one value, by keyword",
    { type: "number", minLength: 3, enum: [1, null, { k: 1 }] },
    "é😀",
    'instance value ("é😀") not found in enum (possible values: [1,null,{"k":1}])',
    'string "é😀" is too short (length: 2, required minimum: 3)',
    'instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])',
  ],
  [
    "the elements of an array, by index",
    { items: { type: ["string", "null"] } },
    ["", "", 1, "", "", "", "", "", "", "", true],
    'instance type (integer) does not match any allowed primitive type (allowed: ["null","string"])',
    'instance type (boolean) does not match any allowed primitive type (allowed: ["null","string"])',
  ],
  [
    "additional properties, all at once",
    { additionalProperties: false, properties: { a: {} } },
    { z: 1, b: 2, a: 1 },
    'object instance has properties which are not allowed by the schema: ["b","z"]',
  ],
  [
    "numbers",
    { items: [{ minimum: 5 }, { minimum: 0, exclusiveMinimum: true }, { maximum: 1, exclusiveMaximum: true }] },
    [1, 0, 1],
    "numeric instance is lower than the required minimum (minimum: 5, found: 1)",
    "numeric instance is not strictly greater than the required minimum 0",
    "numeric instance is not strictly lower than the required maximum 1",
  ],
  ["a multiple", { multipleOf: 2 }, 3, "remainder of division is not zero (3 / 2)"],
  [
    "short arrays",
    { minItems: 2 },
    [1],
    "array is too short: must have at least 2 elements but instance has 1 elements",
  ],
  [
    "long arrays with repetitions",
    { maxItems: 1, uniqueItems: true },
    [1, 1],
    "array is too long: must have at most 1 elements but instance has 2 elements",
    "array must not contain duplicate elements",
  ],
  [
    "the number of properties",
    { minProperties: 2, maxProperties: 0 },
    { y: 1 },
    "object has too many properties (found 1 but schema requires at most 0)",
    "object has too few properties (found 1 but schema requires at least 2)",
  ],
  ["not", { not: { type: "object" } }, {}, "instance matched a schema which it should not have"],
  [
    "none of several schemas, without what is wrong with each",
    { properties: { a: { oneOf: branches }, b: { anyOf: branches, enum: [1] } } },
    { a: { x: "1" }, b: {} },
    "instance failed to match exactly one schema (matched 0 out of 2)",
    "instance failed to match at least one required schema among 2",
    "instance value ({}) not found in enum (possible values: [1])",
  ],
  ["more than one schema", { oneOf: [{}, {}] }, {}, "instance failed to match exactly one schema (matched 2 out of 2)"],
];

describe("What is wrong with a body, as a gateway response gets it", () => {
  const paths = Object.fromEntries(
    cases.map(([, schema], index) => [
      `/${index}`,
      { post: proxy("echo", { requestBody: { content: { "application/json": { schema } } } }) },
    ]),
  );
  const point = { type: "object", required: ["y"], properties: { x: { type: "number" } } };
  const start = (template: string) =>
    startApi({
      paths,
      components: { schemas: { Point: point } },
      "x-amazon-apigateway-request-validator": "body",
      "x-amazon-apigateway-request-validators": { body: { validateRequestBody: true } },
      "x-amazon-apigateway-gateway-responses": {
        BAD_REQUEST_BODY: { responseTemplates: { "application/json": template } },
      },
    });
  const post = async (template: string, path: string, body: string) => {
    const server = await start(template);
    const answer = await server.call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    return answer.text();
  };
  afterEach(closeServers);

  for (const [index, [what, , body, ...messages]] of cases.entries()) {
    it(`says ${what}`, async () => {
      const text = await post('{"why":"$context.error.validationErrorString"}', `/${index}`, JSON.stringify(body));
      expect(JSON.parse(text)).to.deep.equal({ why: `[${messages.join(", ")}]` });
    });
  }

  /** As a customer of AWS published it, with this template. */
  it("is escaped as inside a JSON string, even where the template has no quotes", async () => {
    const text = await post("$context.error.validationErrorString", "/0", '[{"type":"WOW"}]');
    expect(text).to.equal(
      String.raw`[instance value (\"WOW\") not found in enum (possible values: [\"STOCK\",\"BOND\",\"CASH\"])]`,
    );
  });

  it("says that a body is not JSON", async () => {
    expect(await post("$context.error.validationErrorString", "/0", "{")).to.equal("[body is not JSON]");
  });
});
