import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type BuildOptions, buildSync } from "esbuild";
import type { Graph } from "../../../offline/engine/graph";
import { Archive, Asset } from "../../../offline/engine/values";
import { type Watcher, watchProgram } from "../../../offline/reload/watchProgram";
import {
  batchClientOf,
  computeEnvironment,
  image,
  jobDefinition,
  jobQueue,
  NODE_DOCKERFILE,
} from "../../helpers/offline/batch";
import { graphOf, lambda, lambdaOf, proxy, restApi, temporaryFolder } from "../../helpers/offline/graph";
import { closeServers, type Served, serveGraph, until } from "../../helpers/offline/served";

/** A program with a bundled function, whose `lib.ts` the program imports as well and whose `shared.ts` its job does. */
class Program {
  readonly directory = temporaryFolder();
  runs = 0;
  fails = false;
  onRun = () => {};

  constructor() {
    this.write("Pulumi.yaml", "name: project\nruntime: nodejs\n");
    this.write("package.json", '{ "main": "index.ts" }');
    this.write("index.ts", 'import { route } from "./lib";\nexport default route;\n');
    this.write("lib.ts", 'export const route = "/";\n');
    this.write("shared.ts", 'export const text = "shared";\n');
    this.write("job.ts", 'import { text } from "./shared";\nconsole.log(`job ${text}`);\n');
    this.write("node_modules/there/package.json", "{}");
    this.handler("first");
    this.bundle();
  }

  write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(path.join(this.directory, name)), { recursive: true });
    fs.writeFileSync(path.join(this.directory, name), text);
  }

  handler(answer: string): void {
    this.write(
      "handler.ts",
      `import { route } from "./lib";\nimport { text } from "./shared";\nexport const handler = async () => ({ statusCode: 200, headers: { route, text }, body: ${JSON.stringify(answer)} });\n`,
    );
  }

  graph(): Graph {
    const file = path.join(this.directory, ".cache/bundles/0/index.js");
    const main = lambdaOf("main", new Archive({ assets: { "index.js": new Asset({ path: file }) } }));
    const paths = { "/": { get: proxy("main") }, "/runs": { get: proxy("runs") } };
    const runs = lambda("runs", `exports.handler = async () => ({ statusCode: 200, body: "${this.runs}" })`);
    const jobs = [
      computeEnvironment("spot"),
      jobQueue("main", "spot"),
      jobDefinition("work"),
      image({}, { context: this.jobContext }),
    ];
    return graphOf(this.directory, main, runs, ...restApi("api", { paths }), ...jobs);
  }

  async rerun(): Promise<Graph> {
    this.runs++;
    this.onRun();
    if (this.fails) throw new Error("index.ts:2: the program throws");
    this.bundle();
    return this.graph();
  }

  /** Another one after each run, as components name them after their content. */
  private get jobContext(): string {
    return `.cache/images/${this.runs}`;
  }

  private bundle(): void {
    this.bundleOne("handler.ts", ".cache/bundles/0", ["lib.ts", "shared.ts"]);
    this.bundleOne("job.ts", this.jobContext, ["shared.ts"]);
    this.write(`${this.jobContext}/Dockerfile`, NODE_DOCKERFILE);
  }

  /** Bundles as the recipe convention says: see README.md. */
  private bundleOne(entry: string, to: string, imports: string[]): void {
    const entryPoint = path.join(this.directory, entry);
    const outfile = path.join(this.directory, to, "index.js");
    const options: BuildOptions = {
      entryPoints: [entryPoint],
      outfile,
      absWorkingDir: this.directory,
      bundle: true,
      minify: true,
      platform: "node",
      sourcemap: "linked",
    };
    const warnings = buildSync({ ...options, logLevel: "silent" }).warnings.map(({ text }) => text);
    this.write(
      `${to}/index.js.build.json`,
      JSON.stringify({
        entryPoint,
        inputs: [entry, ...imports].map((file) => path.join(this.directory, file)),
        lookups: {
          [this.directory]: ["package.json"],
          [path.join(this.directory, "node_modules")]: ["there", "@missing"],
          [path.join(this.directory, "node_modules/there")]: ["*"],
        },
        warnings,
        options,
      }),
    );
  }
}

describe("watchProgram", () => {
  let program: Program;
  let server: Served;
  let watcher: Watcher;

  beforeEach(async () => {
    program = new Program();
    const graph = program.graph();
    server = await serveGraph(graph);
    watcher = await watchProgram({
      graph,
      server,
      rerun: () => program.rerun(),
      log: (line) => server.lines.push(line),
    });
    expect(await answer()).to.equal("first");
  });

  afterEach(async () => {
    await watcher.close();
    await closeServers();
  });

  async function answer(route = "/"): Promise<string> {
    return (await server.call(route)).text();
  }

  const logged = (text: string | RegExp) => until(() => server.lines.some((line) => line.search(text) >= 0));

  it("rebuilds a changed function alone, without running the program", async () => {
    program.handler("second");
    await until(async () => (await answer()) === "second");
    expect(program.runs).to.equal(0);
    expect(server.lines.join("\n")).to.match(/handler\.ts changed \| function main updated in \d+ ms/);
  });

  it("answers every request while edits come under load, at last with the newest code", async () => {
    const statuses = new Set<number>();
    let editing = true;
    const load = Array.from({ length: 4 }, async () => {
      while (editing) statuses.add((await server.call("/")).status);
    });
    for (let edit = 1; edit <= 10; edit++) {
      program.handler(`edit ${edit}`);
      await until(async () => (await answer()) === `edit ${edit}`);
    }
    editing = false;
    await Promise.all(load);
    expect([...statuses]).to.deep.equal([200]);
  });

  it("keeps the last good version when an edit does not compile, shows the place, and takes over the repair", async () => {
    program.write("handler.ts", "export const handler = async () => {{");
    await logged("not taken over");
    expect(server.lines.join("\n")).to.match(/handler\.ts:1:3\d/);
    expect(await answer()).to.equal("first");
    program.handler("repaired");
    await until(async () => (await answer()) === "repaired");
  });

  it("keeps the last good version when new code does not load", async () => {
    program.write("handler.ts", "throw new Error('not configured'); export const handler = 1;");
    await logged("the new code does not load");
    expect(await answer()).to.equal("first");
  });

  it("runs the program again when one of its files changes", async () => {
    program.write("Pulumi.dev.yaml", "config: {}\n");
    await until(async () => (await answer("/runs")) === "1");
    expect(await answer()).to.equal("first");
  });

  it("does both for a file that both the function and the program use", async () => {
    program.write("lib.ts", 'export const route = "/changed";\n');
    await until(async () => (await server.call("/")).headers.get("route") === "/changed");
    await until(() => program.runs === 1);
  });

  it("runs new code in the jobs that are submitted after a change in what the job is made of", async () => {
    const { submit, logged: printed } = batchClientOf(server);
    await submit();
    await printed("job shared");
    program.write("job.ts", 'import { text } from "./shared";\nconsole.log(`new job ${text}`);\n');
    await logged(/^job.ts changed .*job definition work updated/);
    await submit();
    await printed("new job shared");
    program.write("shared.ts", 'export const text = "changed";\n');
    await until(async () => (await server.call("/")).headers.get("text") === "changed");
    await logged(/^shared.ts changed .*job definition work updated/);
    await submit();
    await printed("new job changed");
    expect(program.runs).to.equal(2);
  });

  it("goes on serving when the program fails, shows why, and tries again at the next change", async () => {
    program.fails = true;
    program.write("index.ts", "throw 1;\n");
    await logged("the program throws");
    expect(await answer()).to.equal("first");
    program.fails = false;
    program.handler("next");
    await until(async () => (await answer("/runs")) === "2");
  });

  it("follows files in new folders, and sources that a function imports later", async () => {
    program.write("more/part.ts", 'export const part = "one";\n');
    await until(() => program.runs === 1);
    program.write(
      "handler.ts",
      'import { part } from "./more/part";\nexport const handler = async () => ({ statusCode: 200, body: part });\n',
    );
    await until(async () => (await answer()) === "one");
    program.write("more/part.ts", 'export const part = "two";\n');
    await until(async () => (await answer()) === "two");
    expect(program.runs).to.equal(1);
  });

  it("leaves caches, dependencies and drafts of editors alone", async () => {
    program.write("node_modules/package/index.js", "1");
    program.write(".git/index", "1");
    program.write("handler.ts~", "1");
    program.write("start.log", "1");
    program.write("handler.ts.tmp", "1");
    program.handler("after");
    fs.rmSync(path.join(program.directory, "handler.ts.tmp"));
    await until(async () => (await answer()) === "after");
    expect(program.runs).to.equal(0);
  });

  it("runs the program again when the imports of a function may resolve to another file", async () => {
    program.write("node_modules/there/package.json", '{ "main": "other.js" }');
    await until(() => program.runs === 1);
    program.write("node_modules/@missing/package/package.json", "{}");
    await until(() => program.runs === 2);
    program.write("node_modules/there/README.md", "text");
    program.write("node_modules/unrelated/package.json", "{}");
    program.handler("after");
    await until(async () => (await answer()) === "after");
    expect(program.runs).to.equal(2);
  });

  it("runs the program again when esbuild has a new warning", async () => {
    const warned = "import.meta.url; export const handler = async () => ({ statusCode: 200, body: 'warned' });";
    program.write("handler.ts", warned);
    await until(() => program.runs === 1);
    program.write("handler.ts", warned.replace("'warned'", "'again'"));
    await until(async () => (await answer()) === "again");
    expect(program.runs).to.equal(1);
  });

  it("does not run again for a file that every run writes the same", async () => {
    program.onRun = () => program.write("openapi.json", "{}");
    program.write("Pulumi.dev.yaml", "config: {}\n");
    await until(() => program.runs === 2);
    program.handler("after");
    await until(async () => (await answer()) === "after");
    expect(program.runs).to.equal(2);
  });

  it("follows a folder that is removed and comes back, as when branches change", async () => {
    program.write("more/part.ts", 'export const part = "one";\n');
    await until(() => program.runs === 1);
    fs.rmSync(path.join(program.directory, "more"), { recursive: true });
    await until(() => program.runs === 2);
    program.write("more/part.ts", 'export const part = "two";\n');
    await until(() => program.runs === 3);
    program.write("more/part.ts", 'export const part = "three";\n');
    await until(() => program.runs === 4);
  });

  it("keeps a few of the versions it built, and none after it closes", async () => {
    const folders = () => fs.readdirSync(path.join(program.directory, ".cache/bundles")).length;
    for (let edit = 1; edit <= 9; edit++) {
      program.handler(`edit ${edit}`);
      await until(async () => (await answer()) === `edit ${edit}`);
    }
    expect(folders()).to.be.within(2, 8);
    await watcher.close();
    expect(folders()).to.equal(1);
  });
});
