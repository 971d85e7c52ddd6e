import type { RunState } from "pulumi-graviton/etl/run/runs";
import { Problem } from "../http/problem";
import type { Operation, Reply, Request } from "../http/restApi";
import type { PageTokens } from "../state/pageTokens";
import type { Position, RunRecords } from "./records";
import type { RunOperation } from "./routes";
import { runFrom } from "./schema";

export interface RunServices {
  runs: RunRecords;
  pageTokens: PageTokens;
}

/** What the API does with runs, one function per route. */
export function runOperations({ runs, pageTokens }: RunServices): Record<RunOperation, Operation> {
  type ListParameters = { limit: number; state?: RunState; nextToken?: string };

  async function listRuns({ parameters }: Request<ListParameters>): Promise<Reply> {
    const { nextToken, ...rest } = parameters;
    const query = { operation: "listRuns", ...rest };
    const after = await pageTokens.open(nextToken, query);
    const page = await runs.list(rest.limit, rest.state, after as Position | undefined);
    const next = page.last && { nextToken: await pageTokens.seal(page.last, query) };
    return { status: 200, body: { runs: page.runs.map(runFrom), ...next } };
  }

  async function readRun({ parameters: { id } }: Request<{ id: string }>): Promise<Reply> {
    const run = await runs.read(id);
    if (!run) throw new Problem("not-found", `There is no run ${id}.`);
    return { status: 200, body: runFrom(run) };
  }

  return { listRuns, readRun };
}
