import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { temporaryFolder } from "../../helpers/temporaryFolder";

interface Compiler {
  compile(file: string, source: string, format: "commonjs" | "module"): string | undefined;
}
const compileModule = path.resolve("offline/typescript/compile.cjs");
const { Compiler } = require(compileModule) as {
  Compiler: new (settings: Record<"runner" | "tsconfig", string>, warn: () => void) => Compiler;
};

const runner = require.resolve("@pulumi/pulumi/cmd/run");

function project() {
  const folder = temporaryFolder();
  const settings = {
    runner,
    tsconfig: path.join(folder, "tsconfig.json"),
  };
  const caches = path.join(folder, "caches");
  for (const variable of ["XDG_CACHE_HOME", "LOCALAPPDATA"]) process.env[variable] = caches;
  const cacheFolder = path.join(caches, "pulumi-offline", "typescript");
  const write = (name: string, content: object) => fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
  const file = path.join(folder, "index.ts");
  const compile = (source: string) => new Compiler(settings, () => undefined).compile(file, source, "commonjs") ?? "";
  return { caches, cacheFolder, folder, settings, file, write, compile };
}

const keeps = ({ cacheFolder }: ReturnType<typeof project>) => fs.readdirSync(cacheFolder);

/** With a target of es5 a template literal becomes a concatenation; otherwise it stays one. */
const template = "export const text = `a${1}`;";

describe("compiled TypeScript", () => {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  afterEach(() => {
    for (const [name, value] of Object.entries({ XDG_CACHE_HOME, LOCALAPPDATA })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it("is kept for the next run, in a folder and files of this user alone", () => {
    const one = project();
    const code = one.compile(template);
    const files = keeps(one);
    expect(files).to.have.lengthOf(2);
    const { cacheFolder } = one;
    expect(fs.statSync(cacheFolder).mode & 0o777).to.equal(0o700);
    for (const file of files) expect(fs.statSync(path.join(cacheFolder, file)).mode & 0o777).to.equal(0o600);
    const marked = files.find((file) => fs.readFileSync(path.join(cacheFolder, file), "utf8").includes("exports.text"));
    const kept = path.join(cacheFolder, marked ?? "");
    fs.writeFileSync(kept, fs.readFileSync(kept, "utf8").replace("exports.text =", "exports.kept ="));
    expect(one.compile(template)).to.equal(code.replace("exports.text =", "exports.kept ="));
  });

  it("follows edits of the source, and takes the place of what was kept", () => {
    const one = project();
    one.compile(template);
    expect(one.compile("export const other = 1;")).to.contain("exports.other = 1");
    expect(one.compile(template)).to.contain("exports.text = ");
    expect(keeps(one)).to.have.lengthOf(2);
  });

  it("follows edits of tsconfig and of what it extends", () => {
    const one = project();
    const options = (target: string) => ({ compilerOptions: { target, ignoreDeprecations: "5.0" } });
    const isOld = () => one.compile(template).includes(`"a".concat(1)`);
    expect(isOld()).to.equal(false);
    one.write("tsconfig.json", options("es5"));
    expect(isOld()).to.equal(true);
    one.write("tsconfig.json", options("es2020"));
    expect(isOld()).to.equal(false);
    one.write("tsconfig.json", { extends: "./base", compilerOptions: { alwaysStrict: true } });
    one.write("base.json", { compilerOptions: { removeComments: false } });
    const commented = (source = "/* note */ export const one = 1;") => one.compile(source).includes("note");
    expect(commented()).to.equal(true);
    one.write("base.json", { compilerOptions: { removeComments: true } });
    expect(commented()).to.equal(false);
  });

  it("is not taken from a file that is not complete, or that others could have written", () => {
    const one = project();
    const code = one.compile(template);
    const { cacheFolder } = one;
    for (const file of keeps(one)) fs.truncateSync(path.join(cacheFolder, file), 80);
    expect(one.compile(template)).to.equal(code);
    for (const file of keeps(one)) {
      const text = fs.readFileSync(path.join(cacheFolder, file), "utf8");
      fs.writeFileSync(path.join(cacheFolder, file), text.replace("exports.text =", "exports.planted ="));
    }
    expect(one.compile(template)).to.contain("exports.planted");
    fs.chmodSync(cacheFolder, 0o755);
    expect(one.compile(template)).to.equal(code);
  });

  it("is not kept where it cannot be", () => {
    const one = project();
    fs.writeFileSync(one.caches, "a file");
    expect(one.compile(template)).to.contain("exports.text = ");
    fs.rmSync(one.caches);
    fs.mkdirSync(path.join(one.folder, "elsewhere"), { mode: 0o700 });
    fs.mkdirSync(path.dirname(one.cacheFolder), { recursive: true, mode: 0o700 });
    fs.symlinkSync(path.join(one.folder, "elsewhere"), one.cacheFolder);
    expect(one.compile(template)).to.contain("exports.text = ");
    expect(fs.readdirSync(path.join(one.folder, "elsewhere"))).to.deep.equal([]);
  });

  it("survives processes that compile the same at the same time", async () => {
    const one = project();
    const script = `const { Compiler } = require(${JSON.stringify(compileModule)});
      const compiler = new Compiler(${JSON.stringify(one.settings)});
      for (let n = 0; n < 40; n++)
        console.log(compiler.compile(${JSON.stringify(one.file)}, "export const n = " + (n % 3) + ";", "commonjs").match(/n = \\d/)[0]);`;
    const run = async () => (await promisify(execFile)(process.execPath, ["-e", script])).stdout;
    const expected = Array.from({ length: 40 }, (_, n) => `n = ${n % 3}\n`).join("");
    expect(await Promise.all([run(), run(), run()])).to.deep.equal([expected, expected, expected]);
    expect(keeps(one)).to.have.lengthOf(2);
  });

  it("maps to lines of a source whose name needs escaping", () => {
    const { compile, file } = project();
    const [, map = ""] = /base64,(\S+)$/.exec(compile(template)) ?? [];
    const { sources } = JSON.parse(Buffer.from(map, "base64").toString());
    expect(new URL(sources[0], `file://${file}`).pathname).to.equal(file);
  });
});
