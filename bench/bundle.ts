import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import * as path from "node:path";
import { build } from "esbuild";
import { Archive, Asset, resourcesOfType, runProgram } from "pulumi-offline";
import { median } from "./measure";
import { root, withFolder } from "./project";
import type { Row } from "./report";

const RUNS = 21;

/** What a function of this program loads before its first request. */
export function bundle(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const items = await handlerBundle();
    const reference = await referenceBundle(folder);
    const [ours, theirs] = initCpu([items, reference]);
    return [
      { what: "items bundle, minified", measured: kilobytes(items), unit: "KB", limit: { atMost: 350 } },
      {
        what: "items bundle, against a minimal handler (REF)",
        measured: kilobytes(items),
        reference: kilobytes(reference),
        unit: "KB",
      },
      {
        what: "init CPU, against REF",
        measured: ours ?? Number.NaN,
        reference: theirs,
        unit: "ms",
        limit: { atMost: 1.05 },
      },
    ];
  });
}

/** The bundle of handlers/items.ts, as the program deploys it. */
export async function handlerBundle(): Promise<string> {
  const graph = await runProgram({ directory: root });
  const items = resourcesOfType(graph, "aws:lambda/function:Function").find(({ name }) => name === "items");
  const code = items?.inputs.code;
  const file = code instanceof Archive ? code.source.assets?.["index.js"] : undefined;
  if (!(file instanceof Asset) || file.source.path === undefined) throw new Error("the items function has no index.js");
  return path.resolve(root, file.source.path);
}

/** A minimal handler with the SDK bundled: the least that a Node function reading a table costs. */
async function referenceBundle(folder: string): Promise<string> {
  const outfile = path.join(folder, "reference.js");
  const contents = `
    import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
    import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    export const handler = () => client.send(new ScanCommand({ TableName: process.env.TABLE_NAME }));`;
  await build({
    stdin: { contents, resolveDir: root },
    outfile,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minify: true,
    legalComments: "none",
    mainFields: ["module", "main"],
  });
  return outfile;
}

/** Median CPU of loading each bundle in fresh processes, in ms; the bundles alternate. */
function initCpu(bundles: string[]): number[] {
  const script = `const before = process.cpuUsage(); require(process.argv[1]); const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);`;
  const env = { ...process.env, AWS_REGION: "us-east-1", TABLE_NAME: "items", RECORDS_TABLE_NAME: "records" };
  const times = bundles.map((): number[] => []);
  for (let run = 0; run < RUNS; run++) {
    for (const [index, file] of bundles.entries()) {
      times[index]?.push(Number(execFileSync(process.execPath, ["-e", script, file], { env, encoding: "utf8" })));
    }
  }
  return times.map(median);
}

function kilobytes(file: string): number {
  return statSync(file).size / 1000;
}
