import { expect } from "chai";
import { ItemsTable, type ItemsTableArgs } from "../../../components";
import { inputsOf, mistakes, startMocks } from "../../helpers/components/mocks";

const tableType = "aws:dynamodb/table:Table";
const hashKey = { name: "owner" };
const capacity = (read: number, write: number): ItemsTableArgs => ({
  readCapacity: { minimum: read },
  writeCapacity: { minimum: write },
});

describe("ItemsTable's warm throughput", () => {
  beforeEach(startMocks);

  it("is that of the table and of each index", async () => {
    new ItemsTable("items", {
      warmThroughput: { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4_000 },
      globalIndexes: [{ name: "one", hashKey, warmThroughput: { readUnitsPerSecond: 20_000 } }],
    });
    const { warmThroughput, globalSecondaryIndexes } = await inputsOf(tableType);
    expect(warmThroughput).to.deep.equal({ readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4_000 });
    expect(globalSecondaryIndexes[0].warmThroughput).to.deep.equal({ readUnitsPerSecond: 20_000 });
  });

  const index = (warmThroughput: object) => ({ globalIndexes: [{ name: "one", hashKey, warmThroughput }] });
  const ofIndex = "globalIndexes[0].warmThroughput";
  const cases: [what: string, args: ItemsTableArgs, path: string, reason: RegExp][] = [
    ["nothing", { warmThroughput: {} }, "warmThroughput", /is empty; write `readUnitsPerSecond`/],
    ["a part of a unit", index({ readUnitsPerSecond: 12_000.5 }), `${ofIndex}.readUnitsPerSecond`, /a whole number/],
    [
      "fewer reads than a table has from the start",
      { warmThroughput: { readUnitsPerSecond: 11_999 } },
      "warmThroughput.readUnitsPerSecond",
      /is 11999; write at least 12000 units, the default, or leave it out/,
    ],
    [
      "fewer writes than an index has from the start",
      index({ writeUnitsPerSecond: 3_999 }),
      `${ofIndex}.writeUnitsPerSecond`,
      /write at least 4000 units, the default/,
    ],
    [
      "less than the provider takes for a table with provisioned capacity",
      { ...capacity(5, 5), warmThroughput: { writeUnitsPerSecond: 5 } },
      "warmThroughput.writeUnitsPerSecond",
      /at least 4000 units, the least that the provider takes for a table/,
    ],
    [
      "less than the provisioned capacity of a table",
      { ...capacity(20_000, 5), warmThroughput: { readUnitsPerSecond: 12_000 } },
      "warmThroughput.readUnitsPerSecond",
      /at least 20000 units, the minimum of `readCapacity`/,
    ],
    [
      "less than the provisioned capacity of an index",
      { ...capacity(5, 5), ...index({ writeUnitsPerSecond: 4 }) },
      `${ofIndex}.writeUnitsPerSecond`,
      /at least 5 units, the minimum of `writeCapacity`/,
    ],
  ];
  for (const [what, args, path, reason] of cases) {
    it(`cannot be ${what}`, () => {
      const found = mistakes(() => new ItemsTable("items", args));
      expect(found.map(([place]) => place)).to.deep.equal([path]);
      expect(found[0]?.[1]).to.match(reason);
    });
  }
});
