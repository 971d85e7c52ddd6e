import { expect } from "chai";
import { Asset, diff, type Properties, type Resource, Secret, Unknown } from "../../../offline";
import { graphOf } from "../../helpers/offline/graph";

function resource(name: string, inputs: Properties = {}): Resource {
  const base = { custom: true, external: false, outputs: {}, dependencies: [], propertyDependencies: {} };
  return { ...base, urn: `urn:${name}`, type: "a:b:C", name, inputs, protect: false, options: {} };
}

const graph = (...resources: Resource[]) => graphOf("/project", ...resources);

describe("diff", () => {
  it("is empty for the same program", () => {
    const same = () => graph(resource("a", { secret: new Secret("s"), asset: new Asset({ path: "x" }) }));
    expect(diff(same(), same())).to.deep.equal([]);
  });

  it("names what was added, changed and removed, with the properties", () => {
    const before = graph(resource("kept", { same: 1, changed: 1, dropped: 1 }), resource("removed"));
    const after = graph(resource("added"), resource("kept", { same: 1, changed: 2, fresh: null }));
    expect(diff(before, after)).to.deep.equal([
      { kind: "added", urn: "urn:added", properties: [] },
      { kind: "changed", urn: "urn:kept", properties: ["changed", "dropped", "fresh"] },
      { kind: "removed", urn: "urn:removed", properties: [] },
    ]);
  });

  it("tells secrets, unknowns and assets apart", () => {
    const inputs = { secret: new Secret("a"), known: "a", asset: new Asset({ path: "a" }) };
    const others = { secret: new Secret("b"), known: new Unknown(), asset: new Asset({ path: "b" }) };
    const [change] = diff(graph(resource("x", inputs)), graph(resource("x", others)));
    expect(change?.properties).to.deep.equal(["secret", "known", "asset"]);
  });
});
