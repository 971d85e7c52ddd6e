import { expect } from "chai";
import * as fc from "fast-check";
import {
  Archive,
  Asset,
  hasSecret,
  hasUnknown,
  ResourceReference,
  redact,
  reveal,
  Secret,
  Unknown,
  type Value,
} from "../../../offline/engine/values";
import { decode, encode, forTransforms, toProperties, toStruct } from "../../../offline/engine/wire";

const { value: anyValue } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: "binary" }),
    fc.constant(new Unknown()),
    fc.array(tie("value")),
    fc.dictionary(fc.string(), tie("value"), { noNullPrototype: true }),
    tie("value").map((inner) => new Secret(inner)),
    fc.string().map((path) => new Asset({ path })),
    fc.string().map((text) => new Archive({ assets: { "index.js": new Asset({ text }) } })),
    fc.string().map((id) => new ResourceReference("urn:pulumi:dev::p::a:b:C::n", id)),
  ),
}));

describe("the wire form of values", () => {
  it("can express every value", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(decode(encode(value))).to.deep.equal(value);
      }),
    );
  });

  it("survives the messages", () => {
    const properties = { text: "a", secret: new Secret({ deep: [1, new Unknown()] }), none: null };
    expect(toProperties(toStruct(properties))).to.deep.equal(properties);
  });

  it("refuses an unknown kind instead of passing it on as a map", () => {
    expect(() => decode({ "4dabf18193072939515e22adb298388d": "?" })).to.throw("a value of an unknown kind");
  });

  it("gives transforms outputs for secrets, unknowns and dependent values", () => {
    const urn = "urn:pulumi:dev::p::a:b:C::n";
    const shown = forTransforms(toStruct({ plain: 1, secret: new Secret("s"), made: "m" }), { made: [urn] });
    const dependencies = new Set<string>();
    expect(toProperties(shown, dependencies)).to.deep.equal({ plain: 1, secret: new Secret("s"), made: "m" });
    expect([...dependencies]).to.deep.equal([urn]);
  });
});

describe("redact and reveal", () => {
  it("never print the contents of a secret", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const printed = JSON.stringify(redact({ value, secret: new Secret("hunter2-hunter2") }));
        expect(printed).to.not.contain("hunter2-hunter2");
      }),
    );
  });

  it("find secrets and unknowns at any depth", () => {
    const value = { list: [{ inner: new Secret(new Unknown()) }] };
    expect(hasSecret(value)).to.equal(true);
    expect(hasUnknown(value)).to.equal(true);
    expect(hasSecret({ list: [1] }) || hasUnknown({ list: [1] })).to.equal(false);
  });

  it("give a reference's id or URN", () => {
    expect(reveal(new ResourceReference("urn:x", "id-1"))).to.equal("id-1");
    expect(reveal(new ResourceReference("urn:x"))).to.equal("urn:x");
    expect(redact(new ResourceReference("urn:x", "id-1"))).to.equal("urn:x");
  });
});
