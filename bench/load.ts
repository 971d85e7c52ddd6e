import { handlerBundle } from "./bundle";
import { median, percentile, type RunningService, type Service, sequential, start, throughput } from "./measure";
import { installPeers } from "./peers";
import { offline, root, withFolder } from "./project";
import type { Row } from "./report";
import { floorService } from "./start";
import { startTables } from "./tables";

const ROUNDS = 5;
const REQUESTS = 400;
const CONNECTIONS = 10;

interface Load {
  p50: number;
  p99: number;
  perSecond: number;
}

/** Latency and throughput of GET /items on an empty table. */
export function load(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const tables = await startTables();
    try {
      const bundle = await handlerBundle();
      const [floor, ours] = await compare([floorService(bundle), ourService()]);
      const [serverless, architect] = await compare(installPeers(folder, bundle, tables.environment), 1, 60);
      if (!ours || !floor || !serverless || !architect) throw new Error("a service was not measured");
      return [
        {
          what: "sequential p50, against the floor",
          measured: ours.p50,
          reference: floor.p50,
          unit: "ms",
          limit: { atMost: 1.3 },
        },
        { what: "sequential p99, against the floor", measured: ours.p99, reference: floor.p99, unit: "ms" },
        {
          what: "requests/s at 10 connections, against the floor",
          measured: ours.perSecond,
          reference: floor.perSecond,
          unit: "/s",
          limit: { atLeast: 0.7 },
        },
        {
          what: "sequential p50, against serverless-offline",
          measured: ours.p50,
          reference: serverless.p50,
          unit: "ms",
        },
        {
          what: "requests/s, against serverless-offline",
          measured: ours.perSecond,
          reference: serverless.perSecond,
          unit: "/s",
        },
        {
          what: "sequential p50, against the Architect sandbox",
          measured: ours.p50,
          reference: architect.p50,
          unit: "ms",
        },
      ];
    } finally {
      await tables.close();
    }
  });
}

/** Measures the services in turn, round by round, so that a slow spell of the machine affects all of them. */
async function compare(services: Service[], rounds = ROUNDS, requests = REQUESTS): Promise<Load[]> {
  const running: RunningService[] = [];
  try {
    for (const service of services) running.push(await start(service));
    const results: Load[][] = running.map(() => []);
    for (const { url } of running) await sequential(url, requests);
    for (let round = 0; round < rounds; round++) {
      for (const [index, { url }] of running.entries()) {
        const times = await sequential(url, requests);
        const perSecond = await throughput(url, CONNECTIONS, requests);
        results[index]?.push({ p50: median(times), p99: percentile(times, 0.99), perSecond });
      }
    }
    return results.map((loads) => ({
      p50: median(loads.map(({ p50 }) => p50)),
      p99: median(loads.map(({ p99 }) => p99)),
      perSecond: median(loads.map(({ perSecond }) => perSecond)),
    }));
  } finally {
    await Promise.all(running.map((service) => service.stop()));
  }
}

function ourService(): Service {
  const command = [process.execPath, offline, "start", "--port", "4106"];
  return { name: "pulumi-offline", command, cwd: root, url: "http://127.0.0.1:4106/Prod/items" };
}
