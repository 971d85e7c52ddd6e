import { expect } from "chai";
import { fargateMistake } from "../../../../components/batch/rules/fargate";
import { sharesOverlap } from "../../../../components/batch/rules/shares";

describe("fargateMistake", () => {
  /** GiB, as AWS lists them. @see AWS Batch API, ResourceRequirement, value */
  const table: [vcpus: number, gibs: string][] = [
    [0.25, "0.5 1 2"],
    [0.5, "1 2 3 4"],
    [1, "2 3 4 5 6 7 8"],
    [2, "4 5 6 7 8 9 10 11 12 13 14 15 16"],
    [4, "8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30"],
    [8, "16 20 24 28 32 36 40 44 48 52 56 60"],
    [16, "32 40 48 56 64 72 80 88 96 104 112 120"],
  ];
  for (const [vcpus, gibs] of table) {
    it(`allows ${gibs} GiB with ${vcpus} vCPU, and no other`, () => {
      const halves = Array.from({ length: 260 }, (_, index) => (index + 1) / 2);
      const taken = halves.filter((gib) => fargateMistake(vcpus, gib * 1024) === undefined);
      expect(taken.join(" ")).to.equal(gibs);
    });
  }

  it("says which vCPUs and memory sizes exist", () => {
    expect(fargateMistake(3, 8192)).to.deep.include({ property: "vcpus" });
    expect(fargateMistake(0.25, 4096)).to.deep.equal({
      property: "memory",
      reason: "is 4096; with 0.25 vCPU Fargate offers 512, 1024, 2048 MiB",
    });
  });
});

describe("sharesOverlap", () => {
  const cases: [one: string, other: string, overlap: boolean][] = [
    ["a", "a", true],
    ["a", "b", false],
    ["a", "ab", false],
    ["a*", "ab", true],
    ["ab", "a*", true],
    ["ab*", "a*", true],
    ["ab*", "ac*", false],
    ["*", "a", true],
  ];
  for (const [one, other, overlap] of cases) {
    it(`${one} and ${other}: ${overlap}`, () => expect(sharesOverlap(one, other)).to.equal(overlap));
  }
});
