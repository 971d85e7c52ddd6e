import { expect } from "chai";
import { addItem, noTotals, resultOf } from "../../jobs/summarise/totals";

describe("the totals of the items", () => {
  it("add up a million prices without an error of rounding", () => {
    const totals = noTotals();
    for (let index = 0; index < 1_000_000; index++) addItem(totals, { id: "a", name: "a", price: 0.1, createdAt: "" });
    expect(resultOf(totals).prices).to.deep.include({ sum: 100_000, average: 0.1 });
  });
});
