import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { type Diagnostic, type Graph, type Resource, reveal, runProgram, Unknown } from "../../../offline";
import { temporaryFolder } from "../../helpers/offline/graph";
import { failureOf, get, programDirectory, run } from "../../helpers/offline/program";

describe("kinds of programs", () => {
  it("runs ES modules", async () => {
    const graph = await run("esModule");
    expect(graph.outputs).to.deep.equal({ name: "from-a-module" });
  });

  it("runs JavaScript that exports a function, and shows what it prints", async () => {
    const diagnostics: Diagnostic[] = [];
    const resources: Resource[] = [];
    const graph = await run("javascript", {
      dryRun: true,
      onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
      onResource: (resource) => resources.push(resource),
    });
    expect(graph.outputs).to.deep.equal({ bucket: "imported-bucket", isDryRun: true });
    expect(diagnostics).to.deep.equal([{ severity: "info", message: "printed by the program" }]);
    expect(resources.map(({ name }) => name)).to.deep.equal(["javascript-dev", "bucket"]);
  });

  it("does not wait for a daemon that holds the program's output open", async () => {
    const directory = temporaryFolder();
    fs.writeFileSync(path.join(directory, "Pulumi.yaml"), "name: daemon\nruntime: nodejs\nmain: index.js\n");
    fs.writeFileSync(
      path.join(directory, "index.js"),
      `const { spawn } = require("node:child_process");
      const daemon = spawn("sleep", ["60"], { stdio: "inherit", detached: true });
      daemon.unref();
      exports.pid = daemon.pid;`,
    );
    fs.symlinkSync(path.resolve("node_modules"), path.join(directory, "node_modules"));
    const { outputs } = await runProgram({ directory });
    process.kill(Number(outputs.pid));
  });

  it("runs closures that become Lambda code", async () => {
    const graph = await runClosure("hello from a closure");
    const code = JSON.stringify(get(graph, "callback", "aws:lambda/function:Function").inputs.code);
    expect(code).to.contain("hello from a closure");
  });

  it("says where a closure is that cannot become code", async () => {
    const error = await failureOf(runClosure("iterator"));
    expect(error.message).to.match(/^The program failed: Error serializing .*: index\.ts\(\d+,\d+\)\n/);
  });
});

describe("references to other stacks", () => {
  it("have the outputs that stack-references.yaml gives", async () => {
    const graph = await run("references");
    expect(reveal(graph.outputs)).to.deep.equal({ vpcId: "vpc-0123456789abcdef0" });
  });

  it("fail, saying what to write, when there are none", async () => {
    const error = await failureOf(run("references", { config: { network: "acme/other/dev" } }));
    expect(error.message).to.contain('"acme/other/dev": { name: value, ... }').and.contain("stack-references.yaml");
  });

  it("are unknown in a dry run when there are none", async () => {
    const graph = await run("references", { config: { network: "acme/other/dev" }, dryRun: true });
    expect(graph.outputs.vpcId).to.be.instanceOf(Unknown);
    expect(graph.diagnostics.map(({ severity }) => severity)).to.deep.equal(["warning"]);
  });
});

/** The SDK looks for a workspace around the program in a way that needs Node 22: this one stands outside of ours. */
async function runClosure(captured: string): Promise<Graph> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "closure-"));
  try {
    fs.cpSync(programDirectory("closure"), directory, { recursive: true });
    fs.writeFileSync(path.join(directory, "package.json"), '{ "name": "closure" }');
    fs.symlinkSync(path.resolve("node_modules"), path.join(directory, "node_modules"));
    return await runProgram({ directory, config: { captured } });
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}
