import { expect } from "chai";
import { type GlobalIndexArgs, ItemsTable, type ItemsTableArgs } from "../../../components";
import { inputsOf, mistakes, resources, startMocks } from "../../helpers/components/mocks";

const tableType = "aws:dynamodb/table:Table";
const tenant = { name: "tenant" };
const region = { name: "region" };
const at = { name: "at", type: "N" } as const;
const named = (...names: string[]) => names.map((name) => ({ name }));

describe("ItemsTable's global indexes", () => {
  beforeEach(startMocks);

  async function indexOf(index: Omit<GlobalIndexArgs, "name">) {
    new ItemsTable("items", { globalIndexes: [{ name: "one", ...index }] });
    const { globalSecondaryIndexes, attributes } = await inputsOf(tableType);
    return { index: globalSecondaryIndexes[0], attributes };
  }

  it("have up to four attributes in their partition key and in their sort key, in the given order", async () => {
    const { index, attributes } = await indexOf({
      hashKeys: [tenant, region],
      rangeKeys: [{ name: "state" }, at],
      projectedAttributes: [],
    });
    expect(index).to.deep.equal({
      name: "one",
      projectionType: "KEYS_ONLY",
      keySchemas: [
        { attributeName: "tenant", keyType: "HASH" },
        { attributeName: "region", keyType: "HASH" },
        { attributeName: "state", keyType: "RANGE" },
        { attributeName: "at", keyType: "RANGE" },
      ],
    });
    expect(attributes).to.deep.equal([
      { name: "id", type: "S" },
      { name: "tenant", type: "S" },
      { name: "region", type: "S" },
      { name: "state", type: "S" },
      { name: "at", type: "N" },
    ]);
  });

  it("may mix one attribute and several", async () => {
    const keySchemas = [
      { attributeName: "tenant", keyType: "HASH" },
      { attributeName: "region", keyType: "RANGE" },
      { attributeName: "at", keyType: "RANGE" },
    ];
    const { index } = await indexOf({ hashKey: tenant, rangeKeys: [region, at] });
    expect(index).to.deep.include({ keySchemas }).and.not.to.have.any.keys("hashKey", "rangeKey");
    await startMocks();
    const { index: other } = await indexOf({ hashKeys: [tenant, region], rangeKey: at });
    expect(other.keySchemas.map(({ keyType }: { keyType: string }) => keyType)).to.deep.equal([
      "HASH",
      "HASH",
      "RANGE",
    ]);
  });

  it("keep the older form as long as it can express the key, so that no existing index is built again", async () => {
    const plain = { name: "one", projectionType: "ALL", hashKey: "tenant" };
    const cases: [Omit<GlobalIndexArgs, "name">, object][] = [
      [{ hashKey: tenant }, plain],
      [{ hashKeys: [tenant] }, plain],
      [
        { hashKey: tenant, rangeKey: at },
        { ...plain, rangeKey: "at" },
      ],
      [
        { hashKeys: [tenant], rangeKeys: [at] },
        { ...plain, rangeKey: "at" },
      ],
    ];
    for (const [args, expected] of cases) {
      await startMocks();
      expect((await indexOf(args)).index, JSON.stringify(args)).to.deep.equal(expected);
    }
  });

  describe("refuse", () => {
    const cases: [what: string, index: object, ...found: [path: string, reason: RegExp][]][] = [
      ["five partition key attributes", { hashKeys: named(..."abcde") }, ["hashKeys", /has 5; write .*1 to 4/]],
      ["five sort key attributes", { hashKey: tenant, rangeKeys: named(..."abcde") }, ["rangeKeys", /1 to 4/]],
      ["no partition key", {}, ["hashKey", /is missing; write `hashKey`, or `hashKeys` with up to 4/]],
      ["a sort key alone", { rangeKey: at }, ["hashKey", /is missing/]],
      ["several sort key attributes alone", { rangeKeys: [region, at] }, ["hashKey", /is missing/]],
      ["an empty partition key", { hashKeys: [] }, ["hashKeys", /is empty/]],
      ["both forms of a partition key", { hashKey: tenant, hashKeys: [region] }, ["hashKeys", /write one of them/]],
      [
        "both forms of a sort key",
        { hashKey: tenant, rangeKey: at, rangeKeys: [region] },
        ["rangeKeys", /one of them/],
      ],
      ["an attribute twice", { hashKeys: [tenant, region, tenant] }, ["hashKeys[2].name", /"tenant" is in this key/]],
      ["an attribute in both keys", { hashKey: at, rangeKey: at }, ["rangeKey.name", /"at" is in this key/]],
      [
        "an attribute with two types",
        { hashKeys: [tenant, { name: "id", type: "N" }] },
        ["hashKeys[1].type", /"id" is "S" in another key; write that here too/],
      ],
      [
        "names instead of attributes",
        { hashKeys: ["tenant"] },
        ["hashKeys[0]", /is "tenant"; write an object with `name`/],
      ],
      [
        "a list as one attribute",
        { hashKey: [tenant, region] },
        ["hashKey", /is an array; write an object with `name`/],
      ],
      [
        "the provider's form",
        { keySchemas: [{ attributeName: "tenant", keyType: "HASH" }] },
        ["keySchemas", /is not a property of GlobalIndexArgs; write hashKey/],
        ["hashKey", /is missing/],
      ],
    ];
    for (const [what, index, ...expected] of cases) {
      it(what, async () => {
        const args = { globalIndexes: [{ name: "one", ...index }] } as ItemsTableArgs;
        const found = mistakes(() => new ItemsTable("items", args));
        expect(found.map(([path]) => path)).to.deep.equal(expected.map(([path]) => `globalIndexes[0].${path}`));
        for (const [i, [, reason]] of expected.entries()) expect(found[i]?.[1]).to.match(reason);
        expect(await resources()).to.deep.equal([]);
      });
    }

    it("several keys of local indexes, which can have only one attribute", () => {
      const localIndexes = [{ name: "one", rangeKey: at, rangeKeys: [region] }];
      const found = mistakes(() => new ItemsTable("items", { rangeKey: at, localIndexes } as ItemsTableArgs));
      expect(found.map(([path]) => path)).to.deep.equal(["localIndexes[0].rangeKeys"]);
    });

    it("several mistakes at once", () => {
      const globalIndexes = [
        { name: "one", hashKeys: named(..."abcde") },
        { name: "two", rangeKeys: [at] },
        { name: "two", hashKeys: [tenant, { ...at, type: "S" as const }] },
      ];
      expect(mistakes(() => new ItemsTable("items", { globalIndexes })).map(([path]) => path)).to.have.members([
        "globalIndexes[0].hashKeys",
        "globalIndexes[1].hashKey",
        "globalIndexes[2].name",
        "globalIndexes[2].hashKeys[1].type",
      ]);
    });
  });
});
