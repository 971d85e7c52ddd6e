import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import * as readline from "node:readline";
import { expect } from "chai";
import ts from "typescript";
import * as components from "../../components";
import * as graviton from "../../components/graviton";
import * as library from "../../offline";
import { Analyzer } from "../../offline/engine/crossguard/analyzer";
import { createPolicies } from "../../policies/policies";
import { createConsumer, offline, run, write } from "../helpers/packages/consumer";

const files = {
  "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "Pulumi.dev.yaml": "config:\n  aws:region: eu-west-1\n",
  "index.ts": `import { GravitonBatch, JobSubmission, LambdaFunction, ServerlessApi } from "pulumi-graviton";

const batch = new GravitonBatch("jobs", {
  environments: [{ type: "FARGATE", maxVcpus: 4 }],
  vpcId: "vpc-01234567",
  subnetIds: ["subnet-01234567"],
  jobs: { migrate: { image: "public.ecr.aws/docker/library/node:24-slim" } },
});
new JobSubmission("migrate", { batch });
const orders = new LambdaFunction("orders", { entry: "orders.ts" });
const routes = { "GET /orders": { operationId: "listOrders", function: orders } };
const api = new ServerlessApi("shop", { routes, auth: "none" });

export const url = api.url;
`,
  "orders.ts": `export const handler = async () => ({ statusCode: 200, body: import.meta.url });\n`,
  "serve.mjs": `import { runProgram, serve } from "pulumi-offline";

const server = await serve(await runProgram({ directory: "." }), { port: 0, log: () => undefined });
const response = await fetch(server.apis[0].url + "/orders");
console.log(response.status, await response.text());
await server.close();
`,
  "types.ts": `import { ItemsTable, LambdaFunction } from "pulumi-graviton";
import { gravitonEquivalent } from "pulumi-graviton/graviton";
import { runProgram } from "pulumi-offline";

const table = new ItemsTable("orders", { deletionProtection: true });
export const name: string | undefined = gravitonEquivalent("m5.large")?.type;
export const graph = runProgram({ directory: "." }).then(({ resources }) => resources[0]?.urn);
export const { functionName } = new LambdaFunction("orders", { entry: "orders.ts", access: [table.access("crud")] });
`,
  "wrong.ts": `import { ItemsTable } from "pulumi-graviton";
import { gravitonEquivalent } from "pulumi-graviton/graviton";
import { runProgram } from "pulumi-offline";

new ItemsTable("orders", { deletionProtection: "yes" });
gravitonEquivalent(5);
runProgram({ directory: 5 });
`,
};

const exported = {
  "pulumi-graviton": Object.keys(components),
  "pulumi-graviton/graviton": Object.keys(graviton),
  "pulumi-offline": Object.keys(library),
};

describe("the packages in another program", function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => {
    folder = await createConsumer(files, { main: "index.ts" });
  });

  it("export to CommonJS what their sources export, and classes keep their names", async () => {
    const script = `for (const [name, expected] of Object.entries(${JSON.stringify(exported)})) {
      const loaded = require(name);
      const renamed = (key) => /^class /.test(loaded[key]) && loaded[key].name !== key;
      console.log(name, expected.filter((key) => !(key in loaded) || renamed(key)));
    }`;
    const output = Object.keys(exported).map((name) => `${name} []\n`);
    expect(await run(folder, process.execPath, ["-e", script])).to.deep.equal({ status: 0, output: output.join("") });
  });

  it("export the same names to ES modules", async () => {
    const imports = Object.entries(exported).map(([name, keys], index) => {
      return `import { ${keys.map((key) => `${key} as ${key}${index}`).join(", ")} } from "${name}";`;
    });
    write(folder, { "names.mjs": imports.join("\n") });
    expect(await run(folder, process.execPath, ["names.mjs"])).to.deep.equal({ status: 0, output: "" });
  });

  const parsed = new Map<string, ts.SourceFile | undefined>();
  for (const [name, options] of Object.entries({
    node10: { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
    node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
    bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  })) {
    it(`have declarations without an error for moduleResolution ${name}`, () => {
      const all = { ...options, lib: ["lib.es2022.d.ts"], types: ["node"] };
      expect(errorsOf(ts, folder, all, parsed)).to.deep.equal(mistakes);
    });
  }

  it("have declarations that the compiler of programs without TypeScript can read", () => {
    const vendored = createRequire(require.resolve("@pulumi/pulumi"))("./vendor/typescript@3.8.3/typescript.js");
    const errors = errorsOf(vendored, folder, {
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
    });
    expect(errors).to.deep.equal(mistakes);
  });

  it("find the modules that they look up by their path, and run", async () => {
    const preview = await offline(folder, "preview");
    expect(preview.output).to.contain("+   ├─ graviton:index:JobSubmission").and.not.contain("Error");
    expect(preview.status).to.equal(0);
    const served = await run(folder, process.execPath, ["serve.mjs"]);
    expect(served.output).to.match(/^200 file:.*index\.js\n$/);
  });

  it("run as they are, also after somebody edited them", async () => {
    const before = await previewed(folder);
    const injected = path.join(folder, "node_modules/pulumi-graviton/lambda/importMeta.mjs");
    edit(injected, "url: ", "edited: true, url: ");
    edit(path.join(folder, "node_modules/pulumi-graviton/index.js"), "when the stack is deployed", "when it is edited");
    const after = await previewed(folder);
    expect(after.code).to.not.equal(before.code);
    expect(after.output).to.contain("Submits the job migrate when it is edited");
  });

  it("include a policy pack that pulumi-offline and the SDK's own runner start by its path", async () => {
    const pack = path.join(folder, "node_modules/pulumi-graviton-policies");
    const { output } = await offline(folder, "preview", "--policy-pack", pack);
    expect(output).to.contain(`1 pack, ${createPolicies().length} policies: 0 mandatory`);
    expect(await policiesOf(pack)).to.have.lengthOf(createPolicies().length);
  });

  it("load nothing of the repository", async () => {
    const script = `require("pulumi-graviton"); require("pulumi-offline");
      console.log(Object.keys(require.cache).filter((file) => file.startsWith(${JSON.stringify(path.resolve())}) && !/node_modules/.test(file)));`;
    expect((await run(folder, process.execPath, ["-e", script])).output).to.equal("[]\n");
  });
});

/**
 * The errors in both programs and in the packages' declarations, the mistakes without what follows their codes. Everything
 * else is as in any Pulumi program.
 * @param parsed keeps files between programs of one compiler: parsing the declarations of Pulumi takes most of the time
 */
function errorsOf(
  compiler: typeof ts,
  folder: string,
  options: ts.CompilerOptions,
  parsed = new Map<string, ts.SourceFile | undefined>(),
): string[] {
  const common = {
    target: ts.ScriptTarget.ES2020,
    strict: true,
    noEmit: true,
    typeRoots: [path.resolve("node_modules/@types")],
  };
  const roots = ["types.ts", "wrong.ts"].map((file) => path.join(folder, file));
  const all = { ...common, ...options };
  const host = compiler.createCompilerHost(all);
  const { getSourceFile } = host;
  host.getSourceFile = (file, language, ...others) => {
    const key = `${file}:${typeof language === "object" ? language.impliedNodeFormat : ""}`;
    if (!parsed.has(key)) parsed.set(key, getSourceFile(file, language, ...others));
    return parsed.get(key);
  };
  const program = compiler.createProgram(roots, all, host);
  const lines = program.getSourceFiles().flatMap((file) => {
    const own = file.fileName.startsWith(folder.split(path.sep).join("/"));
    if (!own || program.isSourceFileDefaultLibrary(file)) return [];
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ code, messageText, start = 0 }) => {
      const { line } = file.getLineAndCharacterOfPosition(start);
      const text = compiler.flattenDiagnosticMessageText(messageText, "\n");
      return `${path.relative(folder, file.fileName)}(${line + 1}): TS${code}: ${text}`;
    });
  });
  return lines.map((line) => mistakes.find((mistake) => line.startsWith(mistake)) ?? line).sort();
}

/** What is wrong in wrong.ts; a type that became `any` would hide it. */
const mistakes = ["wrong.ts(5): TS2322: ", "wrong.ts(6): TS2345: ", "wrong.ts(7): TS2322: "];

function edit(file: string, found: string, replacement: string): void {
  const text = fs.readFileSync(file, "utf8");
  expect(text).to.contain(found);
  fs.writeFileSync(file, text.replace(found, replacement));
}

/** A preview as JSON, and the text of the bundle of the function `orders` in it. */
async function previewed(folder: string): Promise<{ output: string; code: string }> {
  const { output } = await offline(folder, "preview", "--json");
  const { resources } = JSON.parse(output) as {
    resources: { type: string; name: string; inputs: { code: unknown } }[];
  };
  const found = resources.find(({ type, name }) => type === "aws:lambda/function:Function" && name === "orders");
  const [, file = ""] = /"path":"([^"]+index\.js)"/.exec(JSON.stringify(found?.inputs.code)) ?? [];
  return { output, code: fs.readFileSync(path.resolve(folder, file), "utf8") };
}

/** The policies of a pack that is started as the Pulumi CLI starts it. */
async function policiesOf(pack: string): Promise<unknown[]> {
  const runner = createRequire(path.join(pack, "index.js")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const started = spawn(process.execPath, [runner, "127.0.0.1:1", pack], {
    cwd: pack,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(readline.createInterface({ input: started.stdout }), "line");
  const analyzer = new Analyzer(Number(port));
  try {
    return (await analyzer.info()).getPoliciesList();
  } finally {
    analyzer.close();
    if (started.kill()) await once(started, "exit");
  }
}
