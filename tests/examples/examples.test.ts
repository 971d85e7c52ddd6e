import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { copyExamples, runScript } from "../helpers/examples";
import { begin } from "../helpers/offline/cli";
import { until } from "../helpers/offline/served";
import { repository, type Started, startOffline } from "../helpers/offline/start";
import { connect } from "../helpers/offline/webSockets";

const names = ["minimal", "api-and-jobs", "chat", "emr-serverless", "existing-network", "policy-pack"];

describe("the examples, outside the repository", function () {
  this.timeout(120_000);
  let started: Started | undefined;
  let parent: string;

  before(async () => {
    parent = await copyExamples(names);
  });
  afterEach(async () => {
    await started?.interrupt();
    started = undefined;
  });

  const folderOf = (name: string) => path.join(parent, name);
  const start = async (name: string, ...parameters: string[]) => {
    started = await startOffline(parameters, folderOf(name));
    return `${started.apis[0]?.url}`;
  };

  for (const name of names) {
    it(`${name} passes the policies at their default levels`, async () => {
      const stack = name === "existing-network" ? [] : ["--stack", "test"];
      const preview = await runScript(folderOf(name), "preview", ...stack);
      expect(preview).to.match(/1 pack, \d+ policies: 0 mandatory, \d+ advisory, 0 remediated, 0 failures/);
    });
  }

  it("pass the type check, all with the same tsconfig.json", async () => {
    for (const name of names) {
      const options = fs.readFileSync(path.join(folderOf(name), "tsconfig.json"), "utf8");
      expect(options, name).to.equal(fs.readFileSync(path.join(folderOf("minimal"), "tsconfig.json"), "utf8"));
    }
    // All at once, as loading the declarations of the packages takes most of the time.
    const all = { extends: "./minimal/tsconfig.json", include: names };
    fs.writeFileSync(path.join(parent, "tsconfig.json"), JSON.stringify(all));
    const project = path.join(parent, "tsconfig.json");
    await runScript(folderOf("minimal"), "check", "-p", project);
  });

  it("minimal serves its seeds, and its own tests pass", async () => {
    const url = await start("minimal", "--seed", path.join(folderOf("minimal"), "seeds"));
    const response = await fetch(`${url}/items`);
    expect({ status: response.status, body: await response.json() }).to.deep.equal({
      status: 200,
      body: { items: [{ id: "1", name: "lamp" }] },
    });
    expect(await runScript(folderOf("minimal"), "test")).to.contain("2 passing");
  });

  // Vitest is not installed here.
  for (const [framework, ...command] of [
    ["mocha", "node_modules/mocha/bin/mocha.js", "--require", "tsx/cjs", "--timeout", "60000"],
    ["node:test", "--import", "tsx", "--test"],
  ]) {
    it(`the test recipe for ${framework} passes`, async () => {
      const guide = fs.readFileSync(path.join(repository, "docs/getting-started.md"), "utf8");
      const [, recipe = ""] = new RegExp(`^With ${framework} [^]*?\`\`\`ts\n([^]*?)\`\`\``, "m").exec(guide) ?? [];
      fs.writeFileSync(path.join(folderOf("minimal"), "recipe.test.ts"), recipe);
      const run = promisify(execFile)(process.execPath, [...command, "recipe.test.ts"], { cwd: folderOf("minimal") });
      expect((await run).stdout).to.match(/1 passing|# pass 1|ℹ pass 1/);
    });
  }

  it("api-and-jobs writes a report when it starts, and another when it is asked", async () => {
    const url = await start("api-and-jobs");
    const count = async () => {
      const { reports } = (await (await fetch(`${url}/reports`)).json()) as { reports: unknown[] };
      return reports.length;
    };
    await until(async () => (await count()) === 1);
    expect((await fetch(`${url}/reports`, { method: "POST" })).status).to.equal(202);
    await until(async () => (await count()) === 2);
  });

  it("chat sends each message to everybody who is connected", async () => {
    await start("chat");
    const url = `${started?.webSockets[0]?.url}`;
    const [one, other] = [await connect(url), await connect(url)];
    one.socket.send("hello");
    expect(await Promise.all([one.next(), other.next()])).to.deep.equal(["hello", "hello"]);
    one.socket.close();
    await one.closed;
    expect(await other.ask("bye")).to.equal("bye");
    other.socket.close();
  });

  it("emr-serverless starts a job by invoking its function", async () => {
    await start("emr-serverless", "--data", path.join(folderOf("emr-serverless"), ".data"));
    const { out } = await begin("invoke", "count", "--cwd", folderOf("emr-serverless")).ended;
    expect(JSON.parse(out).jobRunId).to.be.a("string").and.not.be.empty;
  });

  it("existing-network fails with the lookup that finds no table", async () => {
    const lookup = "aws:dynamodb/getTable:getTable=none";
    const { code, error } = await begin("preview", "--lookup", lookup, "--cwd", folderOf("existing-network")).ended;
    expect(code).to.equal(1);
    expect(error).to.contain(`invocation of aws:dynamodb/getTable:getTable returned an error`);
    expect(error).to.contain(`nothing was found, as asked for with --lookup ${lookup}\n`);
  });

  it("policy-pack fails for a function on x86_64, and says what to write instead", async () => {
    const folder = folderOf("policy-pack");
    const file = path.join(folder, "index.ts");
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace('"arm64"', '"x86_64"'));
    const failure = await runScript(folder, "preview").catch(({ message }: Error) => message);
    expect(failure).to.contain("architectures[0] is x86_64, which is not arm64: write arm64 instead.");
  });
});
