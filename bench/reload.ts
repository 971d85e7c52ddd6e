import { readFileSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import * as path from "node:path";
import { get, median, percentile, start } from "./measure";
import { copyProgram, offline, withFolder } from "./project";
import type { Row } from "./report";

const EDITS = 100;
const LOAD_CONNECTIONS = 2;
const URL = "http://127.0.0.1:4107/Prod/items?bench=1";

/** From saving a handler to the first answer of the new code, while requests keep coming. */
export function reload(): Promise<Row[]> {
  return withFolder(async (folder) => {
    copyProgram(folder);
    const handler = path.join(folder, "handlers/items.ts");
    const source = readFileSync(handler, "utf8");
    const service = await start({
      name: "pulumi-offline",
      command: [process.execPath, offline, "start", "--port", "4107"],
      cwd: folder,
      url: URL.replace("?bench=1", ""),
    });
    const stopLoad = keepLoading(service.url);
    const times: number[] = [];
    try {
      for (let edit = 1; edit <= EDITS; edit++) {
        const mark = `edit-${edit}`;
        const began = performance.now();
        writeFileSync(handler, withMark(source, mark));
        while ((await get(URL)).body !== mark) {
          if (performance.now() - began > 10_000) throw new Error(`edit ${edit} was not picked up within 10 s`);
        }
        times.push(performance.now() - began);
      }
    } finally {
      const lost = await stopLoad();
      await service.stop();
      console.log(`${lost} requests unanswered over ${times.length} edits`);
    }
    return [
      {
        what: `hot reload under load, median of ${EDITS} edits`,
        measured: median(times),
        unit: "ms",
        limit: { atMost: 300 },
      },
      { what: "hot reload under load, p95", measured: percentile(times, 0.95), unit: "ms" },
    ];
  });
}

/** The same handler, which answers requests with `?bench=1` with the mark. */
function withMark(source: string, mark: string): string {
  return `${source.replace("export const handler", "const original")}
export const handler: typeof original = async (event, context) =>
  event.queryStringParameters?.bench ? { statusCode: 200, headers: {}, body: "${mark}" } : original(event, context);
`;
}

/** Requests without pause until stopped; resolves to the number that failed or got no answer. */
function keepLoading(url: string): () => Promise<number> {
  const agent = new Agent({ keepAlive: true });
  let stopped = false;
  let lost = 0;
  const loops = Array.from({ length: LOAD_CONNECTIONS }, async () => {
    while (!stopped) {
      const answer = await get(url, agent).catch(() => undefined);
      if (answer?.status !== 200) lost++;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  return async () => {
    stopped = true;
    await Promise.all(loops);
    agent.destroy();
    return lost;
  };
}
