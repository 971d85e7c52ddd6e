import { expect } from "chai";
import { anyOf, note, unless, watch } from "../../../policies/lib/unknowns";

const within = {};

/** A condition or check that could not know the value at a path. */
function doubtful<Result>(path: string, result: Result): () => Result {
  return () => {
    note([{ within, path }]);
    return result;
  };
}

function outcome<Result>(check: () => Result): { result: Result; paths: string[] } {
  const { result, unknowns } = watch(check);
  return { result, paths: unknowns.map(({ path }) => path) };
}

describe("watching a check", () => {
  it("returns what it could not know, and keeps that from whoever watches the caller", () => {
    const inner = outcome(() => outcome(doubtful("a", 1)));
    expect(inner).to.deep.equal({ result: { result: 1, paths: ["a"] }, paths: [] });
  });

  it("ends when the check throws", () => {
    const { paths } = outcome(() => {
      try {
        watch(() => {
          throw new Error("broken");
        });
      } catch {
        note([{ within, path: "b" }]);
      }
    });
    expect(paths).to.deep.equal(["b"]);
  });

  it("is not required", () => {
    expect(doubtful("a", 1)()).to.equal(1);
  });
});

describe("one of several conditions", () => {
  it("is met if one is, whatever the others could not know", () => {
    const any = () => anyOf(doubtful("a", false), () => true, doubtful("b", true));
    expect(outcome(any)).to.deep.equal({ result: true, paths: [] });
  });

  it("may be met if one of them may be", () => {
    for (const result of [true, false]) {
      const any = () => anyOf(() => false, doubtful("a", result), doubtful("b", false));
      expect(outcome(any)).to.deep.equal({ result: true, paths: ["a", "b"] });
    }
  });

  it("is not met if none is", () => {
    expect(
      outcome(() =>
        anyOf(
          () => false,
          () => false,
        ),
      ),
    ).to.deep.equal({ result: false, paths: [] });
    expect(outcome(() => anyOf())).to.deep.equal({ result: false, paths: [] });
  });
});

describe("findings under a condition", () => {
  const found = () => ["finding"];
  const none = () => [];

  it("are not looked for if it is met", () => {
    expect(outcome(() => unless(() => true, doubtful("a", ["finding"])))).to.deep.equal({ result: [], paths: [] });
  });

  it("are found, with what they could not know, if it is not met", () => {
    const check = () => unless(() => false, doubtful("a", ["finding"]));
    expect(outcome(check)).to.deep.equal({ result: ["finding"], paths: ["a"] });
  });

  it("are uncertain if it may be met", () => {
    for (const result of [true, false]) {
      expect(outcome(() => unless(doubtful("a", result), found))).to.deep.equal({ result: [], paths: ["a"] });
    }
  });

  it("leave it open whether the condition is met if there are none", () => {
    expect(outcome(() => unless(doubtful("a", true), none))).to.deep.equal({ result: [], paths: [] });
    expect(outcome(() => unless(doubtful("a", true), doubtful("b", [])))).to.deep.equal({ result: [], paths: ["b"] });
  });
});
