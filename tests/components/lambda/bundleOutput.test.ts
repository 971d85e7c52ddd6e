import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import * as esbuild from "esbuild";
import { Archive, type Graph, reveal, runProgram } from "../../../offline";
import { arm64, build, failure, leave, program, repository, write, x86 } from "../../helpers/components/bundles";
import { get } from "../../helpers/offline/program";
import { temporaryFolder } from "../../helpers/temporaryFolder";

afterEach(leave);

describe("import.meta in a bundle", () => {
  const urlOf = (script = "") => pathToFileURL(script).href;

  it("describes the bundle's own file, in packages too", async () => {
    program({
      "a.ts":
        "import { url } from 'esm-only'; import { createRequire } from 'node:module';\n" +
        "const { url: own } = import.meta;\n" +
        "export const handler = async () => [own, import.meta.url, url, import.meta.dirname, import.meta.filename, " +
        "typeof createRequire(import.meta.url)('node:fs').readFile, import.meta.resolve('./index.js'), import.meta.env];",
      "node_modules/esm-only/package.json": '{ "type": "module", "exports": "./index.js" }',
      "node_modules/esm-only/index.js": "export const url = import.meta.url;",
    });
    const { "index.js": script = "" } = await build("a.ts");
    const answer = await require(script).handler();
    const url = urlOf(script);
    expect(answer).to.deep.equal([url, url, url, path.dirname(script), script, "function", url, undefined]);
  });

  it("describes the file of each function that is built in one run, and survives a rebuild by the recipe", async () => {
    const source = "export const handler = async () => import.meta.url;";
    program({ "a.ts": source, "b.ts": `${source} export const b = 1;` });
    const scripts = (await Promise.all([build("a.ts"), build("b.ts")])).map((files) => files["index.js"] ?? "");
    for (const script of scripts) {
      expect(await require(script).handler()).to.equal(urlOf(script));
      const before = fs.readFileSync(script, "utf8");
      await esbuild.build(JSON.parse(fs.readFileSync(`${script}.build.json`, "utf8")).options);
      expect(fs.readFileSync(script, "utf8")).to.equal(before);
    }
    expect(new Set(scripts).size).to.equal(2);
    expect((await build("a.ts"))["index.js"]).to.equal(scripts[0]);
  });

  it("adds nothing to a bundle that does not use it", async () => {
    program({ "a.ts": "export const handler = async () => 1;" });
    const { "index.js": script = "" } = await build("a.ts");
    expect(fs.readFileSync(script, "utf8")).not.to.match(/importMeta|node:url/);
    expect(fs.readFileSync(`${script}.build.json`, "utf8")).not.to.contain("importMeta");
  });

  it("yields to the program's own `define`", async () => {
    program({ "a.ts": "export const handler = async () => import.meta.url;" });
    const { "index.js": script = "" } = await build("a.ts", { define: { "import.meta.url": '"mine"' } });
    expect(await require(script).handler()).to.equal("mine");
  });
});

describe("a handler that cannot run", () => {
  it("is refused for a top-level await in CommonJS, with what to write instead", async () => {
    program({ "a.ts": "const ready = await 1;\nexport const handler = async () => ready;" });
    const message = await failure(build("a.ts", { format: "cjs" }));
    expect(message).to.match(/^The functions do not compile:\n {2}a\.ts:1:15: Top-level await /);
    expect(message).to.contain('write `format: "esm"`');
  });

  const missing: Record<string, [string, RegExp]> = {
    "only a default export": ["export default async () => 1;", /^a\.ts exports default, but no "handler"; export a/],
    "a renamed default export": ["const x = async () => 1; export { x as default };", /^a\.ts exports default, but no/],
    "other exports": ["export const main = 1, other = 2;", /^a\.ts exports main, other, but no "handler"/],
    "no exports": ["console.log(1);", /^a\.ts exports nothing; export a function "handler"/],
    "only imports": ["import './b';", /^a\.ts exports nothing; /],
    "only types": ["export type handler = () => void;", /^a\.ts exports nothing; /],
  };
  for (const [what, [source, expected]] of Object.entries(missing)) {
    it(`is refused if the file has ${what}`, async () => {
      for (const minify of [true, false]) {
        program({ "a.ts": source, "b.ts": "console.log(2);" });
        expect(await failure(build("a.ts", { minify }))).to.match(expected);
      }
    });
  }

  const values = {
    "a number": "5",
    "a string": '"x; y"',
    undefined: "undefined",
    "a boolean": "true",
    "an object": "{ a: 1 }",
    "an object of several lines": "{\n  a: () => 1,\n  b: { c: '}' },\n}",
  };
  const refused = /^a\.ts exports "handler", which is not a function; export an async function of that name$/;
  for (const [what, value] of Object.entries(values)) {
    it(`is refused if it is ${what}`, async () => {
      for (const source of [`export const handler = ${value};`, `const $h = ${value}; export { $h as handler };`]) {
        program({ "a.ts": source });
        expect(await failure(build("a.ts")), source).to.match(refused);
      }
    });
  }

  it("is refused if it is a class", async () => {
    program({ "a.ts": "export class handler {}" });
    expect(await failure(build("a.ts"))).to.match(refused);
  });

  const works = {
    "a function": "export function handler() {}",
    "an async arrow": "export const handler = async (event: { a: number }) => ({ a: event.a });",
    "an arrow that returns an object": "export const handler = () => ({});",
    "the result of a call": "const wrap = (f: unknown) => f; export const handler = wrap(() => 1);",
    "a part of an object": "export const handler = { a: () => 1 }.a;",
    "one of several": "export const handler = { a: 1 }.a ? () => 1 : () => 2;",
    "assigned later": "export let handler: unknown = null; handler = () => 1;",
    destructured: "const all = { handler: () => 1 }; export const { handler } = all;",
    "re-exported": "export { handler } from './b';",
    "re-exported with everything": "export * from './b';",
    "re-exported from CommonJS": "export * from './c.cjs';",
    "re-exported from CommonJS alongside others": "export * from './c.cjs'; export const other = 1;",
    CommonJS: "exports.handler = () => 1;",
  };
  for (const [what, source] of Object.entries(works)) {
    it(`is accepted if it is ${what}`, async () => {
      program({ "a.ts": source, "b.ts": "export const handler = () => 1;", "c.cjs": "exports.handler = () => 1;" });
      for (const minify of [true, false]) {
        const { "index.js": script = "" } = await build("a.ts", { minify });
        expect(require(script).handler).to.be.a("function");
      }
    });
  }
});

describe("the options of a bundle", () => {
  const source =
    "class NotFoundError extends Error {}\nexport const handler = async () => new NotFoundError().constructor.name;";

  it("keep the names of classes", async () => {
    program({ "a.ts": source });
    const { "index.js": short = "" } = await build("a.ts");
    expect(await require(short).handler()).not.to.equal("NotFoundError");
    const { "index.js": kept = "" } = await build("a.ts", { keepNames: true });
    expect(await require(kept).handler()).to.equal("NotFoundError");
  });

  it("leave the code readable", async () => {
    program({ "a.ts": source });
    const { "index.js": script = "" } = await build("a.ts", { minify: false });
    expect(fs.readFileSync(script, "utf8")).to.contain("var NotFoundError = class extends Error {\n");
    expect(await require(script).handler()).to.equal("NotFoundError");
  });
});

describe("the builds of a native module", () => {
  const loader =
    "const load = { x64: () => require('@acme/fast-linux-x64'), arm64: () => require('@acme/fast-linux-arm64') };\n" +
    "export const handler = async () => load[process.arch as 'x64']();";
  const packageOf = (name: string, binary: Buffer) => ({
    [`node_modules/@acme/${name}/package.json`]: `{ "main": "${name}.node" }`,
    [`node_modules/@acme/${name}/${name}.node`]: binary,
  });
  const both = { ...packageOf("fast-linux-x64", x86), ...packageOf("fast-linux-arm64", arm64) };

  const nativesOf = async (entry: string, architecture: string) =>
    Object.entries(await build(entry, {}, "handler", architecture)).filter(([name]) => name.endsWith(".node"));

  it("are chosen by the function's architecture if all are installed", async () => {
    program({ "a.ts": loader, ...both });
    for (const [architecture, binary] of [
      ["arm64", arm64],
      ["x86_64", x86],
    ] as const) {
      const [native, ...others] = await nativesOf("a.ts", architecture);
      expect(others).to.deep.equal([]);
      expect(fs.readFileSync(native?.[1] ?? "")).to.deep.equal(binary);
    }
  });

  it("may include those for other operating systems", async () => {
    const darwin = Buffer.from("cffaedfe0c000001", "hex");
    program({
      "a.ts":
        "try { require('./a.darwin-arm64.node') } catch { require('./a.linux-arm64-gnu.node') } export const handler = () => 1;",
      "a.darwin-arm64.node": darwin,
      "a.linux-arm64-gnu.node": arm64,
    });
    expect(await nativesOf("a.ts", "arm64")).to.have.lengthOf(1);
  });

  it("are refused if none fits, whatever builds of other modules do", async () => {
    program({
      "a.ts": `${loader} import "./other-linux-arm64.node";`,
      ...packageOf("fast-linux-x64", x86),
      "other-linux-arm64.node": arm64,
    });
    write("node_modules/@acme/fast-linux-arm64/package.json", '{ "main": "index.js" }');
    write("node_modules/@acme/fast-linux-arm64/index.js", "");
    expect(await failure(build("a.ts"))).to.match(
      /^node_modules\/@acme\/fast-linux-x64\/fast-linux-x64\.node is built for ELF x86_64, but the function runs on Linux arm64; /,
    );
  });
});

describe("a program with bundled functions", function () {
  this.timeout(60_000);
  const directory = temporaryFolder();
  const run = () => runProgram({ directory, config: { "aws:region": "eu-west-1" } });

  before(() => {
    const files = {
      "package.json": "{}",
      "Pulumi.yaml": "name: bundles\nruntime: nodejs\nmain: index.ts\n",
      "index.ts": `
        import { LambdaFunction } from "pulumi-graviton";
        for (const name of ["one", "two"]) new LambdaFunction(name, { entry: \`\${name}.ts\` });
        new LambdaFunction("mapped", {
          entry: "throws.ts",
          bundle: { sourceMap: true },
          environment: { NODE_OPTIONS: "--max-http-header-size=9000" },
        });`,
      "one.ts": "export { handler } from './shared';",
      "two.ts": "export { handler } from './shared'; export const two = 2;",
      "shared.ts": "\nexport const handler = async (event: number) => event === NaN;",
      "throws.ts": "\n\nexport const handler = async () => {\n  throw new Error('here');\n};",
    };
    for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), content);
    fs.symlinkSync(path.join(repository, "node_modules"), path.join(directory, "node_modules"));
  });

  it("shows each warning of esbuild once in each run, also for cached bundles", async () => {
    for (let time = 0; time < 2; time++) {
      const { diagnostics } = await run();
      expect(diagnostics.map(({ severity, message }) => `${severity} ${message.trim()}`)).to.deep.equal([
        'warning shared.ts:2:55: Comparison with NaN using the "===" operator here is always false\n' +
          '    Floating-point equality is defined such that NaN is never equal to anything, so "x === NaN" always returns false. ' +
          'You need to use "Number.isNaN(x)" instead to test for NaN.',
      ]);
    }
  });

  it("ships a source map on request, so that stack traces show lines of the source", async () => {
    const graph = await run();
    expect(filesOf(graph, "one")).to.have.keys("index.js");
    const files = filesOf(graph, "mapped");
    expect(files).to.have.keys("index.js", "index.js.map");
    const { variables } = reveal(get(graph, "mapped", "aws:lambda/function:Function").inputs.environment) as {
      variables: Record<string, string>;
    };
    expect(variables.NODE_OPTIONS).to.equal("--enable-source-maps --max-http-header-size=9000");
    const task = temporaryFolder();
    for (const [name, file] of Object.entries(files)) fs.copyFileSync(file, path.join(task, name));
    const main = `require("${task}/index.js").handler().catch(({ stack }) => console.log(stack))`;
    const env = { ...process.env, ...variables };
    expect(execFileSync(process.execPath, ["-e", main], { env, encoding: "utf8" })).to.match(/throws\.ts:4:9\)/);
  });

  function filesOf(graph: Graph, name: string): Record<string, string> {
    const { code } = get(graph, name, "aws:lambda/function:Function").inputs;
    const assets = code instanceof Archive ? (code.source.assets ?? {}) : {};
    return Object.fromEntries(
      Object.entries(assets).map(([file, asset]) => [file, path.resolve(directory, String(asset.source.path))]),
    );
  }
});
