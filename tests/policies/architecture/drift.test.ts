import { expect } from "chai";
import { architectureProperties } from "../../../policies/architecture/rules";
import { type Declared, declaredProperties } from "./drift/declarations";
import { drift, isSuspect } from "./drift/drift";
import { ignored } from "./drift/ignored";

const row = { type: "aws:lambda/function:Function", path: "architectures[]" };

describe("the table of architecture properties", () => {
  let declared: Declared[];

  before(() => {
    declared = ["@pulumi/aws", "@pulumi/awsx", "@pulumi/docker", "@pulumi/docker-build"].flatMap(declaredProperties);
  });

  it("decides on every property of the installed providers that may select an architecture", () => {
    const { undecided } = drift(declared, architectureProperties, ignored);
    expectNone(
      undecided,
      "Give each of these a row in policies/architecture, or an entry with its reason in tests/policies/architecture/drift/ignored.ts",
    );
  });

  it("names only properties that the installed providers have", () => {
    const { gone } = drift(declared, architectureProperties, ignored);
    expectNone(
      gone,
      "Remove or rename these in policies/architecture or tests/policies/architecture/drift/ignored.ts: the providers no longer have them",
    );
  });

  it("decides on each property once", () => {
    const { twice } = drift(declared, architectureProperties, ignored);
    expectNone(
      twice,
      "Leave each of these in one place of policies/architecture and tests/policies/architecture/drift/ignored.ts",
    );
  });

  it("links each row to a page of documentation", () => {
    for (const { type, path, source } of architectureProperties) {
      expect(source, `${type} ${path}`).to.match(/^https:\/\/docs\.aws\.amazon\.com\/\S+$/);
    }
  });

  it("detects a missing row", () => {
    const rest = architectureProperties.filter(({ type, path }) => type !== row.type || path !== row.path);
    expect(drift(declared, rest, ignored).undecided).to.deep.equal([`${row.type} ${row.path}`]);
  });

  it("detects a missing entry in the list of ignored properties", () => {
    const rest = ignored.map(({ reason, paths }) => {
      const { "aws:dax/cluster:Cluster": _, ...others } = paths;
      return { reason, paths: others };
    });
    expect(drift(declared, architectureProperties, rest).undecided).to.deep.equal(["aws:dax/cluster:Cluster nodeType"]);
  });

  it("detects a property that a new release adds", () => {
    const news = { type: "aws:new/thing:Thing", path: "machines[].instanceType", isText: true, comment: "" };
    expect(drift([...declared, news], architectureProperties, ignored).undecided).to.deep.equal([
      "aws:new/thing:Thing machines[].instanceType",
    ]);
  });

  it("detects a property that a new release removes, in rows, conditions, JSON documents and the list of ignored ones", () => {
    const taken = [
      "aws:lambda/function:Function architectures[]",
      "aws:ec2/instance:Instance launchTemplate",
      "aws:batch/jobDefinition:JobDefinition nodeProperties",
      "aws:dax/cluster:Cluster nodeType",
    ];
    const rest = declared.filter(({ type, path }) => !taken.includes(`${type} ${path}`));
    const { gone } = drift(rest, architectureProperties, ignored);
    expect(new Set(gone.map((property) => property.replace(/\{\}.*/, "")))).to.deep.equal(new Set(taken));
  });

  it("detects a property with two decisions", () => {
    const again = { reason: "", paths: { [row.type]: [row.path] } };
    expect(drift(declared, architectureProperties, [...ignored, again]).twice).to.deep.equal([
      `${row.type} ${row.path}`,
    ]);
  });
});

describe("reading a provider's declarations", () => {
  it("finds every resource type that has arguments, and nothing else", () => {
    const types = new Set(declaredProperties("@pulumi/docker-build").map(({ type }) => type));
    expect([...types]).to.have.members(["docker-build:index:Image", "docker-build:index:Index"]);
  });

  it("follows lists, maps and nested arguments", () => {
    const paths = declaredProperties("@pulumi/docker-build").map(({ type, path }) => `${type} ${path}`);
    expect(paths).to.include.members([
      "docker-build:index:Image platforms[]",
      "docker-build:index:Image buildArgs.*",
      "docker-build:index:Image cacheFrom[].local.src",
      "docker-build:index:Image context.named.*.location",
    ]);
  });

  it("treats enumerations as strings", () => {
    const suspects = declaredProperties("@pulumi/docker-build").filter(isSuspect);
    expect(suspects.map(({ type, path }) => `${type} ${path}`)).to.deep.equal(["docker-build:index:Image platforms[]"]);
  });

  it("suspects a string property by its name, its values or the beginning of its documentation", () => {
    const plain = { type: "aws:new/thing:Thing", path: "speed", isText: true, comment: "How fast it is." };
    expect(isSuspect(plain)).to.equal(false);
    expect(isSuspect({ ...plain, path: "workers[].nodeType" })).to.equal(true);
    expect(isSuspect({ ...plain, path: "architectures[]" })).to.equal(true);
    expect(isSuspect({ ...plain, comment: "Valid values are `ARM64` and `X86_64`." })).to.equal(true);
    expect(isSuspect({ ...plain, comment: "Instance type of the nodes." })).to.equal(true);
    expect(isSuspect({ ...plain, path: "instanceType", isText: false })).to.equal(false);
    expect(isSuspect({ ...plain, path: "instanceType.weight" })).to.equal(false);
  });
});

function expectNone(properties: string[], advice: string): void {
  expect(properties.length, `${advice}:\n${properties.join("\n")}\n`).to.equal(0);
}
