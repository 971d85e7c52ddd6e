import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { runProgram } from "pulumi-offline";
import { cpuOf, median } from "./measure";
import { copyProgram, root, withFolder } from "./project";
import type { Row } from "./report";

const RUNS = 7;
const RESOURCES = 40;

/** What running a program costs: ours against one that does nothing, and ten times as many resources. */
export function program(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const ours = path.join(folder, "ours");
    mkdirSync(ours);
    copyProgram(ours);
    const empty = write(
      path.join(folder, "empty"),
      `import * as pulumi from "@pulumi/pulumi";\nexport const stack = pulumi.getStack();\n`,
    );
    const [oursCpu, emptyCpu] = await cpu([ours, empty]);
    const [once, tenTimes] = await cpu([
      write(path.join(folder, "once"), tables(RESOURCES)),
      write(path.join(folder, "tenTimes"), tables(RESOURCES * 10)),
    ]);
    return [
      {
        what: "program CPU, against Node importing @pulumi/pulumi",
        measured: oursCpu ?? Number.NaN,
        reference: bareImport(),
        unit: "ms",
        limit: { atMost: 2.2 },
      },
      {
        what: "program CPU, against a program here that only imports @pulumi/pulumi",
        measured: oursCpu ?? Number.NaN,
        reference: emptyCpu,
        unit: "ms",
      },
      {
        what: `program CPU, ${RESOURCES * 10} resources against ${RESOURCES}`,
        measured: tenTimes ?? Number.NaN,
        reference: once,
        unit: "ms",
        limit: { atMost: 4 },
      },
    ];
  });
}

/** Median CPU of each program's process, in ms; the programs alternate. */
async function cpu(directories: string[]): Promise<number[]> {
  const times = directories.map((): number[] => []);
  for (const directory of directories) await runProgram({ directory });
  for (let run = 0; run < RUNS; run++) {
    for (const [index, directory] of directories.entries())
      times[index]?.push(await cpuOf(directory, () => runProgram({ directory })));
  }
  return times.map(median);
}

/** Median CPU of Node on its own, in ms, with `require("@pulumi/pulumi")`. */
function bareImport(): number {
  const script = `require("@pulumi/pulumi"); const { user, system } = process.cpuUsage();
    console.log((user + system) / 1000); process.exit();`;
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, ["--eval", script], { cwd: root, encoding: "utf8" })),
  );
  return median(times);
}

function tables(count: number): string {
  return `import * as aws from "@pulumi/aws";
for (let i = 0; i < ${count}; i++) {
  new aws.dynamodb.Table("table-" + i, { hashKey: "id", attributes: [{ name: "id", type: "S" }], billingMode: "PAY_PER_REQUEST" });
}
`;
}

function write(directory: string, source: string): string {
  mkdirSync(directory);
  copyProgram(directory);
  writeFileSync(path.join(directory, "index.ts"), source);
  return directory;
}
