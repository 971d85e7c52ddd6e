import { expect } from "chai";
import { fargateMistake } from "../../../../components/batch/rules/fargate";
import { providerWarnings } from "../../../../components/batch/rules/provider";
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
    [32, "60 120 244"],
  ];
  for (const [vcpus, gibs] of table) {
    it(`allows ${gibs} GiB with ${vcpus} vCPU, and no other`, () => {
      const halves = Array.from({ length: 500 }, (_, index) => (index + 1) / 2);
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

describe("providerWarnings", () => {
  const warnings = (environment: Parameters<typeof providerWarnings>[0]) =>
    providerWarnings(environment, "environments[0]", ["m8g", "m7g"]).join();

  it("says that the provider loses the order of several types, where the strategy depends on it", () => {
    const lost =
      /^environments\[0\]\.instanceTypes: the AWS provider keeps them as a set, so SPOT_\w+_PRIORITIZED gets/;
    expect(warnings({ allocationStrategy: "SPOT_CAPACITY_OPTIMIZED_PRIORITIZED" })).to.match(lost);
    expect(warnings({ allocationStrategy: "BEST_FIT_PROGRESSIVE_ORDERED" })).to.match(/as a set/);
    expect(warnings({ allocationStrategy: "BEST_FIT_PROGRESSIVE_ORDERED", instanceTypes: ["m7g"] })).to.equal("");
    expect(warnings({ allocationStrategy: "SPOT_CAPACITY_OPTIMIZED" })).to.equal("");
  });

  it("says that the provider refuses an update that may take longer than six hours", () => {
    expect(warnings({ instanceUpdate: { timeoutMinutes: 1440 } })).to.match(
      /AWS accepts 1440, but .* refuse more than/,
    );
    expect(warnings({ instanceUpdate: { timeoutMinutes: 360 } })).to.equal("");
    expect(warnings({})).to.equal("");
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
