import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { Agent, type OutgoingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import * as path from "node:path";

/** A server's command, and the URL that answers 200 when it is ready. */
export interface Service {
  name: string;
  command: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  url: string;
}

export interface RunningService extends Service {
  /** From the start of the process to the first 200, in ms. */
  startMs: number;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  body: string;
}

const START_LIMIT_MS = 60_000;

export function median(values: number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

/** The CPU time of all Node processes that start meanwhile, in ms. */
export async function cpuOf(folder: string, use: () => Promise<unknown>): Promise<number> {
  const file = path.join(folder, "usage");
  rmSync(file, { force: true });
  process.env.BENCH_USAGE_FILE = file;
  process.env.NODE_OPTIONS = `--require ${path.join(__dirname, "usage.cjs")}`;
  try {
    await use();
  } finally {
    delete process.env.NODE_OPTIONS;
  }
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .reduce((sum, line) => sum + Number(line), 0);
}

export function get(url: string, agent?: Agent, headers?: OutgoingHttpHeaders): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, headers, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on("error", reject);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer from ${url} within 10 s`)));
    outgoing.on("error", reject);
    outgoing.end();
  });
}

export async function start(service: Service): Promise<RunningService> {
  const [command = "", ...args] = service.command;
  const began = performance.now();
  // Into a file: reading a pipe would cost this process CPU while it measures.
  const log = path.join(mkdtempSync(path.join(tmpdir(), "graviton-bench-log-")), "output");
  const file = openSync(log, "w");
  const child = spawn(command, args, {
    cwd: service.cwd,
    env: { ...process.env, ...service.env },
    stdio: ["ignore", file, file],
    detached: true,
  });
  closeSync(file);
  while (!(await answers(service.url))) {
    if (child.exitCode !== null || performance.now() - began > START_LIMIT_MS) {
      await stop(child);
      throw new Error(`${service.name} does not answer ${service.url}:\n${readFileSync(log, "utf8").slice(-4000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const startMs = performance.now() - began;
  rmSync(path.dirname(log), { recursive: true });
  return { ...service, startMs, stop: () => stop(child) };
}

/** The median time to the first 200 over several starts, in ms. */
export async function medianStart(service: Service, runs: number, before?: () => void): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    before?.();
    const running = await start(service);
    times.push(running.startMs);
    await running.stop();
  }
  return median(times);
}

/** Times of requests sent one after another on one connection, in ms. */
export async function sequential(url: string, count: number, headers?: () => OutgoingHttpHeaders): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (let sent = 0; sent < count; sent++) {
    const sending = headers?.();
    const began = performance.now();
    await expectOk(url, agent, sending);
    times.push(performance.now() - began);
  }
  agent.destroy();
  return times;
}

/** Requests per second over a number of connections that are never idle. */
export async function throughput(url: string, connections: number, count: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = count;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) await expectOk(url, agent);
    }),
  );
  agent.destroy();
  return count / ((performance.now() - began) / 1000);
}

async function expectOk(url: string, agent: Agent, headers?: OutgoingHttpHeaders): Promise<void> {
  const { status, body } = await get(url, agent, headers);
  if (status !== 200) throw new Error(`${url} answered ${status}: ${body}`);
}

async function answers(url: string): Promise<boolean> {
  return get(url).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  process.kill(-child.pid, "SIGINT");
  const hard = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), 5000);
  await exited;
  clearTimeout(hard);
}
