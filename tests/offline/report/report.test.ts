import { expect } from "chai";
import { type Graph, type Resource, Secret, Unknown } from "../../../offline";
import { createUrn, stackType } from "../../../offline/engine/urn";
import { paintFor } from "../../../offline/report/colors";
import { renderJson } from "../../../offline/report/json";
import { renderMarkdown } from "../../../offline/report/markdown";
import { renderTree } from "../../../offline/report/tree";
import { graphOf } from "../../helpers/offline/graph";

const plain = paintFor({});
const stack = resource(stackType, "project-dev");
const component = resource("shop:index:Store", "store", stack, { custom: false });

function resource(type: string, name: string, parent?: Resource, more: Partial<Resource> = {}): Resource {
  const urn = createUrn({ stack: "dev", project: "project", type, name }, parent?.urn);
  const base = { custom: true, external: false, inputs: {}, outputs: {}, dependencies: [], propertyDependencies: {} };
  return { ...base, urn, type, name, protect: false, options: {}, ...(parent && { parent: parent.urn }), ...more };
}

function graph(): Graph {
  const table = resource("aws:dynamodb/table:Table", "items", component);
  const fn = resource("aws:lambda/function:Function", "api", component, {
    dependencies: [table.urn],
    inputs: { password: new Secret("hunter2"), size: new Unknown() },
  });
  const provider = resource("pulumi:providers:aws", "default_7_0_0");
  const read = resource("aws:ec2/vpc:Vpc", "vpc", stack, { external: true });
  return {
    ...graphOf("/project", stack, provider, component, table, fn, read),
    outputs: { url: "https://example.com", secret: new Secret("hunter2"), long: "x".repeat(1000) },
    diagnostics: [{ severity: "warning", message: "be careful", urn: fn.urn }],
  };
}

describe("renderTree", () => {
  it("shows the tree, what is read, diagnostics, outputs and counts", () => {
    expect(renderTree({ ...graph(), outputs: { url: "u", secret: new Secret("hunter2") } }, plain)).to.equal(`\
Previewing project (dev), region eu-west-1:

     Type                       Name         Plan
 +   pulumi:pulumi:Stack        project-dev  create
 +   ├─ shop:index:Store        store        create
 +   │  ├─ aws:dynamodb:Table   items        create
 +   │  └─ aws:lambda:Function  api          create
 >   └─ aws:ec2:Vpc             vpc          read

Diagnostics:
  warning: be careful
    urn:pulumi:dev::project::shop:index:Store$aws:lambda/function:Function::api

Outputs:
    url   : "u"
    secret: "[secret]"

Resources:
    + 4 to create
    > 1 to read
`);
  });

  it("cuts long texts short, saying how long they are", () => {
    expect(renderTree(graph(), plain)).to.match(/long *: "x{200}… \(1000 characters\)"/);
  });

  it("has colours on a terminal alone, and none with NO_COLOR", () => {
    const before = process.env.NO_COLOR;
    delete process.env.NO_COLOR;
    try {
      expect(renderTree(graph(), paintFor({ isTTY: true }))).to.contain("\u001b[32m");
      expect(renderTree(graph(), paintFor({ isTTY: false }))).to.not.contain("\u001b");
      process.env.NO_COLOR = "1";
      expect(renderTree(graph(), paintFor({ isTTY: true }))).to.not.contain("\u001b");
    } finally {
      if (before === undefined) delete process.env.NO_COLOR;
      else process.env.NO_COLOR = before;
    }
  });
});

describe("renderJson", () => {
  const document = JSON.parse(renderJson(graph()));

  it("has every resource, with everything known about it", () => {
    expect(document.resources).to.have.lengthOf(6);
    const fields = [
      "urn",
      "type",
      "name",
      "parent",
      "inputs",
      "outputs",
      "dependencies",
      "propertyDependencies",
      "protect",
    ];
    expect(document.resources[4]).to.include.all.keys(...fields);
    expect(document).to.include.all.keys("project", "stack", "region", "outputs", "diagnostics");
  });

  it("prints neither secrets nor unknowns", () => {
    expect(document.resources[4].inputs).to.deep.equal({ password: "[secret]", size: "[unknown]" });
    expect(JSON.stringify(document)).to.not.contain("hunter2");
    expect(document.outputs.long).to.have.lengthOf(1000);
  });
});

describe("renderMarkdown", () => {
  it("draws components around their resources, and the dependencies", () => {
    const diagram = /```mermaid\n([\s\S]*?)\n```/.exec(renderMarkdown(graph()))?.[1];
    expect(diagram).to.equal(`\
flowchart LR
  subgraph r0["store<br/>shop:index:Store"]
    r1["items<br/>aws:dynamodb:Table"]
    r2["api<br/>aws:lambda:Function"]
  end
  r3["vpc<br/>aws:ec2:Vpc"]
  r2 --> r1`);
  });

  it("says what it leaves out, and prints no secret", () => {
    expect(renderMarkdown(graph())).to.contain("without the default providers (1).").and.not.contain("hunter2");
  });

  it("is not broken by names and values", () => {
    const evil = resource("a:b:C", 'x"]; end\n```', stack);
    const markdown = renderMarkdown({ ...graphOf("/project", stack, evil), outputs: { "a|b": "| ``` |\n# title" } });
    expect(markdown).to.not.match(/^# title/m);
    expect(markdown).to.contain("| a&#124;b |");
    expect(markdown).to.contain('["x#34;#93;#59; end#10;#96;#96;#96;<br/>a:b:C"]');
  });
});
