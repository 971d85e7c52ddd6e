import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { packageSchemaFile } from "../../components/plugin/generate";
import { readYaml } from "../../offline/engine/documents";

interface Schema {
  resources: Record<string, { inputProperties: object; requiredInputs: string[]; properties: object }>;
}

interface Program {
  resources: Record<string, { type: string; properties: object }>;
}

const schema: Schema = JSON.parse(fs.readFileSync(packageSchemaFile, "utf8"));
const example = (file: string) => path.resolve("examples", file);
const component = (name: string) => {
  const found = schema.resources[`graviton:index:${name}`];
  if (!found) throw new Error(`the schema has no component ${name}`);
  return found;
};

/** @param uses each component of an example with its inputs and those of its outputs that are used, as in the schema */
function expectInSchema(uses: [name: string, inputs: string[], outputs: string[]][]): void {
  expect(uses.map(([name]) => name)).to.deep.equal(["ItemsTable", "LambdaFunction", "ServerlessApi"]);
  for (const [name, inputs, outputs] of uses) {
    expect(component(name).inputProperties, name).to.include.keys(inputs);
    expect(inputs, name).to.include.members(component(name).requiredInputs);
    expect(component(name).properties, name).to.include.keys(outputs);
  }
}

/** Running them takes the Pulumi CLI. */
describe("the examples in other languages", () => {
  it("components-yaml uses components, properties and outputs that exist", () => {
    const file = example("components-yaml/Pulumi.yaml");
    const text = fs.readFileSync(file, "utf8");
    const { resources } = readYaml(file) as unknown as Program;
    expectInSchema(
      Object.entries(resources).map(([name, { type, properties }]) => {
        const used = [...text.matchAll(new RegExp(`\\$\\{${name}\\.(\\w+)`, "g"))].map(([, output = ""]) => output);
        return [type.replace(/^graviton:/, ""), Object.keys(properties), used];
      }),
    );
  });

  it("components-python uses components, arguments and outputs that exist", () => {
    const text = fs.readFileSync(example("components-python/__main__.py"), "utf8");
    const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const calls = [...text.matchAll(/^(\w+) = graviton\.(\w+)\(([\s\S]*?)\)$/gm)];
    expectInSchema(
      calls.map(([, variable, name = "", parameters = ""]) => {
        const inputs = [...parameters.matchAll(/(?:^ {4}|, )(\w+)=/gm)].map(([, input = ""]) => camel(input));
        const used = [...text.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, "g"))].map(([, output = ""]) => output);
        return [name, inputs, used.filter((output) => output !== "handler").map(camel)];
      }),
    );
  });
});
