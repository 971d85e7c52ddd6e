/** `npm run bench`: what design decisions cost and gain, as ratios within one run. `npm run bench -- start load` runs only those. */
import { cpus } from "node:os";
import { api } from "./api";
import { bundle } from "./bundle";
import { load } from "./load";
import { packages } from "./packages";
import { policies } from "./policies";
import { program } from "./program";
import { reload } from "./reload";
import type { Row } from "./report";
import { printRows } from "./report";
import { start } from "./start";
import { stream } from "./stream";

const benches: Record<string, () => Promise<Row[]>> = {
  bundle,
  program,
  policies,
  packages,
  start,
  load,
  reload,
  stream,
  api,
};

async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    throw new Error(`no bench is called ${unknown.join(", ")}; choose from ${Object.keys(benches).join(", ")}`);
  }
  console.log(
    `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, ${process.platform} ${process.arch}`,
  );
  for (const [name, run] of Object.entries(benches)) {
    if (names.length === 0 || names.includes(name)) printRows(name, await run());
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
