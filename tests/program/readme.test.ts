import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { resourcesOfType, runProgram } from "pulumi-offline";
import { repository } from "../helpers/offline/start";

describe("the README", () => {
  // Inside the repository, where the workspaces are found.
  const directory = path.join(repository, ".cache", "readme");
  before(() => mkdirSync(directory, { recursive: true }));
  after(() => rmSync(directory, { recursive: true }));

  it("contains a program that runs", async () => {
    const [, program = ""] =
      /```ts\n([\s\S]*?)```/.exec(readFileSync(path.join(repository, "README.md"), "utf8")) ?? [];
    writeFileSync(path.join(directory, "Pulumi.yaml"), "name: readme\nruntime: nodejs\nmain: index.ts\n");
    writeFileSync(path.join(directory, "index.ts"), program);
    writeFileSync(path.join(directory, "orders.ts"), "export const handler = async () => ({ statusCode: 200 });\n");
    const graph = await runProgram({ directory });
    expect(resourcesOfType(graph, "aws:apigateway/restApi:RestApi")).to.have.lengthOf(1);
    expect(graph.outputs.url).to.match(/\/Prod$/);
  });
});
