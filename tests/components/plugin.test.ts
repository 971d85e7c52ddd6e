import * as path from "node:path";
import { expect } from "chai";
import { reveal } from "pulumi-offline";
import manifest from "../../components/package.json";
import { run, runScript } from "../helpers/offline/program";

/** Has the plugin in the folder create components, with the SDK's own runner. */
async function construct(...components: [type: string, name: string, inputs: object][]) {
  const wanted = components.map(([type, name, inputs]) => ({ type: `graviton:index:${type}`, name, inputs }));
  const graph = await run("remote", {
    config: { folder: path.resolve("components"), components: JSON.stringify(wanted) },
  });
  const { schema, states } = reveal(graph.outputs) as { schema: string; states: unknown[] };
  return { schema: JSON.parse(schema), states, types: graph.resources.map(({ type }) => type) };
}

describe("the components as a plugin of a program in another language", function () {
  this.timeout(60_000);

  // One start for all cases: a plugin that is not compiled takes seconds.
  let made: Awaited<ReturnType<typeof construct>>;
  before(async () => {
    made = await construct(
      ["ItemsTable", "items", { ttlAttribute: "expiresAt" }],
      ["ItemsTable", "mistaken", { ttlAtribute: "x", pointInTimeRecovery: "yes" }],
      ["Table", "unknown", {}],
    );
  });

  it("create their resources and return their outputs, in any folder", () => {
    const { states, types, schema } = made;
    expect(types).to.include.members(["graviton:index:ItemsTable", "aws:dynamodb/table:Table"]);
    expect(states[0])
      .to.have.nested.property("readAccess.environment.TABLE_NAME")
      .that.matches(/^items-/);
    expect(schema).to.include({ name: "graviton", version: manifest.version });
  });

  it("refuse mistakes in arguments with all of them in the message, and unknown types with the known ones", () => {
    const { states, types } = made;
    expect(states[1]).to.match(/ItemsTable "mistaken" has 2 mistakes[\s\S]*did you mean "ttlAttribute"/);
    expect(states[2]).to.match(/graviton has no component graviton:index:Table; .*graviton:index:ItemsTable/);
    expect(types.filter((type) => type === "aws:dynamodb/table:Table")).to.have.lengthOf(1);
  });
});

describe("the components", function () {
  this.timeout(60_000);

  it("can be imported by name in an ES module, although the package's main module is the plugin's", async () => {
    const code = `import { ItemsTable } from "pulumi-graviton"; new ItemsTable("items");`;
    const graph = await runScript(code, "", {}, { "../package.json": '{ "type": "module" }' });
    expect(graph.resources.map(({ type }) => type)).to.include("graviton:index:ItemsTable");
  });
});
