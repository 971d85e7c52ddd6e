import { expect } from "chai";
import { addItem, noTotals, resultOf } from "../../jobs/summarise/totals";

describe("the totals of the items", () => {
  it("treat the item with the greater id as the newest of those created at once, in whatever order they are read", () => {
    const createdAt = "2026-01-01T00:00:00.000Z";
    const items = ["a", "b"].map((id) => ({ id, name: id, createdAt }));
    for (const order of [items, items.toReversed()]) {
      const totals = noTotals();
      for (const item of order) addItem(totals, item);
      expect(totals.newest?.id).to.equal("b");
    }
  });

  it("add up a million prices without a rounding error", () => {
    const totals = noTotals();
    for (let index = 0; index < 1_000_000; index++) addItem(totals, { id: "a", name: "a", price: 0.1, createdAt: "" });
    expect(resultOf(totals).prices).to.deep.include({ sum: 100_000, average: 0.1 });
  });
});
