import Ajv from "ajv";
import { expect } from "chai";
import * as fc from "fast-check";
import type { Json } from "../../../handlers/http/json";
import { type JsonSchema, mistakesIn } from "../../../handlers/http/schema";
import { itemInputSchema } from "../../../handlers/items/schema";
import { jobInputSchema } from "../../../handlers/jobs/schema";

const ajv = new Ajv({ allErrors: true, strict: false, formats: { "date-time": true } });

/** The verdicts of an independent validator: the places where a value does not match. */
function placesByAjv(schema: JsonSchema, value: Json): Set<string> {
  const validate = ajv.compile(schema);
  validate(value);
  return new Set(
    validate.errors?.map(({ instancePath, params }) => {
      const member = params.missingProperty ?? params.additionalProperty;
      return `#${instancePath}${member === undefined ? "" : `/${member}`}`;
    }),
  );
}

const word = fc.constantFrom("", "a", "b", "😀😀", "x".repeat(65), "x".repeat(257), "-a", "2024-01-01T00:00:00Z");
const number = fc.constantFrom(-1, 0, 0.5, 1, 1e9, 1e9 + 1);
const anything = fc.oneof(
  word,
  number,
  fc.constantFrom(null, true),
  fc.uniqueArray(word, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom("a", "toString", "name", "tags"), number, { maxKeys: 2 }),
);
// ajv compares only elements of the right type with one another.
const mixed = fc.uniqueArray(fc.oneof(word, anything), { maxLength: 4, selector: (value) => JSON.stringify(value) });
const item = fc.record(
  {
    id: fc.oneof(word, anything),
    name: fc.oneof(word, anything),
    price: fc.oneof(number, anything),
    quantity: fc.oneof(number, anything),
    tags: fc.oneof(
      fc.array(word, { maxLength: 4 }),
      mixed,
      fc.constant(Array.from({ length: 51 }, (_, index) => `${index}`)),
    ),
    attributes: anything,
    createdAt: anything,
    unknown: anything,
  },
  { requiredKeys: [] },
);

describe("mistakesIn", () => {
  it("finds the mistakes that another validator finds, at the same places", () => {
    fc.assert(
      fc.property(fc.oneof(item, anything), (value) => {
        const json: Json = JSON.parse(JSON.stringify(value));
        const places = new Set(mistakesIn(json, itemInputSchema).map(({ pointer }) => pointer));
        expect(places).to.deep.equal(placesByAjv(itemInputSchema, json));
      }),
      { numRuns: 300 },
    );
  });

  it("finds mistakes in the members of maps, and in choices, as another validator does", () => {
    const schema: JsonSchema = {
      type: "object",
      properties: {
        ...jobInputSchema({ environmentNames: ["CATEGORY"] }).properties,
        status: { type: "string", enum: ["a", "b"] },
      },
      additionalProperties: { type: "string", enum: ["b"] },
    };
    const job = fc.record(
      {
        environment: anything,
        parameters: anything,
        dependsOn: mixed,
        arraySize: number,
        status: word,
        other: anything,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(job, (value) => {
        const json: Json = JSON.parse(JSON.stringify(value));
        const places = new Set(mistakesIn(json, schema).map(({ pointer }) => pointer));
        expect(places).to.deep.equal(placesByAjv(schema, json));
      }),
    );
  });

  it("says what would be valid", () => {
    const value = { id: "-", name: "", price: -1, quantity: 1e10, tags: ["a", "a"], attributes: [], unknown: 1 };
    expect(mistakesIn(value, itemInputSchema).map(({ detail }) => detail)).to.deep.equal([
      "must match ^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$",
      "must have 1 or more characters",
      "must be 0 or more",
      "must be 1000000000 or less",
      "must not have duplicate elements",
      "must be an object",
      "is not one of id, name, description, category, price, quantity, tags, attributes, createdAt, updatedAt",
    ]);
  });
});
