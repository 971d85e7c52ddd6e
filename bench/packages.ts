import { readdirSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { createConsumer, offline as offlineOf, packed, run } from "../tests/helpers/packages/consumer";
import { cpuOf, median } from "./measure";
import { copyProgram, offline, root, withFolder } from "./project";
import type { Row } from "./report";

const COMPILATIONS = 3;
const PREVIEWS = 9;

const withComponents = `import { ItemsTable, LambdaFunction, ServerlessApi } from "pulumi-graviton";

const table = new ItemsTable("orders");
const orders = new LambdaFunction("orders", { entry: "orders.ts", access: [table.access("crud")] });
const api = new ServerlessApi("shop", { routes: { "GET /orders": { operationId: "listOrders", function: orders } } });

export const url = api.url;
`;

/** The same with the modules of `@pulumi/aws` that these components use, as far as a compiler is concerned. */
const withoutComponents = `import { Deployment, RestApi, Stage } from "@pulumi/aws/apigateway";
import { LogGroup } from "@pulumi/aws/cloudwatch";
import { Table } from "@pulumi/aws/dynamodb";
import { Role, RolePolicy } from "@pulumi/aws/iam";
import { Function, Permission } from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";

const table = new Table("orders", { hashKey: "id", attributes: [{ name: "id", type: "S" }] });
const role = new Role("orders", { assumeRolePolicy: "{}" });
new RolePolicy("orders", { role: role.name, policy: "{}" });
const { name } = new LogGroup("orders", { retentionInDays: 30 });
const orders = new Function("orders", {
  role: role.arn,
  code: new pulumi.asset.FileArchive("."),
  loggingConfig: { logFormat: "JSON", logGroup: name },
  environment: { variables: { TABLE_NAME: table.name } },
});
const restApi = new RestApi("shop", { body: "{}" });
const deployment = new Deployment("shop", { restApi: restApi.id });
const stage = new Stage("shop", { restApi: restApi.id, deployment: deployment.id, stageName: "Prod" });
new Permission("shop", { function: orders.name, action: "lambda:InvokeFunction", principal: "apigateway.amazonaws.com" });

export const url = stage.invokeUrl;
`;

const files = {
  "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "index.ts": withComponents,
  "orders.ts": "export const handler = async () => ({ statusCode: 200 });\n",
};

/** What the packages cost a program that installs them. */
export async function packages(): Promise<Row[]> {
  const consumer = await createConsumer({ ...files, "plain.ts": withoutComponents }, { main: "index.ts" });
  const [ours = Number.NaN, plain] = await alternate(COMPILATIONS, consumer, [
    () => compile(consumer, "index.ts"),
    () => compile(consumer, "plain.ts"),
  ]);
  return withFolder(async (folder) => {
    copyProgram(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const [installed = Number.NaN, inRepository] = await alternate(PREVIEWS, folder, [
      () => check(offlineOf(consumer, "preview", "--stack", "dev")),
      () => check(run(folder, process.execPath, [offline, "preview", "--stack", "dev"])),
    ]);
    return [
      { what: "pulumi-graviton, unpacked", measured: await unpackedSize(), unit: "KB", limit: { atMost: 1500 } },
      {
        what: "a consumer's tsc, CPU, against the same program without components",
        measured: ours,
        reference: plain,
        unit: "ms",
        limit: { atMost: 1.5 },
      },
      {
        what: "preview of a consumer, CPU, against the same program in the repository",
        measured: installed,
        reference: inRepository,
        unit: "ms",
        limit: { atMost: 1.1 },
      },
    ];
  });
}

/** Median CPU of each, in ms, after a first time that does not count. They take turns. */
async function alternate(runs: number, folder: string, uses: (() => Promise<unknown>)[]): Promise<number[]> {
  const times = uses.map((): number[] => []);
  for (const use of uses) await use();
  for (let count = 0; count < runs; count++) {
    for (const [index, use] of uses.entries()) times[index]?.push(await cpuOf(folder, use));
  }
  return times.map(median);
}

function compile(folder: string, file: string): Promise<void> {
  const types = ["--types", "node", "--typeRoots", path.join(root, "node_modules/@types")];
  const options = ["--strict", "--target", "es2022", "--module", "commonjs", "--moduleResolution", "node"];
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  return check(run(folder, process.execPath, [tsc, "--noEmit", ...options, ...types, file]));
}

async function check(ending: ReturnType<typeof run>): Promise<void> {
  const { status, output } = await ending;
  if (status !== 0) throw new Error(output);
}

async function unpackedSize(): Promise<number> {
  const { "pulumi-graviton": tarball = "" } = await packed();
  const folder = path.join(path.dirname(tarball), "pulumi-graviton");
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => path.join(folder, name));
  return (
    entries.map((file) => statSync(file)).reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0) / 1000
  );
}
