import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { build, leave, program, repository, write } from "../../helpers/components/bundles";
import { temporaryFolder } from "../../helpers/temporaryFolder";

/** The files that esbuild's own log says it looked for, but a bundle's recipe does not list. */
function missed(entry: string, script = ""): string[] {
  const options = ["--bundle", "--platform=node", "--main-fields=module,main", `--outfile=${temporaryFolder()}/out.js`];
  const log = ["--log-level=verbose", "--log-limit=0", "--color=false"];
  const esbuild = path.join(repository, "node_modules/esbuild/bin/esbuild");
  const { stderr } = spawnSync(esbuild, [entry, ...options, ...log], { encoding: "utf8", maxBuffer: 2 ** 28 });
  const lines = /Attempting to load "(.+)" as a file|Checking for file "(.+)"|The file "(.+)" exists/g;
  let folder = "";
  const looked = [...stderr.matchAll(lines)].flatMap(([, attempt, name, manifest]) => {
    if (attempt) folder = path.dirname(attempt);
    return manifest ?? (name ? path.join(folder, name) : []);
  });
  expect(looked).not.to.deep.equal([]);
  const { lookups } = JSON.parse(fs.readFileSync(`${script}.build.json`, "utf8"));
  const isKnown = (file: string) => {
    const [names = [], name] = [lookups[path.dirname(file)], path.basename(file)];
    return ["*", name, name.replace(/\.\w+$/, "")].some((known) => names.includes(known));
  };
  return [...new Set(looked.filter((file) => !isKnown(file)))];
}

describe("a cached bundle", () => {
  afterEach(leave);

  /** What the function returns, and when its bundle was written. */
  async function built(options = {}): Promise<{ answer: unknown; made: number; script: string }> {
    const { "index.js": script = "" } = await build("h/f.ts", options);
    delete require.cache[script];
    return { answer: await require(script).handler(), made: fs.statSync(script).mtimeMs, script };
  }

  const returning = (imports: string) => `${imports} export const handler = async () => found;`;

  /** The function's source, other files, a change, and what the function returns before and after it. */
  const changes: Record<string, [string, Record<string, string>, () => void, unknown, unknown]> = {
    "`main` of a package changes": [
      'import { found } from "dual";',
      {
        "node_modules/dual/package.json": '{ "main": "one.js" }',
        "node_modules/dual/one.js": "exports.found = 1;",
        "node_modules/dual/two.js": "exports.found = 2;",
      },
      () => write("node_modules/dual/package.json", '{ "main": "two.js" }'),
      1,
      2,
    ],
    "`exports` of a package change": [
      'import { found } from "dual/sub";',
      {
        "node_modules/dual/package.json": '{ "exports": { "./sub": "./one.js" } }',
        "node_modules/dual/one.js": "exports.found = 1;",
        "node_modules/dual/two.js": "exports.found = 2;",
      },
      () => write("node_modules/dual/package.json", '{ "exports": { "./sub": "./two.js" } }'),
      1,
      2,
    ],
    "a missing main file appears": [
      'import { found } from "dual";',
      { "node_modules/dual/package.json": '{ "main": "lib/one" }', "node_modules/dual/index.js": "exports.found = 1;" },
      () => write("node_modules/dual/lib/one.js", "exports.found = 2;"),
      1,
      2,
    ],
    "a file that takes precedence over the one found appears": [
      'import { found } from "./util";',
      { "h/util.js": "exports.found = 1;" },
      () => write("h/util.ts", "export const found = 2;"),
      1,
      2,
    ],
    "a file that takes precedence over a folder appears": [
      'import { found } from "./util";',
      { "h/util/index.ts": "export const found = 1;" },
      () => write("h/util.ts", "export const found = 2;"),
      1,
      2,
    ],
    "the file that took precedence is removed": [
      'import { found } from "./util";',
      { "h/util.js": "exports.found = 1;", "h/util.ts": "export const found = 2;" },
      () => fs.rmSync("h/util.ts"),
      2,
      1,
    ],
    "a TypeScript file replaces the JavaScript file that was imported": [
      'import { found } from "./util.js";',
      { "h/util.js": "exports.found = 1;" },
      () => {
        fs.rmSync("h/util.js");
        write("h/util.ts", "export const found = 2;");
      },
      1,
      2,
    ],
    "a `package.json` appears in an imported folder": [
      'import { found } from "./util";',
      { "h/util/index.ts": "export const found = 1;", "h/util/other.ts": "export const found = 2;" },
      () => write("h/util/package.json", '{ "main": "other.ts" }'),
      1,
      2,
    ],
    "a missing package is installed": [
      "let found: unknown = 1; try { found = require('native-build').found; } catch {}",
      { "node_modules/other/index.js": "" },
      () => write("node_modules/native-build/index.js", "exports.found = 2;"),
      1,
      2,
    ],
    "a missing scoped package is installed": [
      "let found: unknown = 1; try { found = require('@native/build').found; } catch {}",
      {},
      () => write("node_modules/@native/build/index.js", "exports.found = 2;"),
      1,
      2,
    ],
    "a package is installed closer to the file": [
      'import { found } from "dual";',
      { "node_modules/dual/index.js": "exports.found = 1;" },
      () => write("h/node_modules/dual/index.js", "exports.found = 2;"),
      1,
      2,
    ],
    "a dependency of a package is installed inside it": [
      'import { found } from "outer";',
      {
        "node_modules/outer/index.js": "exports.found = require('inner').found;",
        "node_modules/inner/index.js": "exports.found = 1;",
      },
      () => write("node_modules/outer/node_modules/inner/index.js", "exports.found = 2;"),
      1,
      2,
    ],
    "`paths` of tsconfig.json change": [
      'import { found } from "~/x";',
      {
        "tsconfig.json": '{ "compilerOptions": { "paths": { "~/*": ["./b/*"] } } }',
        "a/x.ts": "export const found = 1;",
        "b/x.ts": "export const found = 2;",
      },
      () => write("tsconfig.json", '{ "compilerOptions": { "paths": { "~/*": ["./a/*"] } } }'),
      2,
      1,
    ],
    "a file appears in the first of several `paths`": [
      'import { found } from "~/x";',
      {
        "tsconfig.json": '{ /* settings */ "compilerOptions": { "paths": { "~/*": ["./a/*", "./b/*"], }, }, }',
        "b/x.ts": "export const found = 1;",
      },
      () => write("a/x.ts", "export const found = 2;"),
      1,
      2,
    ],
    "`paths` of an extended file change": [
      'import { found } from "~/x";',
      {
        "tsconfig.json": '{ "extends": "./base" }',
        "base.json": '{ "compilerOptions": { "paths": { "~/*": ["./b/*"] } } }',
        "a/x.ts": "export const found = 1;",
        "b/x.ts": "export const found = 2;",
      },
      () => write("base.json", '{ "compilerOptions": { "paths": { "~/*": ["./a/*"] } } }'),
      2,
      1,
    ],
    "a file appears in the `baseUrl` of an extended file": [
      'import { found } from "dual";',
      {
        "tsconfig.json": '{ "extends": ["@settings/base/tsconfig.json"] }',
        "node_modules/@settings/base/tsconfig.json": '{ "compilerOptions": { "baseUrl": "../../../src" } }',
        "node_modules/dual/index.js": "exports.found = 1;",
        "src/other.ts": "",
      },
      () => write("src/dual.ts", "export const found = 2;"),
      1,
      2,
    ],
    "a tsconfig.json appears closer to the file": [
      'import { found } from "~/x";',
      {
        "tsconfig.json": '{ "compilerOptions": { "paths": { "~/*": ["./b/*"] } } }',
        "b/x.ts": "export const found = 1;",
        "h/c/x.ts": "export const found = 2;",
      },
      () => write("h/tsconfig.json", '{ "compilerOptions": { "paths": { "~/*": ["./c/*"] } } }'),
      1,
      2,
    ],
    "a link to a folder changes": [
      'import { found } from "./linked/x";',
      { "one/x.ts": "export const found = 1;", "two/x.ts": "export const found = 2;" },
      () => {
        fs.rmSync("h/linked", { force: true });
        fs.symlinkSync("../two", "h/linked");
      },
      1,
      2,
    ],
    "a file that matches a path completed at run time appears": [
      "const name = 'b'; const found = import(`./texts/${name}.json`).then((text) => text.default.found, () => 1);",
      { "h/texts/a.json": '{ "found": 0 }' },
      () => write("h/texts/b.json", '{ "found": 2 }'),
      1,
      2,
    ],
    "a file that matches a path completed at run time changes": [
      "const name = 'b'; const found = import(`./texts/${name}.json`).then((text) => text.default.found);",
      { "h/texts/b.json": '{ "found": 1 }' },
      () => write("h/texts/b.json", '{ "found": 2 }'),
      1,
      2,
    ],
  };

  for (const [what, [source, files, change, before, after]] of Object.entries(changes)) {
    it(`is rebuilt when ${what}`, async () => {
      program({ "h/f.ts": returning(source), ...files });
      if (source.includes("./linked/")) fs.symlinkSync("../one", "h/linked");
      const first = await built();
      expect(first.answer).to.equal(before);
      expect(await built(), "without a change").to.deep.equal(first);
      expect(missed("h/f.ts", first.script)).to.deep.equal([]);
      change();
      const second = await built();
      expect(second.answer).to.equal(after);
      // A missing package would be found at run time too, but only on this machine.
      expect(second.made).not.to.equal(first.made);
    });
  }

  it("is rebuilt when settings in a package change that tsconfig.json extends", async () => {
    const base = (folder: string) => `{ "compilerOptions": { "paths": { "~/*": ["../../../${folder}/*"] } } }`;
    program({
      "h/f.ts": returning('import { found } from "~/x";'),
      "tsconfig.json": '{ "extends": "@settings/base/strict" }',
      "node_modules/@settings/base/strict.json": base("a"),
      "a/x.ts": "export const found = 1;",
      "b/x.ts": "export const found = 2;",
    });
    // Files this new are compared by content.
    await setTimeout(50);
    expect((await built()).answer).to.equal(1);
    // As an editor would write it, in a package of the same repository: the folder stays the same.
    write("node_modules/@settings/base/strict.json", base("b"));
    expect((await built()).answer).to.equal(2);
  });

  it("is kept when unrelated files appear", async () => {
    program({
      "h/f.ts": returning('import { found } from "./util"; import "dual";'),
      "h/util.ts": "export const found = 1;",
      "node_modules/dual/package.json": '{ "main": "one.js" }',
      "node_modules/dual/one.js": "",
    });
    const first = await built();
    write("h/other.ts", "export const other = 1;");
    write("h/util.test.md", "text");
    write("README.md", "text");
    write("node_modules/unrelated/package.json", "{}");
    expect(await built()).to.deep.equal(first);
  });

  it("is not reused if a source was edited during the build", async () => {
    program({ "h/f.ts": returning("const found = 1;") });
    const making = build("h/f.ts");
    const soon = new Date(Date.now() + 60_000);
    fs.utimesSync("h/f.ts", soon, soon);
    await making;
    expect(fs.readdirSync(".cache/bundles").filter((name) => name.endsWith(".json"))).to.deep.equal([]);
  });

  it("lists every file that esbuild looks for in a function with the AWS SDK", async () => {
    const entry = path.join(repository, "handlers/items.ts");
    program({});
    const { "index.js": script } = await build(entry, { defaultCredentialChain: true });
    expect(missed(entry, script)).to.deep.equal([]);
  }).timeout(60_000);
});
