import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
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
import { graphOf, lambda, lambdaOf, proxy, restApi } from "../../helpers/offline/graph";
import { closeServers, type Served, serveGraph, until } from "../../helpers/offline/served";
import { temporaryFolder } from "../../helpers/temporaryFolder";

/** A program with a bundled function, whose `lib.ts` the program imports as well and whose `shared.ts` its job does. */
class Program {
  readonly directory = temporaryFolder();
  runs = 0;
  /** How many runs have finished. */
  completed = 0;
  fails = false;
  /** Runs end only when they are aborted. */
  hangs = false;
  /** How long a run takes. */
  milliseconds = 0;
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

  async rerun(signal: AbortSignal): Promise<Graph> {
    this.runs++;
    this.onRun();
    if (this.fails) throw new Error("index.ts:2: the program throws");
    if (this.hangs) await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    if (this.milliseconds > 0) await setTimeout(this.milliseconds, undefined, { signal });
    this.bundle();
    this.completed++;
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
    watcher = watchProgram({
      graph,
      rerun: (signal) => program.rerun(signal),
      log: (line) => server.lines.push(line),
    });
    await watcher.follow(server);
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

  it("applies what was edited during the first run, and no other file that the run wrote", async () => {
    await watcher.close();
    const begun = watchProgram({
      graph: program.graph(),
      rerun: (signal) => program.rerun(signal),
      log: (line) => server.lines.push(line),
    });
    await setTimeout(50);
    program.handler("edited");
    program.write("report.txt", "written by the program");
    await setTimeout(100);
    await begun.follow(server);
    await until(async () => (await answer()) === "edited");
    expect(server.lines.filter((line) => line.includes("report.txt"))).to.deep.equal([]);
    expect(program.runs).to.equal(0);
    watcher = begun;
  });

  it("reports what broke the program during the first run", async () => {
    await watcher.close();
    const begun = watchProgram({
      graph: program.graph(),
      rerun: (signal) => program.rerun(signal),
      log: (line) => server.lines.push(line),
    });
    await setTimeout(50);
    program.fails = true;
    program.write("index.ts", "export const broken = ;");
    await setTimeout(100);
    await begun.follow(server);
    watcher = begun;
    await logged(/^index\.ts changed \| not applied/);
  });

  it("rebuilds a changed function alone, without running the program", async () => {
    program.handler("second");
    await until(async () => (await answer()) === "second");
    expect(program.runs).to.equal(0);
    expect(server.lines.join("\n")).to.match(/handler\.ts changed \| function main updated in \d+ ms/);
  });

  it("answers every request during edits under load, and in the end with the newest code", async () => {
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

  it("keeps the last good version when an edit does not compile, shows where, and applies the repair", async () => {
    program.write("handler.ts", "export const handler = async () => {{");
    await logged("not applied");
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

  it("keeps serving when the program fails, shows why, and tries again at the next change", async () => {
    program.fails = true;
    program.write("index.ts", "throw 1;\n");
    await logged("the program throws");
    expect(await answer()).to.equal("first");
    program.fails = false;
    program.handler("next");
    await until(async () => (await answer("/runs")) === "2");
  });

  describe("while a run is in progress", () => {
    const hang = async (file = "index.ts") => {
      program.hangs = true;
      program.write(file, "// never ends\n");
      await until(() => program.runs === 1);
    };

    it("ends it when something else changes, and runs the newest state alone", async () => {
      await hang();
      program.hangs = false;
      program.write("lib.ts", 'export const route = "/mended";\n');
      await logged(/^(index|lib)\.ts, (index|lib)\.ts changed \| function runs updated/);
      expect([program.runs, program.completed]).to.deep.equal([2, 1]);
      expect(await answer("/runs")).to.equal("2");
      expect(server.lines.join("\n")).not.to.include("not applied");
    });

    it("ends it for the repair of a function, which the run would not have had", async () => {
      await hang();
      program.hangs = false;
      program.handler("repaired");
      await until(async () => (await answer("/runs")) === "2");
      expect(await answer()).to.equal("repaired");
    });

    for (const file of ["report.txt", "generated.ts"]) {
      it(`lets it end when the program itself writes ${file}, differently in each run`, async () => {
        program.milliseconds = 200;
        program.onRun = () => program.write(file, `// run ${program.runs}`);
        program.write("index.ts", "// changed\n");
        await logged(/changed \| function runs updated/);
      });
    }

    it("ends it on close, silently", async () => {
      await hang();
      await watcher.close();
      expect(server.lines.join("\n")).not.to.include("changed");
    });
  });

  for (const [file, text] of [
    ["Pulumi.dev.yaml", "config: {}\n"],
    ["Pulumi.yaml", "name: project\nruntime: nodejs\n"],
  ] as const) {
    it(`waits while ${file} is missing, as when an editor replaces it, and says so`, async () => {
      program.write("Pulumi.dev.yaml", "config: {}\n");
      await until(async () => (await answer("/runs")) === "1");
      fs.rmSync(path.join(program.directory, file));
      await logged(`Waiting for ${file} to come back; the stack dev stays as it was.`);
      program.write("index.ts", "// another edit\n");
      await logged(/^index\.ts changed \| not applied/);
      expect(program.runs).to.equal(1);
      program.write(file, text);
      await until(async () => (await answer("/runs")) === "2");
    });
  }

  it("outlives files that cannot be read: a pipe, a link to itself, a folder that is removed at once", async () => {
    const at = (name: string) => path.join(program.directory, name);
    execFileSync("/bin/sh", ["-c", `mkfifo ${at("pipe")}`]);
    fs.symlinkSync("loop", at("loop"));
    for (let i = 0; i < 50; i++) {
      fs.mkdirSync(at("deep/er"), { recursive: true });
      fs.rmSync(at("deep"), { recursive: true });
    }
    program.handler("after");
    await until(async () => (await answer()) === "after");
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
    for (const draft of ["handler.ts.tmp", "#handler.ts#", "handler.ts___jb_tmp___", ".handler.ts.swp"]) {
      program.write(draft, "1");
    }
    // Vim tries with this file whether it may write to a folder.
    program.write("4913", "");
    fs.rmSync(path.join(program.directory, "4913"));
    program.handler("after");
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
