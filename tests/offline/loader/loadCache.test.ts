import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";

const loader = path.resolve("offline/loader/loadCache.cjs");

/** The files of a small project: a package of two files, and a script that prints what it gets from it. */
const project = {
  "main.js": `const one = require("one");\nconsole.log(JSON.stringify(one));\n`,
  "node_modules/one/package.json": `{ "main": "lib" }`,
  "node_modules/one/lib/index.js": `module.exports = { ...require("./value"), two: require("two") };\n`,
  "node_modules/one/lib/value.js": `exports.value = 1;\n`,
  "node_modules/two/index.js": `module.exports = 2;\n`,
};

describe("the cache of loaded modules", () => {
  let folder: string;
  let caches: string;

  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), "graviton-load-")));
    caches = path.join(fs.mkdtempSync(path.join(tmpdir(), "graviton-load-")), "caches");
    for (const [name, content] of Object.entries(project)) write(name, content);
  });

  afterEach(() => {
    for (const one of [folder, path.dirname(caches)]) fs.rmSync(one, { recursive: true, force: true });
  });

  function write(name: string, content: string): undefined {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }

  /** Runs main.js with the cache, and returns what it prints. */
  function run(main = "main.js", environment: NodeJS.ProcessEnv = {}): string {
    const preload = path.join(folder, "preload.cjs");
    if (!fs.existsSync(preload)) {
      fs.writeFileSync(
        preload,
        `const c = require(${JSON.stringify(loader)}); c.open("runner", __dirname); c.wrapLoaders();`,
      );
    }
    const env = { ...process.env, XDG_CACHE_HOME: caches, LOCALAPPDATA: caches, NODE_V8_COVERAGE: "", ...environment };
    const output = execFileSync(process.execPath, ["--require", preload, path.join(folder, main)], {
      env,
      encoding: "utf8",
      stdio: "pipe",
      cwd: folder,
    });
    return output.trim();
  }

  const cacheFiles = () => {
    const own = path.join(caches, "pulumi-offline");
    return fs.existsSync(own) ? fs.readdirSync(own).map((name) => path.join(own, name)) : [];
  };

  const bySize = (one: string, other: string) => fs.statSync(other).size - fs.statSync(one).size;

  const first = `{"value":1,"two":2}`;

  it("is written by the first run, and serves the next without being written again", () => {
    expect(run()).to.equal(first);
    const before = cacheFiles().map((file) => [file, fs.statSync(file).ino]);
    expect(run()).to.equal(first);
    expect(cacheFiles().map((file) => [file, fs.statSync(file).ino])).to.deep.equal(before);
    expect(before).to.have.length(2);
  });

  it("is really used: the source that it holds is the one that runs", () => {
    write("node_modules/two/index.js", `module.exports = (() => "from the file").toString();\n`);
    run();
    const [file = ""] = cacheFiles().sort(bySize);
    const content = fs.readFileSync(file, "latin1");
    fs.writeFileSync(file, content.replaceAll("from the file", "from a cache!"), "latin1");
    expect(run()).to.include("from a cache!");
  });

  it("never uses the code of a file that was edited, not even one with the same size and date", () => {
    run();
    const file = path.join(folder, "node_modules/one/lib/value.js");
    const { atime, mtime } = fs.statSync(file);
    fs.writeFileSync(file, "exports.value = 3;\n");
    fs.utimesSync(file, atime, mtime);
    expect(run()).to.equal(`{"value":3,"two":2}`);
  });

  it("finds a file that now comes before the one that was found", () => {
    run();
    write("node_modules/one/lib/value/index.js", "exports.value = 4;\n");
    expect(run()).to.equal(first);
    fs.rmSync(path.join(folder, "node_modules/one/lib/value.js"));
    expect(run()).to.equal(`{"value":4,"two":2}`);
    write("node_modules/one/lib/value.js", "exports.value = 5;\n");
    expect(run()).to.equal(`{"value":5,"two":2}`);
  });

  it("finds a package that was installed closer", () => {
    run();
    write("node_modules/one/node_modules/two/index.js", "module.exports = 22;\n");
    expect(run()).to.equal(`{"value":1,"two":22}`);
  });

  it("follows links to packages of a scope that were replaced or removed", () => {
    for (const version of ["1", "2"]) write(`versions/${version}/index.js`, `module.exports = ${version};\n`);
    write("linked.js", `console.log(require("@scope/linked"));\n`);
    const link = path.join(folder, "node_modules/@scope/linked");
    fs.mkdirSync(path.dirname(link));
    for (const version of ["1", "2"]) {
      fs.rmSync(link, { force: true });
      fs.symlinkSync(path.join(folder, "versions", version), link, "junction");
      expect(run("linked.js")).to.equal(version);
    }
    fs.rmSync(link);
    expect(() => run("linked.js")).to.throw("Cannot find module '@scope/linked'");
  });

  it("finds the other main file of an edited manifest", () => {
    write("node_modules/two/other.js", "module.exports = 23;\n");
    run();
    write("node_modules/two/package.json", `{ "main": "index.js" }`);
    run();
    write("node_modules/two/package.json", `{ "main": "other.js" }`);
    expect(run()).to.equal(`{"value":1,"two":23}`);
  });

  it("is ignored if it was cut short, and replaced", () => {
    run();
    const [file = ""] = cacheFiles().sort(bySize);
    fs.truncateSync(file, fs.statSync(file).size - 100);
    expect(run()).to.equal(first);
    expect(fs.statSync(file).size).to.be.greaterThan(500);
  });

  it("is not kept where others can write, or where nobody can", function () {
    if (process.platform === "win32") this.skip();
    fs.mkdirSync(path.join(caches, "pulumi-offline"), { recursive: true });
    fs.chmodSync(path.join(caches, "pulumi-offline"), 0o777);
    expect(run()).to.equal(first);
    expect(cacheFiles()).to.deep.equal([]);
    fs.rmSync(caches, { recursive: true });
    fs.writeFileSync(caches, "no folder");
    expect(run()).to.equal(first);
  });

  it("is for this user only", function () {
    if (process.platform === "win32") this.skip();
    run();
    const [file = ""] = cacheFiles().sort(bySize);
    expect(fs.statSync(path.dirname(file)).mode & 0o077).to.equal(0);
    expect(fs.statSync(file).mode & 0o077).to.equal(0);
  });

  it("leaves modules as they are: their names, require, this, import() and the lines of errors", () => {
    write(
      "node_modules/odd/index.js",
      `#!/usr/bin/env node
exports.isThis = this === module.exports;
exports.names = [__filename, __dirname].map((name) => require("node:path").basename(name));
exports.main = require.main.filename.endsWith("odd.js");
exports.cached = require.cache[__filename] === module;
exports.resolved = require.resolve("two").endsWith("index.js") && require.resolve.paths("two").length > 0;
exports.text = (function  named( ) { return "ü" }).toString();
exports.line = new Error("x").stack.split("\\n")[1].replace(/.*index.js/, "index.js");
exports.later = () => import /* as a comment may stand here */ ("two");
`,
    );
    write(
      "odd.js",
      `const odd = require("odd"); odd.later().then((two) => console.log(JSON.stringify({ ...odd, two })));\n`,
    );
    const [once, again] = [run("odd.js"), run("odd.js")];
    expect(again).to.equal(once);
    expect(JSON.parse(once)).to.deep.include({
      isThis: true,
      names: ["index.js", "odd"],
      main: true,
      cached: true,
      resolved: true,
      text: `function  named( ) { return "ü" }`,
      line: "index.js:8:16)",
    });
    expect(JSON.parse(once).two.default).to.equal(2);
  });

  /** Makes every source in the caches say that it comes from there. */
  function mark(): void {
    for (const file of cacheFiles()) {
      const content = fs.readFileSync(file, "latin1");
      fs.writeFileSync(file, content.replaceAll("from the file", "from a cache!"), "latin1");
    }
  }

  const changes: Record<string, () => NodeJS.ProcessEnv | undefined> = {
    "tsconfig.json": () => write("tsconfig.json", `{ "extends": "./base.json", "compilerOptions": {} }`),
    "what tsconfig.json extends": () => write("base.json", `{ "compilerOptions": {} }`),
    "the kind of modules that package.json names": () => write("package.json", `{ "type": "commonjs" }`),
    NODE_PATH: () => ({ NODE_PATH: path.join(folder, "elsewhere") }),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`is not used after a change of ${what}`, () => {
      write("tsconfig.json", `{ "extends": "./base.json" }`);
      write("base.json", "{}");
      write("package.json", "{}");
      write("main.js", `console.log((() => "from the file").toString());\n`);
      run();
      mark();
      expect(run()).to.include("from a cache!");
      expect(run("main.js", change())).to.include("from the file");
    });
  }

  it("is not used for a file that another one of the same size and date has replaced", () => {
    run();
    const file = path.join(folder, "node_modules/one/lib/value.js");
    const { atime, mtime } = fs.statSync(file);
    write("node_modules/one/lib/new.js", "exports.value = 6;\n");
    fs.utimesSync(`${path.dirname(file)}/new.js`, atime, mtime);
    fs.renameSync(`${path.dirname(file)}/new.js`, file);
    expect(run()).to.equal(`{"value":6,"two":2}`);
  });

  it("keeps a module that loads others while it is compiled, and packages with any name", () => {
    write("node_modules/constructor/index.js", "module.exports = 8;\n");
    write("main.js", `console.log(require("constructor"), (() => "from the file").toString());\n`);
    const register = path.join(folder, "node_modules/one/register.js");
    write(
      "node_modules/one/register.js",
      `const load = require.extensions[".js"];
require.extensions[".js"] = (module, file) => { if (file.endsWith("main.js")) require("two"); load(module, file); };
`,
    );
    const preload = `const c = require(${JSON.stringify(loader)}); c.open("runner", __dirname); require(${JSON.stringify(register)}); c.wrapLoaders();`;
    fs.writeFileSync(path.join(folder, "preload.cjs"), preload);
    expect(run()).to.match(/^8 /);
    mark();
    expect(run()).to.equal('8 () => "from a cache!"');
  });

  it("serves another program with what both link, and forgets it with its settings", () => {
    const linked = `module.exports = (() => "from the file").toString();\n`;
    write("shared/index.js", linked);
    write("shared/package.json", "{}");
    const program = (name: string): string => {
      write(`${name}/package.json`, "{}");
      write(`${name}/main.js`, `console.log(require("../shared"), (() => "from the file").toString());\n`);
      const open = `c.open("runner", ${JSON.stringify(path.join(folder, name))})`;
      write("preload.cjs", `const c = require(${JSON.stringify(loader)}); ${open}; c.wrapLoaders();`);
      return run(`${name}/main.js`);
    };
    const [cached, read] = ["from a cache!", "from the file"].map((from) => `() => "${from}"`);
    program("first");
    mark();
    expect(program("second")).to.equal(`${cached} ${read}`);
    write("tsconfig.json", "{}");
    expect(program("third")).to.equal(`${read} ${read}`);
    mark();
    expect(program("fourth")).to.equal(`${cached} ${read}`);
    write("tsconfig.json", `{ "compilerOptions": {} }`);
    expect(program("fifth")).to.equal(`${read} ${read}`);
  });

  it("is not lost with a project in which createRequire looks around", () => {
    write("main.js", `require("./look"); console.log(require("./shared"));\n`);
    write("shared/package.json", "{}");
    write("shared/index.js", `module.exports = (() => "from the file").toString();\n`);
    const file = JSON.stringify(path.join(folder, "project/main.js"));
    write("look.js", `require("node:module").createRequire(${file}).resolve("three");\n`);
    write("project/package.json", "{}");
    write("project/node_modules/three/index.js", "");
    run();
    mark();
    write("project/package.json", `{ "private": true }`);
    expect(run()).to.equal(`() => "from a cache!"`);
  });

  it("leaves ES modules and syntax errors to Node", () => {
    write("node_modules/two/index.js", "module.exports = ;\n");
    for (const time of ["first", "second"]) expect(() => run(), time).to.throw(/two[\\/]index\.js:1/);
    write("node_modules/two/index.mjs", "export const two = 2;\n");
    write("main.js", `import("./node_modules/two/index.mjs").then(({ two }) => console.log(two));\n`);
    for (const time of ["first", "second"]) expect(run(), time).to.equal("2");
  });
});
