/** The files of programs as users write them, each in a folder of its name. */

const manifest = (contents: object) => `${JSON.stringify(contents, null, 4)}\n`;

/**
 * What `pulumi new aws-typescript` writes, with a component added.
 * @see https://github.com/pulumi/templates/tree/master/aws-typescript
 */
const template = (compilerOptions: object) => ({
  "Pulumi.yaml": `name: shop
description: A minimal AWS TypeScript Pulumi program
runtime:
  name: nodejs
  options:
    packagemanager: npm
config:
  pulumi:tags:
    value:
      pulumi:template: aws-typescript
`,
  "Pulumi.dev.yaml": "config:\n  aws:region: us-east-1\n",
  "package.json": manifest({
    name: "shop",
    main: "index.ts",
    devDependencies: { "@types/node": "^18", typescript: "^5.0.0" },
    dependencies: { "@pulumi/aws": "^7.0.0", "@pulumi/awsx": "^3.0.0", "@pulumi/pulumi": "^3.113.0" },
  }),
  "tsconfig.json": manifest({
    compilerOptions: {
      strict: true,
      outDir: "bin",
      target: "es2020",
      ...compilerOptions,
      sourceMap: true,
      experimentalDecorators: true,
      pretty: true,
      noFallthroughCasesInSwitch: true,
      noImplicitReturns: true,
      forceConsistentCasingInFileNames: true,
    },
    files: ["index.ts"],
  }),
  "index.ts": `import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import { ItemsTable } from "pulumi-graviton";

// Create an AWS resource (S3 Bucket)
const bucket = new aws.s3.Bucket("my-bucket");
new ItemsTable("orders", { deletionProtection: true });

// Export the name of the bucket
export const bucketName = bucket.id;
`,
});

const pulumiYaml = "name: shop\nruntime: nodejs\nconfig:\n  aws:region:\n    value: eu-west-1\n";

const api = `const { ItemsTable, LambdaFunction, ServerlessApi } = require("pulumi-graviton");
const { gravitonEquivalent } = require("pulumi-graviton/graviton");

function createApi() {
  const table = new ItemsTable("orders", { deletionProtection: true });
  const orders = new LambdaFunction("orders", { entry: "orders.js", access: [table.access("read")] });
  const routes = { "GET /orders": { operationId: "listOrders", function: orders } };
  const { url } = new ServerlessApi("shop", { routes, auth: "none" });
  return { url, type: gravitonEquivalent("m5.large").type };
}
`;

export const projects: Record<string, Record<string, string>> = {
  template: template({ module: "nodenext", moduleResolution: "nodenext" }),
  /** As it was before. */
  olderTemplate: template({ module: "commonjs", moduleResolution: "node" }),
  javascript: {
    "Pulumi.yaml": pulumiYaml,
    "package.json": manifest({ main: "index.js" }),
    "index.js": `${api}\nmodule.exports = createApi();\n`,
    "orders.js": `exports.handler = async () => ({ statusCode: 200, body: "none yet" });\n`,
    "test.js": `const assert = require("node:assert/strict");
const { runProgram, serve } = require("pulumi-offline");

describe("the shop", () => {
  let server;
  before(async () => {
    server = await serve(await runProgram({ directory: __dirname }), { port: 0, log: () => undefined });
  });
  after(() => server.close());

  it("lists orders", async () => {
    const response = await fetch(server.apis[0].url + "/orders");
    assert.deepEqual([response.status, await response.text()], [200, "none yet"]);
  });
});
`,
  },
  esModule: {
    "Pulumi.yaml": pulumiYaml,
    "package.json": manifest({ type: "module", main: "index.ts" }),
    "tsconfig.json": manifest({ compilerOptions: { target: "es2022", module: "nodenext", strict: true } }),
    "index.ts": `import { readFile } from "node:fs/promises";
import { ItemsTable } from "pulumi-graviton";

const { main }: { main: string } = JSON.parse(await readFile(new URL("package.json", import.meta.url), "utf8"));
new ItemsTable("orders", { deletionProtection: true });
export const entry = main;
`,
  },
  /** Its program is a function for the Automation API, run by the server to which the Pulumi CLI gives the addresses. */
  inline: {
    "Pulumi.yaml": `${pulumiYaml.replace("runtime: nodejs", 'runtime:\n  name: nodejs\n  options:\n    nodeargs: "--require ./server.cjs"')}`,
    "package.json": manifest({ main: "index.js" }),
    "index.js": `${api}\nmodule.exports = async () => createApi();\n`,
    "orders.js": "exports.handler = async () => ({ statusCode: 200 });\n",
    "server.cjs": `// In place of the SDK's runner, which got these parameters.
require("node:module").runMain = () => {
  const { LanguageServer } = require("@pulumi/pulumi/automation/server");
  const { RunRequest } = require("@pulumi/pulumi/proto/language_pb");
  const given = Object.fromEntries(process.argv.map((one) => one.replace("--", "").split("=")));
  const request = new RunRequest();
  request.setMonitorAddress(given.monitor);
  request.setArgsList([given.engine]);
  request.setProject(given.project);
  request.setStack(given.stack);
  request.setOrganization(given.organization);
  request.setParallel(Number(given.parallel));
  const config = Object.entries(JSON.parse(process.env.PULUMI_CONFIG));
  for (const [key, value] of config) request.getConfigMap().set(key, value);
  new LanguageServer(require("./index.js")).run({ request }, (error) => {
    console.log(error ?? "run inline");
    process.exitCode = error ? 1 : 0;
  });
};
`,
  },
};
