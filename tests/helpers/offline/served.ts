import type { Graph } from "../../../offline/engine/graph";
import { type ServeOptions, type Server, serve } from "../../../offline/server";

export interface Served extends Server {
  /** Everything logged so far. */
  lines: string[];
  /** Calls the first API by a path after its stage. */
  call(path: string, init?: RequestInit): Promise<Response>;
}

const open = new Set<Server>();

/** Serves a graph on a free port until `closeServers`. */
export async function serveGraph(graph: Graph, options: Partial<ServeOptions> = {}): Promise<Served> {
  const lines: string[] = [];
  const server = await serve(graph, { port: 0, log: (line) => lines.push(line), ...options });
  open.add(server);
  const call = (path: string, init?: RequestInit) => fetch(`${server.apis[0]?.url}${path}`, init);
  return Object.assign(Object.create(server) as Server, { lines, call });
}

/** For `afterEach`: closes what a test has opened. */
export async function closeServers(): Promise<void> {
  for (const server of open) await server.close();
  open.clear();
}

/** Waits until a condition is true, for ten seconds at most unless there is reason for more. */
export async function until(condition: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`never became true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
