import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Graph, reveal, runProgram } from "../../../../offline";
import { failureOf, writeProgram } from "../../../helpers/offline/program";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

type Files = Record<string, string>;

/** The tsconfig.json of Pulumi's templates, without the types of every package that is installed. */
function template(options: Record<string, unknown> = {}): Files {
  const compilerOptions = {
    strict: true,
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    skipLibCheck: true,
    types: [],
    ...options,
  };
  return { "tsconfig.json": JSON.stringify({ compilerOptions, files: ["index.ts"] }) };
}

const fast = async (files: Files) => reveal((await runProgram({ directory: writeProgram(files) })).outputs);

/** Runs a program under the SDK's own ts-node, but without the type check, which takes most of its time. */
async function runReference(directory: string): Promise<Graph> {
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  try {
    return await runProgram({ directory, runner: "sdk" });
  } finally {
    delete process.env.PULUMI_NODEJS_TRANSPILE_ONLY;
  }
}

/** Runs a program under both runners, and checks that both give the same outputs. */
async function both(files: Files, modules?: string): Promise<{ outputs: Record<string, unknown>; graph: Graph }> {
  const directory = writeProgram(files, modules);
  const graph = await runProgram({ directory });
  expect(reveal(graph.outputs)).to.deep.equal(reveal((await runReference(directory)).outputs));
  return { outputs: reveal(graph.outputs) as Record<string, unknown>, graph };
}

let modules: string | undefined;

/** A folder of packages in which the SDK finds no `typescript`. */
function modulesWithout(): string {
  modules ??= copyModules();
  return modules;
}

function copyModules(): string {
  const folder = path.join(temporaryFolder(), "node_modules");
  fs.mkdirSync(folder);
  const installed = path.resolve("node_modules");
  for (const name of fs.readdirSync(installed)) {
    if (name !== "typescript" && name !== "@pulumi")
      fs.symlinkSync(path.join(installed, name), path.join(folder, name));
  }
  // A link would lead Node to the folder in which there is a `typescript`.
  const filter = (file: string) => !file.endsWith(".map");
  fs.cpSync(path.join(installed, "@pulumi/pulumi"), path.join(folder, "@pulumi/pulumi"), { recursive: true, filter });
  return folder;
}

describe("TypeScript that the SDK and the fast runner compile", function () {
  // The SDK checks types, on a machine that may be busy.
  this.timeout(60_000);

  it("may be that of another package in the repository, which esbuild compiles", async () => {
    const { outputs } = await runProgram({
      directory: writeProgram({
        ...template(),
        "package.json": "{}",
        "lib/package.json": `{ "main": "index.ts" }`,
        // TypeScript's compiler would leave this as it is, and Node would refuse it in a CommonJS module.
        "lib/index.ts": "export const made = import.meta.url;",
        "index.ts": `import { made } from "./lib"; export const lib = made;`,
      }),
    });
    expect(outputs.lib).to.match(/lib\/index\.ts$/);
  });

  it("may import a CommonJS class as a namespace, without esModuleInterop, and gives closures the same code", async () => {
    const { outputs } = await both({
      ...template({ strict: false }),
      "node_modules/adm-zip/index.js": "module.exports = class AdmZip { entries = 2; };",
      "shared.ts": `export const limit = 3; export enum Color { Red = "red" } export class Point { x = 1; }`,
      "index.ts": `import * as pulumi from "@pulumi/pulumi";
        import * as path from "path";
        import * as AdmZip from "adm-zip";
        import { Color, limit, Point } from "./shared";
        export const entries = new AdmZip().entries;
        export const own = "exported";
        const handler = async (event?: { name: string }) => [path.sep, Color.Red, limit, new Point(), own, event?.name];
        export const text = pulumi.runtime.serializeFunction(handler).then(({ text }) => text);`,
    });
    expect(outputs.entries).to.equal(2);
    expect(outputs.text).to.contain("[path.sep,");
  });

  const capturesS3 = `import * as pulumi from "@pulumi/pulumi";
    import S3 from "s3-client";
    export const text = pulumi.runtime.serializeFunction(async () => new S3()).then(({ text }) => text);`;
  const s3 = { "node_modules/s3-client/index.js": "module.exports = function S3() {};" };

  it("may read JSON and JavaScript, and capture a CommonJS module that is a function in a closure", async () => {
    const { outputs } = await both({
      ...template({ resolveJsonModule: true, allowJs: true, esModuleInterop: true, strict: false }),
      ...s3,
      "data.json": `{ "one": 1 }`,
      "legacy.js": `export const two = 2;`,
      "index.ts": `import data from "./data.json"; import { two } from "./legacy"; ${capturesS3}
        export const sum = data.one + two;`,
    });
    expect(outputs.sum).to.equal(3);
    expect(outputs.text).to.contain(`require("s3-client`);
  });

  it("applies tsconfig's options to files that it does not name", async () => {
    const { outputs } = await both({
      ...template({
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
        target: "es2022",
        useDefineForClassFields: false,
      }),
      "model.ts": `export const types: string[] = [];
        (Reflect as any).metadata = (key: string, type: any) => () => { types.push(key + " " + (type?.name ?? type)); };
        const note: PropertyDecorator = (_, name) => { types.push(String(name)); };
        export class Model {
          @note size: number = this.given * 2;
          constructor(readonly given: number) {}
          @note method(_: string): Model { return this; }
        }`,
      "index.ts": `import { Model, types } from "./model"; export const size = new Model(2).size; export { types };`,
    });
    expect(outputs.size).to.equal(4);
    expect(outputs.types).to.include("design:type Number").and.include("design:returntype Model");
  });

  it("needs no tsconfig", async () => {
    const { outputs } = await both({
      "other.ts": `export default (text: string) => text.length;`,
      "index.ts": `import length from "./other"; export const three = length("abc");`,
    });
    expect(outputs).to.deep.equal({ three: 3 });
  });

  it("may be left to tsx by the project", async () => {
    const { outputs } = await both({
      ...template(),
      "Pulumi.yaml": `name: script\nruntime: { name: nodejs, options: { typescript: false, nodeargs: "--import tsx" } }\n`,
      "node_modules/adm-zip/index.js": "module.exports = class AdmZip {};",
      "index.ts": `import * as AdmZip from "adm-zip"; export const type: string = typeof AdmZip;`,
    });
    expect(outputs, "esbuild copies a namespace").to.deep.equal({ type: "object" });
  });

  it("may be without `typescript`: the SDK's own compiles it, also for closures", async () => {
    const modules = modulesWithout();
    const { outputs, graph } = await both(
      { ...template({ strict: false, esModuleInterop: true }), ...s3, "index.ts": capturesS3 },
      modules,
    );
    expect(outputs.text).to.contain(`require("s3-client`);
    expect(graph.diagnostics).to.deep.equal([]);
  });
});

describe("TypeScript that only the fast runner compiles", () => {
  it("may be `main: index.mts` with top-level await, and import ES modules and CommonJS modules", async () => {
    const files = {
      "Pulumi.yaml": "name: script\nruntime: nodejs\nmain: index.mts\n",
      "index.mts": `import other, { type T, one, Class, two } from "./other.js";
        import { four } from "./four.mjs";
        export const value: T = one + two + new Class().three + four + (await Promise.resolve<number>(5));
        export const isSame = other.one === one;`,
      "four.mts": "export const four: number = await Promise.resolve(4);",
      "other.ts": `export * from "./more.cjs"; export { two } from "./more.cjs";
        export type T = number; export const one: T = 1; export class Class { three = 3; }`,
      "more.cts": "export const two: number = 2;",
    };
    expect(await fast(files)).to.deep.equal({ value: 15, isSame: true });
  });

  it("may export its outputs from `main: index.mts` with a function", async () => {
    const files = {
      "Pulumi.yaml": "name: script\nruntime: nodejs\nmain: index.mts\n",
      "index.mts": `export default async (): Promise<object> => ({ one: 1 });`,
    };
    expect(await fast(files)).to.deep.equal({ one: 1 });
  });

  it("may be ES modules, with the options of tsconfig and the lines of the source in errors", async () => {
    const files = {
      ...template({ experimentalDecorators: true, module: "nodenext", moduleResolution: "nodenext" }),
      "package.json": `{ "type": "module" }`,
      "note.ts": `export const noted: string[] = [];\nexport const note: PropertyDecorator = (_, name) => { noted.push(String(name)); };`,
      "index.ts": `import { note, noted } from "./note.js";
        interface Unused { a: string }
        class Model { @note name = "x"; }
        await Promise.resolve();
        const line = /index\\.ts:(\\d+)/.exec(new Error().stack ?? "")?.[1];
        export { line, noted };`,
    };
    expect(await fast(files)).to.deep.equal({ line: "5", noted: ["name"] });
  });

  it("may use paths, import specifiers that end in .js, and .cts files, and import while it runs", async () => {
    const files = {
      ...template({ module: "nodenext", moduleResolution: "nodenext", baseUrl: ".", paths: { "@lib/*": ["lib/*"] } }),
      "lib/one.ts": "export const one: number = 1;",
      "two.ts": "export const two: number = 2;",
      "three.cts": "export const three: number = 3;",
      "four.mts": "export const four: number = 4;",
      "five.ts": "export const five: number = 5;",
      "index.ts": `import { one } from "@lib/one"; import { two } from "./two.js"; import { three } from "./three.cjs";
        const load = async () => {
          const { four } = await import("./four.mjs");
          const { five } = await import("./five.js");
          return one + two + three + four + five;
        };
        export const sum = load();`,
    };
    expect(await fast(files)).to.deep.equal({ sum: 15 });
  });
});

describe("TypeScript with mistakes", function () {
  // The SDK checks types, on a machine that may be busy.
  this.timeout(60_000);

  const messageOf = async (directory: string, runner: "fast" | "sdk" = "fast") =>
    (await failureOf(runProgram({ directory, runner }))).message;

  it("is reported with the lines of the source", async () => {
    const directory = writeProgram({
      ...template(),
      "other.ts": `interface Unused {\n  a: string;\n}\nexport function fail(): never {\n  throw new Error("broken");\n}\n`,
      "index.ts": `import { fail } from "./other";\ntype Unused = string;\nfail();\n`,
    });
    const message =
      "The program failed: Error: broken\n    at fail (other.ts:5:9)\n    at Object.<anonymous> (index.ts:3:";
    expect(await messageOf(directory)).to.contain(message);
    expect((await failureOf(runReference(directory))).message).to.contain(message);
  });

  it("is reported with the places of all syntax errors", async () => {
    const directory = writeProgram({ ...template(), "index.ts": "const a = ;\nconst b: = 1;\n" });
    const message = await messageOf(directory);
    expect(message).to.equal(
      "The program failed: TypeScript does not compile:\n" +
        "index.ts(1,11): error TS1109: Expression expected.\nindex.ts(2,10): error TS1110: Type expected.",
    );
    expect(await messageOf(directory, "sdk")).to.contain("index.ts(1,11): error TS1109: Expression expected.");
    expect(await messageOf(directory), "the second time").to.equal(message);
  });

  it("fails the SDK's own runner, with the compiler's message, if types do not match", async () => {
    const directory = writeProgram({ ...template(), "index.ts": `export const one: number = "1";` });
    expect((await runProgram({ directory })).outputs).to.deep.equal({ one: "1" });
    expect(await messageOf(directory, "sdk")).to.equal(
      "The program failed: TypeScript does not compile:\n" +
        "index.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.",
    );
  });

  it("in tsconfig is reported as the SDK's own runner does", async () => {
    const directory = writeProgram({ ...template({ target: "es1999" }), "index.ts": "export const one = 1;" });
    const message = await messageOf(directory);
    expect(message)
      .to.contain("TypeScript does not compile:\n")
      .and.contain("error TS6046: Argument for '--target' option");
    expect(await messageOf(directory, "sdk")).to.equal(message);
  });

  const newer = { ...template(), "index.ts": "const text = `a` satisfies string;\nexport const one = text;" };
  const warningsOf = async (directory: string) =>
    (await runProgram({ directory })).diagnostics.map(({ severity, message }) => `${severity}: ${message}`);

  it("that only the SDK's own compiler finds is a warning, each time", async () => {
    const directory = writeProgram(newer, modulesWithout());
    expect(await messageOf(directory, "sdk")).to.contain("index.ts(1,18): error TS1005: ',' expected.");
    const [warning, ...others] = await warningsOf(directory);
    expect(warning).to.match(
      /^warning: The Pulumi CLI would compile this program with TypeScript 3\.8\.3, which fails: index\.ts\(1,18\)/,
    );
    expect(warning).to.contain("npm install --save-dev typescript@5");
    expect(others).to.deep.equal([]);
    expect(await warningsOf(directory)).to.deep.equal([warning]);
  });

  describe("from a `typescript` without an API", () => {
    const compiler = () => path.join(modulesWithout(), "typescript");

    before(() => {
      fs.mkdirSync(path.join(compiler(), "lib"), { recursive: true });
      const manifest = {
        name: "typescript",
        version: "7.0.2",
        exports: { ".": "./lib/version.cjs", "./package.json": "./package.json" },
      };
      fs.writeFileSync(path.join(compiler(), "package.json"), JSON.stringify(manifest));
      fs.writeFileSync(path.join(compiler(), "lib/version.cjs"), `module.exports = { version: "7.0.2" };`);
    });
    after(() => fs.rmSync(compiler(), { recursive: true }));

    it("are a warning only, as esbuild compiles the program", async () => {
      expect(await warningsOf(writeProgram(newer, modulesWithout()))).to.deep.equal([
        "warning: The Pulumi CLI would compile this program with TypeScript 7.0.2, which fails: it has no API for that\n" +
          "It runs here, compiled by esbuild. For the CLI, run: npm install --save-dev typescript@5",
      ]);
    });

    const serialized = `require("@pulumi/pulumi").runtime.serializeFunction(() => 1)`;
    const programs: Record<string, Files> = {
      TypeScript: newer,
      "JavaScript with a function to serialize": {
        "Pulumi.yaml": "name: script\nmain: index.js\nruntime: { name: nodejs, options: { typescript: false } }\n",
        "index.js": `exports.text = ${serialized}.then(({ text }) => text);`,
      },
    };
    for (const [kind, files] of Object.entries(programs)) {
      it(`say to write an older one under the SDK's own runner: ${kind}`, async () => {
        expect(await messageOf(writeProgram(files, modulesWithout()), "sdk")).to.equal(
          "The program failed: The installed TypeScript 7.0.2 lacks the JavaScript interface that the SDK compiles with. " +
            "Write TypeScript below 7: npm install --save-dev typescript@5",
        );
      });
    }
  });
});
