import { expect } from "chai";
import * as fc from "fast-check";
import { schemaMistakes } from "../../components/api/rules/jsonSchema";
import { policyLimit, policySize, sourceArn } from "../../components/api/rules/permissionBudget";
import { nativeFormat } from "../../components/lambda/rules/elf";
import { environmentSize, nameMistake, reservedNames } from "../../components/lambda/rules/environment";

describe("nativeFormat", () => {
  function header(machine: number, bigEndian = false): Uint8Array {
    const bytes = Buffer.alloc(64);
    bytes.write("\x7fELF", "latin1");
    bytes[5] = bigEndian ? 2 : 1;
    if (bigEndian) bytes.writeUInt16BE(machine, 18);
    else bytes.writeUInt16LE(machine, 18);
    return bytes;
  }

  function pe(machine: number): Uint8Array {
    const bytes = Buffer.alloc(128);
    bytes.write("MZ", "latin1");
    bytes.writeUInt32LE(64, 60);
    bytes.writeUInt16LE(machine, 68);
    return bytes;
  }

  const cases: [what: string, bytes: Uint8Array, format: string, architecture: string][] = [
    ["ELF for arm64", header(0xb7), "ELF", "arm64"],
    ["ELF for x86_64", header(0x3e), "ELF", "x86_64"],
    ["big-endian ELF", header(0xb7, true), "ELF", "arm64"],
    ["ELF for another processor", header(0xf3), "ELF", "unknown"],
    ["Mach-O for arm64", Buffer.from("cffaedfe0c000001", "hex"), "Mach-O", "arm64"],
    ["Mach-O for x86_64", Buffer.from("cffaedfe07000001", "hex"), "Mach-O", "x86_64"],
    ["Mach-O for several", Buffer.from("cafebabe00000002", "hex"), "Mach-O", "unknown"],
    ["PE for arm64", pe(0xaa64), "PE", "arm64"],
    ["PE for x86_64", pe(0x8664), "PE", "x86_64"],
    ["text", Buffer.from("not a module at all"), "unknown", "unknown"],
    ["nothing", Buffer.alloc(0), "unknown", "unknown"],
  ];
  for (const [what, bytes, format, architecture] of cases) {
    it(`recognizes ${what}`, () => expect(nativeFormat(bytes)).to.deep.equal({ format, architecture }));
  }

  it("never fails, whatever the bytes", () => {
    const starts = fc.constantFrom("", "\x7fELF", "MZ", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe");
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 100 }), (start, rest) => {
        expect(nativeFormat(Buffer.concat([Buffer.from(start, "latin1"), rest]))).to.have.keys(
          "format",
          "architecture",
        );
      }),
    );
  });
});

describe("environment", () => {
  it("accepts names that Lambda accepts", () => {
    for (const name of ["TABLE_NAME", "a1", "NODE_OPTIONS"]) expect(nameMistake(name)).to.equal(undefined);
    for (const name of ["A", "_A", "1A", "A-B", "", ...reservedNames]) expect(nameMistake(name)).to.be.a("string");
  });

  it("is measured in bytes of UTF-8, for values that are known", () => {
    expect(environmentSize({ AB: "é", CD: { computed: "later" } })).to.equal(6);
  });
});

describe("permission budget", () => {
  it("allows about fifty statements, and is never under Lambda's own 388 bytes for one", () => {
    const id = "x".repeat(36);
    const routes = (count: number) => Array.from({ length: count }, () => ({ id, method: "GET", path: "/items/{id}" }));
    expect(policySize(routes(1))).to.be.at.least(388);
    expect(policySize(routes(1)), "with the ARNs of GovCloud").to.equal(465);
    expect(policySize(routes(44))).to.be.below(policyLimit);
    expect(policySize(routes(53))).to.be.above(policyLimit);
    expect(policySize([{ id: "x".repeat(100), method: "GET", path: "/items/{id}" }])).to.equal(
      policySize(routes(1)) + 64,
    );
  });

  it("names a route on any stage, whatever the values of its parameters", () => {
    expect(sourceArn("arn", "ANY", "/a/{id}/{proxy+}")).to.equal("arn/*/*/a/*/*");
    expect(sourceArn("arn", "GET", "/")).to.equal("arn/*/GET/");
  });
});

describe("schemaMistakes", () => {
  const cases: [keyword: object, place: string, reason: RegExp][] = [
    [{ const: 1 }, "s.const", /`enum` with one value/],
    [{ $ref: "#/x" }, "s.$ref", /the schema itself/],
    [{ type: ["string", "null"] }, "s.type", /one type/],
    [{ exclusiveMinimum: 0, minimum: 0 }, "s.exclusiveMinimum", /boolean next to `minimum`/],
    [{ properties: { a: { items: { const: 1 } } } }, "s.properties.a.items.const", /enum/],
    [{ anyOf: [{}, { examples: [] }] }, "s.anyOf[1].examples", /`example`/],
    [{ additionalProperties: { if: {} } }, "s.additionalProperties.if", /anyOf/],
    [{ type: "strnig" }, "s.type", /is "strnig"; write one of array, .*string/],
    [{ minLenght: 1 }, "s.minLenght", /correct its spelling/],
    [{ minLength: -1 }, "s.minLength", /whole number, 0 or more/],
    [{ maximum: "9" }, "s.maximum", /a number/],
    [{ multipleOf: 0 }, "s.multipleOf", /over 0/],
    [{ pattern: "(" }, "s.pattern", /regular expression/],
    [{ properties: { a: { required: true } } }, "s.properties.a.required", /names of properties/],
    [{ properties: { a: "string" } }, "s.properties.a", /type: "string"/],
    [{ enum: [] }, "s.enum", /a list of values/],
    [{ items: [{}] }, "s.items", /one schema/],
    [{ oneOf: {} }, "s.oneOf", /a list of schemas/],
  ];
  for (const [schema, place, reason] of cases) {
    it(`refuses ${place}`, () => {
      const [[path, why] = []] = schemaMistakes(schema, "s", false);
      expect(path).to.equal(place);
      expect(why).to.match(reason);
    });
  }

  it("refuses keywords that only API Gateway's models do not support, where a model is used", () => {
    const schema = { exclusiveMaximum: true, discriminator: { propertyName: "kind" } };
    expect(schemaMistakes(schema, "s", false)).to.deep.equal([]);
    expect(schemaMistakes(schema, "s", true).map(([path]) => path)).to.deep.equal(
      Object.keys(schema).map((key) => `s.${key}`),
    );
  });

  it("accepts keywords as names and as data", () => {
    const schema = {
      properties: { const: {}, $ref: {} },
      enum: [{ const: 1 }],
      default: { if: 1 },
      example: { $ref: 1 },
    };
    expect(schemaMistakes(schema, "s", true)).to.deep.equal([]);
  });
});
