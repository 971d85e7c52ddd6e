import { expect } from "chai";
import { fargateMistake } from "../../../../components/pure/batch/fargate";
import { retryMistakes } from "../../../../components/pure/batch/retry";
import { sharesOverlap } from "../../../../components/pure/batch/shares";

describe("fargateMistake", () => {
  const right: [vcpus: number, memory: number][] = [
    ...([0.25, 0.5, 1, 2, 4, 8, 16] as const).map((vcpus): [number, number] => [vcpus, vcpus * 2048]),
    ...([
      [0.25, 2048],
      [0.5, 4096],
      [1, 8192],
      [2, 16_384],
      [4, 30_720],
      [8, 61_440],
      [16, 122_880],
    ] as [number, number][]),
  ];
  for (const [vcpus, memory] of right) {
    it(`takes ${vcpus} vCPU with ${memory} MiB`, () => expect(fargateMistake(vcpus, memory)).to.equal(undefined));
  }

  const wrong: [vcpus: number, memory: number, property: string][] = [
    [3, 8192, "vcpus"],
    [0.25, 1536, "memory"],
    [0.25, 4096, "memory"],
    [4, 31_744, "memory"],
    [8, 17_408, "memory"],
    [16, 36_864, "memory"],
  ];
  for (const [vcpus, memory, property] of wrong) {
    it(`refuses ${vcpus} vCPU with ${memory} MiB`, () =>
      expect(fargateMistake(vcpus, memory)).to.include({ property }));
  }
});

describe("retryMistakes", () => {
  it("takes three rules with what Batch takes in patterns", () => {
    const action = "RETRY";
    expect(
      retryMistakes([
        { action, onStatusReason: "Task failed to start" },
        { action, onReason: "CannotPullContainerError:*" },
        { action, onExitCode: "13*" },
      ]),
    ).to.deep.equal([]);
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
