import { unknownCheckingProxy } from "@pulumi/policy";
import { expect } from "chai";
import { watch } from "../../../policies/lib/unknowns";
import { holds, isGiven, known, read } from "../../../policies/lib/values";
import { unknown } from "../../helpers/policies/policies";

const props = (value: object) => unknownCheckingProxy(value) as object;

const state = (value: object, path: string) => read(props(value), path);

describe("reading a path of a resource's properties", () => {
  it("finds a value, in maps and lists", () => {
    expect(state({ a: { b: [{ c: 1 }, { c: false }] } }, "a.b[].c")).to.deep.equal([
      { state: "known", path: "a.b[0].c", value: 1 },
      { state: "known", path: "a.b[1].c", value: false },
    ]);
  });

  it("finds whole elements, in lists of lists too", () => {
    expect(state({ a: [["x"], ["y", "z"]] }, "a[][]").map(({ path }) => path)).to.deep.equal([
      "a[0][0]",
      "a[1][0]",
      "a[1][1]",
    ]);
  });

  it("finds every key of a map, with its path", () => {
    expect(state({ a: { x: { b: 1 }, y: {} } }, "a.*.b")).to.deep.equal([
      { state: "known", path: "a.x.b", value: 1 },
      { state: "missing", path: "a.y.b" },
    ]);
    expect(state({ x: 1, y: 2 }, "*").map(({ path }) => path)).to.deep.equal(["x", "y"]);
    expect(state({ a: {} }, "a.*.b").map((reading) => reading.state)).to.deep.equal(["missing"]);
  });

  it("treats an empty string, zero and false as given", () => {
    for (const value of ["", 0, false])
      expect(state({ a: value }, "a")).to.deep.equal([{ state: "known", path: "a", value }]);
  });

  it("gives the whole path of a missing value, wherever the properties end", () => {
    const missing = [{ state: "missing", path: "a.b.c" }];
    for (const value of [{}, { a: {} }, { a: { b: null } }, { a: { b: { c: undefined } } }, { a: { b: [] } }]) {
      const path = Array.isArray((value.a as { b?: unknown } | undefined)?.b) ? "a.b[].c" : "a.b.c";
      expect(state(value, path), JSON.stringify(value)).to.deep.equal(missing);
    }
    expect(state({}, "a{}.b[].c")).to.deep.equal(missing);
  });

  it("says in which element a value is missing", () => {
    expect(state({ a: [{ b: 1 }, {}, null] }, "a[].b").map(({ state, path }) => `${path} ${state}`)).to.deep.equal([
      "a[0].b known",
      "a[1].b missing",
      "a[2].b missing",
    ]);
  });

  it("stops at an unknown value, and continues with its siblings", () => {
    expect(state({ a: unknown }, "a.b[].c")).to.deep.equal([{ state: "unknown", path: "a", isHidden: true }]);
    expect(state({ a: { b: unknown } }, "a.b[].c")).to.deep.equal([{ state: "unknown", path: "a.b", isHidden: true }]);
    expect(state({ a: unknown }, "a{}.b")).to.deep.equal([{ state: "unknown", path: "a", isHidden: true }]);
    expect(
      state({ a: [unknown, { b: unknown }, { b: 1 }] }, "a[].b").map(({ state, path }) => `${path} ${state}`),
    ).to.deep.equal(["a[0] unknown", "a[1].b unknown", "a[2].b known"]);
    expect(state({ a: { x: unknown, y: 1 } }, "a.*").map((reading) => reading.state)).to.deep.equal([
      "unknown",
      "known",
    ]);
  });

  it("recognises an unknown value of every kind", () => {
    const kinds = [
      "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
      "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
      "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
      "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ];
    for (const value of kinds) {
      expect(state({ a: value }, "a")).to.deep.equal([{ state: "unknown", path: "a", isHidden: false }]);
    }
  });

  it("does not catch other errors", () => {
    const value = Object.defineProperty({}, "a", {
      get: () => {
        throw new Error("broken");
      },
    });
    expect(() => read(value, "a")).to.throw("broken");
  });

  it("says what has the wrong shape, and where", () => {
    const problems = (value: object, path: string) =>
      state(value, path).map((reading) => (reading.state === "unreadable" ? `${reading.path} ${reading.problem}` : ""));
    expect(problems({ a: "x" }, "a[]")).to.deep.equal(["a must be a list, but is a string"]);
    expect(problems({ a: { b: { c: 1 } } }, "a.b[]")).to.deep.equal(["a.b must be a list, but is a map"]);
    expect(problems({ a: ["x"] }, "a.b")).to.deep.equal(["a must be a map, but is a list"]);
    expect(problems({ a: [5, {}] }, "a[].b")).to.deep.equal(["a[0] must be a map, but is a number", ""]);
    expect(problems({ a: 5 }, "a{}.b")).to.deep.equal(["a must be a JSON document, but is a number"]);
    expect(problems({ a: "[1]" }, "a{}.b")).to.deep.equal(["a must be a map, but is a list"]);
  });
});

describe("reading a JSON document", () => {
  it("reads its values, whose paths show no sign of the document", () => {
    const document = JSON.stringify({ b: [{ c: 1 }] });
    expect(state({ a: document }, "a{}.b[].c")).to.deep.equal([{ state: "known", path: "a.b[0].c", value: 1 }]);
  });

  it("reads one that is an object, of which a part may be unknown", () => {
    const document = { b: [{ c: unknown }, { C: 2 }] };
    expect(state({ a: document }, "a{}.b[].c")).to.deep.equal([
      { state: "unknown", path: "a.b[0].c", isHidden: false },
      { state: "known", path: "a.b[1].C", value: 2 },
    ]);
  });

  it("reads a document in a list, and one in another document", () => {
    const inner = JSON.stringify({ b: 1 });
    expect(known({ list: [inner] }, "list[]{}.b")).to.deep.equal([1]);
    expect(known({ a: JSON.stringify({ inner }) }, "a{}.inner{}.b")).to.deep.equal([1]);
  });

  it("ignores the case of names, and of two names reads the last, as AWS's SDK for Go does", () => {
    expect(
      known({ a: '{"RuntimePlatform":{"CPUARCHITECTURE":"ARM64"}}' }, "a{}.runtimePlatform.cpuArchitecture"),
    ).to.deep.equal(["ARM64"]);
    expect(known({ a: '{"name":"ARM64","Name":"X86_64"}' }, "a{}.name")).to.deep.equal(["X86_64"]);
    expect(known({ a: '{"Name":"X86_64","name":"ARM64"}' }, "a{}.name")).to.deep.equal(["ARM64"]);
  });

  it("respects the case of names outside documents", () => {
    expect(isGiven({ Name: 1 }, "name")).to.equal(false);
  });

  it("treats null as missing", () => {
    expect(state({ a: "null" }, "a{}.b")).to.deep.equal([{ state: "missing", path: "a.b" }]);
  });

  it("says where it is invalid without quoting it", () => {
    expect(state({ a: "{ hunter2" }, "a{}.b")).to.deep.equal([
      { state: "unreadable", path: "a", problem: "is not valid JSON (at position 2)" },
    ]);
    for (const text of ["", "hunter2", '{"password":hunter2}', '{"password":"hunter2"', '{"a":1} "hunter2"']) {
      const [reading] = state({ a: text }, "a{}.b");
      expect(reading?.state, text).to.equal("unreadable");
      expect(JSON.stringify(reading)).to.match(/"is not valid JSON( \(at position \d+\))?"/);
    }
  });
});

describe("a value at a path", () => {
  const value = props({ a: [1, unknown, 2], b: unknown, c: [], d: null });

  it("is known if it can be read", () => {
    expect(known(value, "a[]")).to.deep.equal([1, 2]);
    expect(known(value, "b")).to.deep.equal([]);
  });

  const undecided = (ask: () => void) => watch(ask).unknowns.map(({ path }) => path);

  it("passes a test if a known one does, and only otherwise do unknown ones matter", () => {
    const isTwo = (one: unknown) => one === 2;
    expect(holds(value, "a[]", isTwo)).to.equal(true);
    expect(undecided(() => holds(value, "a[]", isTwo))).to.deep.equal([]);
    expect(holds(value, "a[]", () => false)).to.equal(false);
    expect(undecided(() => holds(value, "a[]", () => false))).to.deep.equal(["a[1]"]);
    expect(undecided(() => holds(value, "c[]", () => false))).to.deep.equal([]);
  });

  it("may be given if what contains it is unknown", () => {
    expect(isGiven(value, "b.c")).to.equal(true);
    expect(undecided(() => isGiven(value, "b.c"))).to.deep.equal(["b"]);
    expect(undecided(() => isGiven(value, "b"))).to.deep.equal([]);
    expect(undecided(() => isGiven(value, "a[]"))).to.deep.equal([]);
  });

  it("is given if it is unknown or of a wrong shape, and not if it is empty", () => {
    expect(isGiven(value, "b")).to.equal(true);
    expect(isGiven(value, "a.b")).to.equal(true);
    expect(isGiven(value, "c[]")).to.equal(false);
    expect(isGiven(value, "d")).to.equal(false);
    expect(isGiven(value, "e.f")).to.equal(false);
  });
});
