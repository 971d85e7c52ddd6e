import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import * as esbuild from "esbuild";
import { build, failure, leave, program, repository, write } from "../../helpers/components/bundles";

/** What a handler of a bundle returns in a process of its own, as Lambda would call it. */
function called(script: string): unknown {
  const code = `import(${JSON.stringify(script)}).then(async ({ handler }) => console.log(JSON.stringify(await handler())))`;
  return JSON.parse(execFileSync(process.execPath, ["-e", code], { encoding: "utf8" }));
}

describe("a bundle with top-level await", () => {
  afterEach(leave);

  const waits = "const ready = await Promise.resolve(41);\nexport const handler = async () => ready + 1;";
  const plain = "export const handler = async () => 1;";

  it("is an ES module that runs, beside others of the program that stay CommonJS", async () => {
    program({ "a.ts": waits, "b.ts": plain });
    const [a, b] = await Promise.all([build("a.ts"), build("b.ts")]);
    expect(Object.keys(a)).to.deep.equal(["index.mjs"]);
    expect(Object.keys(b)).to.deep.equal(["index.js"]);
    expect(called(String(a["index.mjs"]))).to.equal(42);
    expect(fs.readFileSync(`${a["index.mjs"]}.map`, "utf8")).to.contain("a.ts");
  });

  it("comes from the cache, until its sources no longer need it", async () => {
    program({ "a.ts": waits });
    const files = await build("a.ts");
    const stamp = fs.statSync(String(files["index.mjs"])).ctimeMs;
    expect(await build("a.ts")).to.deep.equal(files);
    expect(fs.statSync(String(files["index.mjs"])).ctimeMs).to.equal(stamp);
    write("a.ts", plain);
    expect(await build("a.ts")).to.have.property("index.js");
  });

  it("is one also if an ES module among its packages awaits, and one in CommonJS needs `require`", async () => {
    program({
      "a.ts":
        "import { ready } from 'waits'; import old from 'old'; export const handler = async () => [ready, ...old];",
      "node_modules/waits/package.json": '{ "type": "module", "exports": "./index.js" }',
      "node_modules/waits/index.js": "export const ready = await Promise.resolve('ready');",
      "node_modules/old/package.json": '{ "main": "index.js" }',
      "node_modules/old/index.js":
        "const name = 'node:' + 'os'; module.exports = [typeof require(name).cpus, require('path').basename(__filename), typeof __dirname];",
    });
    const { "index.mjs": script = "" } = await build("a.ts");
    expect(called(script)).to.deep.equal(["ready", "function", "index.mjs", "string"]);
  });

  it("leaves `require` and `import.meta` to a source that makes them itself", async () => {
    program({
      "a.ts":
        "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); await 1;\n" +
        "export const handler = async () => [require('node:path').basename(import.meta.filename)];",
    });
    for (const minify of [true, false]) {
      const { "index.mjs": script = "" } = await build("a.ts", { minify });
      expect(called(script)).to.deep.equal(["index.mjs"]);
    }
  });

  it("leaves a recipe with which esbuild builds the same file again", async () => {
    program({ "a.ts": waits });
    const { "index.mjs": script = "" } = await build("a.ts");
    const { options } = JSON.parse(fs.readFileSync(`${script}.build.json`, "utf8"));
    const before = fs.readFileSync(script, "utf8");
    fs.rmSync(script);
    process.chdir(repository);
    await esbuild.build(options);
    expect(fs.readFileSync(script, "utf8")).to.equal(before);
  });

  it("is checked for its handler like any other", async () => {
    program({ "a.ts": "export const other = await 1;", "b.ts": "await 1; export const handler = 5;" });
    expect(await failure(build("a.ts"))).to.match(/^a\.ts exports other, but no "handler"/);
    expect(await failure(build("b.ts"))).to.match(/^b\.ts exports "handler", which is not a function/);
  });

  it("names the other mistakes of its sources", async () => {
    program({ "a.ts": "await 1;\nimport 'missing-package';\nexport const handler = async () => 1;" });
    expect(await failure(build("a.ts"))).to.contain('a.ts:2:8: Could not resolve "missing-package"');
  });
});

describe("a bundle that is asked to be an ES module", () => {
  afterEach(leave);

  it("is one, also without a top-level await", async () => {
    program({ "a.ts": "export const handler = async () => 1;", "b.js": "exports.handler = async () => 2;" });
    const [{ "index.mjs": a = "" }, files] = await Promise.all([
      build("a.ts", { format: "esm" }),
      build("b.js", { format: "esm" }),
    ]);
    expect(called(a)).to.equal(1);
    expect(path.basename(String(files["index.mjs"]))).to.equal("index.mjs");
  });
});
