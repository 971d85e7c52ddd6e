import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import * as path from "node:path";
import { runProgram } from "pulumi-offline";
import { median } from "./measure";
import { root } from "./project";
import type { Row } from "./report";

const RUNS = 7;
const pack = path.join(root, "policies");

/** What the policy pack costs: its start under the SDK's runner, as the Pulumi CLI starts it, and a preview with it. */
export async function policies(): Promise<Row[]> {
  const starts: number[] = [];
  for (let run = 0; run < RUNS; run++) starts.push(await startPack());
  const without: number[] = [];
  const withPack: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    without.push(await preview([]));
    withPack.push(await preview([{ directory: pack }]));
  }
  return [
    { what: "pack start, as the Pulumi CLI starts it", measured: median(starts), unit: "ms", limit: { atMost: 1500 } },
    {
      what: "preview with the pack, against one without",
      measured: median(withPack),
      reference: median(without),
      unit: "ms",
    },
  ];
}

/** From the start of the process until it prints its port, in ms. */
async function startPack(): Promise<number> {
  const runner = createRequire(path.join(pack, "index.ts")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const began = performance.now();
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
    cwd: pack,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const took = performance.now() - began;
  child.kill("SIGKILL");
  return took;
}

async function preview(policyPacks: { directory: string }[]): Promise<number> {
  const began = performance.now();
  await runProgram({ directory: root, policyPacks, dryRun: true });
  return performance.now() - began;
}
