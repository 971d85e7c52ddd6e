import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { isCompliant } from "../../../../offline";
import { Analyzer, detailsOf, isGone } from "../../../../offline/engine/crossguard/analyzer";
import { analyzeStackRequest } from "../../../../offline/engine/crossguard/messages";
import { PackProcess } from "../../../../offline/engine/crossguard/process";
import { readPackProject } from "../../../../offline/engine/crossguard/project";
import { judge, packOf, packResult } from "../../../helpers/offline/packs";
import { failureOf } from "../../../helpers/offline/program";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

describe("a policy pack that fails to run", () => {
  const run = {
    project: {
      name: "policed",
      directory: temporaryFolder(),
      file: "",
      workingDirectory: "",
      entryPoint: "",
      config: {},
      stackDirectory: "",
      typescript: true,
      nodeArguments: [],
      warnings: [],
    },
    config: { stack: "dev", values: {}, secretKeys: [], secretTexts: [], warnings: [] },
    organization: "organization",
    dryRun: true,
    address: "127.0.0.1:1",
    mode: "fast" as const,
  };

  /** The error message of a pack that does not start. */
  const explanation = async (directory: string, limitSeconds?: number) => {
    const lines: string[] = [];
    const pack = new PackProcess(readPackProject(directory), run, limitSeconds);
    pack.on("line", (line) => lines.push(line));
    const { message } = await failureOf(pack.port);
    await pack.exit;
    expect(lines, "diagnostics").to.deep.equal([]);
    return message;
  };

  it("is reported as a failure, and neither the program nor the result of another pack is lost", async () => {
    const good = packOf(`import { PolicyPack } from "@pulumi/policy"; new PolicyPack("good", { policies: [] });`);
    const graph = await judge([packOf("nonsense("), temporaryFolder(), good]);
    expect(graph.resources).to.have.lengthOf(7);
    expect(graph.policyPacks.map(({ failures }) => failures.length)).to.deep.equal([1, 1, 0]);
    expect(packResult(graph, 0)).to.include({ version: "", policies: 0 });
    expect(packResult(graph, 1).failures[0]?.message).to.match(/^There is no PulumiPolicy\.yaml in /);
    expect(packResult(graph, 2)).to.include({ name: "good", version: "1.0.0" });
    expect(isCompliant(graph)).to.equal(false);
  });

  it("shows the compiler's message if it does not compile", async () => {
    expect(await explanation(packOf("const broken = ;"))).to.match(
      /TypeScript does not compile:\nindex\.ts\(1,16\): error TS1109: Expression expected\./,
    );
  });

  it("shows the error that it throws, and where", async () => {
    const message = await explanation(packOf(`\nthrow new Error("no rules today");`));
    expect(message).to.match(/Error: no rules today\n {4}at .*\(index\.ts:2:7\)/);
    expect(message).not.to.contain("Running program");
  });

  it("shows its exit code and output if it ends", async () => {
    const message = await explanation(packOf(`console.error("out of ideas"); process.exit(7);`));
    expect(message).to.match(/it ended with exit code 7 before new PolicyPack\(\) reported its port\.\nout of ideas$/);
  });

  it("fails at once when it ends, even if a process that it started continues", async () => {
    const source = `require("node:child_process").spawn("sleep", ["60"], { stdio: "inherit" }); process.exit(7);`;
    expect(await explanation(packOf(source))).to.contain("it ended with exit code 7");
  });

  it("must not print anything before its port", async () => {
    const message = await explanation(packOf(`console.log("hello"); setInterval(() => undefined, 1000);`));
    expect(message).to.match(/its first line on standard output is not its port: .*\nhello$/);
  });

  it("is ended if it never reports its port", async () => {
    const message = await explanation(packOf("setInterval(() => undefined, 1000);"), 0.2);
    expect(message).to.contain("it did not report its port within 0.2 seconds");
  });

  it("must answer on the port that it prints", async () => {
    const graph = await judge([packOf("console.log(1); setInterval(() => undefined, 1000);")]);
    expect(packResult(graph).failures[0]?.message).to.match(/^The pack did not answer on the port that it printed: /);
  });

  it("must answer in time", async () => {
    const source = `import { PolicyPack } from "@pulumi/policy";
      new PolicyPack("slow", { policies: [{ name: "slow", description: "",
        validateStack: () => new Promise(() => undefined) }] });`;
    const pack = new PackProcess(readPackProject(packOf(source)), run);
    const analyzer = new Analyzer(await pack.port, 0.5);
    try {
      const error = await failureOf(analyzer.analyzeStack(analyzeStackRequest([], () => undefined)));
      expect(isGone(error)).to.equal(true);
      expect(detailsOf(error)).to.equal("it did not answer within 0.5 seconds");
    } finally {
      analyzer.close();
      pack.kill();
    }
  });

  it("fails at once when it ends, even if a daemon of its own holds its output open", async () => {
    const source = `const { spawn } = require("node:child_process");
      console.error(spawn("sleep", ["60"], { stdio: "inherit", detached: true }).pid); process.exit(7);`;
    const message = await explanation(packOf(source));
    expect(message).to.contain("it ended with exit code 7");
    process.kill(Number(message.split("\n").at(-1)));
  });

  it("asks for npm install if a package is missing", async () => {
    const directory = packOf(`import "not-installed";`);
    expect(await explanation(directory)).to.match(new RegExp(`\nRun npm install in ${directory}\\.$`));
  });

  it("asks for npm install if the SDK is missing", () => {
    const directory = packOf("");
    fs.rmSync(path.join(directory, "node_modules"));
    const start = () => new PackProcess(readPackProject(directory), run);
    expect(start).to.throw(
      `@pulumi/pulumi is not installed for the policy pack in ${directory}: run npm install there.`,
    );
  });

  it("must be for Node.js", () => {
    const directory = packOf("", { "PulumiPolicy.yaml": "runtime:\n  name: python\n" });
    expect(() => readPackProject(directory)).to.throw(
      /"runtime" is "python": pulumi-offline runs packs in TypeScript and JavaScript .*, but not in Python or OPA/,
    );
  });
});
