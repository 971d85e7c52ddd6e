import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { traceOf } from "../core/trace";
import { type FunctionError, type OnChunk, type Outcome, Sandbox, type SandboxOptions, STOPPED } from "./sandbox";

export interface PoolOptions extends Omit<SandboxOptions, "output"> {
  name: string;
  arn: string;
  /** How many events may run at once; further ones wait. */
  concurrency: number;
  log(line: string): void;
}

export interface Result extends Outcome {
  requestId: string;
  /** In milliseconds. */
  duration: number;
  /** How long loading the code took, in milliseconds, if this event was the first of its worker. */
  initDuration?: number;
}

/** What a call asks for besides the event. */
export interface Call {
  /** @default a new one */
  requestId?: string;
  /** A version or an alias. */
  qualifier?: string;
  /** The version that the qualifier stands for. */
  version: string;
  /** What the caller says about itself. */
  clientContext?: unknown;
  /** Receives a response that the handler writes piece by piece. */
  onChunk?: OnChunk;
  /** Receives what the function prints. */
  onOutput?(text: string, level?: string): void;
  /** The tenant for whom a function that isolates its tenants is called. */
  tenantId?: string;
}

interface Waiting {
  run(sandbox: Sandbox): void;
  fail(error: FunctionError): void;
}

/**
 * One core is busy with requests and tables, and each of the others gets a worker at once. More workers would only
 * compete with these: a second one on two cores costs a third of the requests per second. But functions that wait for
 * something let events queue up, so an event that has waited this long starts another worker.
 */
const WORKERS_AT_ONCE = Math.max(1, availableParallelism() - 1);
const GROW_AFTER_MILLISECONDS = 100;
/** How long idle workers are kept, apart from one. */
const KEEP_IDLE_MILLISECONDS = 60_000;

/** The warm workers of one function. */
export class Pool {
  private readonly sandboxes = new Set<Sandbox>();
  /** The most recently used one is last, so that in quieter times the others grow old. */
  private idle: Sandbox[] = [];
  private readonly queue: Waiting[] = [];
  private running = 0;
  private starting = 0;
  private onIdle: (() => void) | undefined;
  /** Those who want to know what a request prints, by its ID. */
  private readonly readers = new Map<string, Call["onOutput"]>();
  private readonly reaper = setInterval(() => this.reap(), KEEP_IDLE_MILLISECONDS / 2).unref();

  constructor(private readonly options: PoolOptions) {}

  /** True once it has started a worker. */
  get used(): boolean {
    return this.sandboxes.size > 0;
  }

  /** Starts a worker, also ahead of the first event. Resolves to the error if the code does not load. */
  async start(): Promise<FunctionError | undefined> {
    const sandbox: Sandbox = new Sandbox({ ...this.options, output: this.outputWriter() });
    this.sandboxes.add(sandbox);
    this.starting++;
    const error = await sandbox.ready;
    this.starting--;
    if (error) {
      this.queue.shift()?.fail(error);
      await sandbox.stop();
    }
    this.release(sandbox);
    return error;
  }

  /** Runs one event. Never rejects. */
  async invoke(payload: string, call: Call): Promise<Result> {
    const { requestId = randomUUID(), qualifier, version, clientContext, tenantId, onChunk, onOutput } = call;
    this.running++;
    if (onOutput) this.readers.set(requestId, onOutput);
    let sandbox: Sandbox;
    try {
      sandbox = await this.acquire();
    } catch (error) {
      return this.finished(requestId, 0, { error: error as FunctionError }, "could not start");
    }
    const { cold } = sandbox;
    const started = performance.now();
    const { timeout, arn, memorySize } = this.options;
    const invocation = {
      requestId,
      payload,
      deadline: Date.now() + timeout * 1000,
      invokedFunctionArn: qualifier ? `${arn}:${qualifier}` : arn,
      functionVersion: version,
      clientContext,
      tenantId,
      trace: traceOf({ id: requestId }).returned,
    };
    const outcome = await sandbox.invoke(invocation, onChunk);
    const duration = performance.now() - started;
    this.release(sandbox);
    const initDuration = cold ? sandbox.initMilliseconds : undefined;
    const run = describeRun(duration, outcome, memorySize, initDuration);
    return { ...this.finished(requestId, duration, outcome, run), initDuration };
  }

  /** Lets running and waiting events end, then stops the workers. */
  async drain(): Promise<void> {
    if (this.running > 0) {
      await new Promise<void>((resolve) => {
        this.onIdle = resolve;
      });
    }
    await this.stop();
  }

  async stop(): Promise<void> {
    clearInterval(this.reaper);
    for (const { fail } of this.queue.splice(0)) fail(STOPPED);
    await Promise.all([...this.sandboxes].map((sandbox) => sandbox.stop()));
  }

  private acquire(): Promise<Sandbox> {
    let sandbox = this.idle.pop();
    while (sandbox && !sandbox.usable) {
      this.sandboxes.delete(sandbox);
      sandbox = this.idle.pop();
    }
    if (sandbox) return Promise.resolve(sandbox);
    return new Promise((run, fail) => {
      const waiting = { run, fail };
      this.queue.push(waiting);
      const free = this.sandboxes.size < Math.min(WORKERS_AT_ONCE, this.options.concurrency);
      if (free && this.starting < this.queue.length) void this.start();
      else this.growLater(waiting);
    });
  }

  /** Starts another worker, unless one is starting, which may be enough. */
  private growFor(waiting: Waiting): void {
    if (!this.queue.includes(waiting) || this.sandboxes.size >= this.options.concurrency) return;
    if (this.starting === 0) void this.start();
    else this.growLater(waiting);
  }

  private growLater(waiting: Waiting): void {
    setTimeout(() => this.growFor(waiting), GROW_AFTER_MILLISECONDS);
  }

  private release(sandbox: Sandbox): void {
    if (!sandbox.usable) {
      this.sandboxes.delete(sandbox);
      if (this.queue.length > 0 && this.sandboxes.size < this.options.concurrency) void this.start();
      return;
    }
    const next = this.queue.shift();
    if (next) {
      next.run(sandbox);
      return;
    }
    sandbox.idleSince = performance.now();
    this.idle.push(sandbox);
  }

  private finished(requestId: string, duration: number, outcome: Outcome, run: string): Result {
    this.report(requestId, outcome, run);
    this.readers.delete(requestId);
    if (--this.running === 0) this.onIdle?.();
    return { requestId, duration, ...outcome, ...(outcome.error && { error: toCaller(outcome.error, requestId) }) };
  }

  private reap(): void {
    const old = performance.now() - KEEP_IDLE_MILLISECONDS;
    while (this.idle.length > 1 && (this.idle[0]?.idleSince ?? old) < old) {
      const sandbox = this.idle.shift();
      if (!sandbox) return;
      this.sandboxes.delete(sandbox);
      void sandbox.stop();
    }
  }

  /** Splits what a worker writes into lines, each with the ID of its request. */
  private outputWriter(): SandboxOptions["output"] {
    let rest = "";
    return (text, requestId, level) => {
      this.readers.get(requestId ?? "")?.(text, level);
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.log(requestId, line);
    };
  }

  private report(requestId: string, { error }: Outcome, run: string): void {
    if (error) {
      for (const line of linesOf(error)) this.log(requestId, line);
    }
    this.log(requestId, run);
  }

  private log(requestId: string | undefined, text: string): void {
    this.options.log(`${this.options.name} ${requestId?.slice(0, 8) ?? "starting"} | ${text}`);
  }
}

/** In JavaScript, the trace begins with the error itself. */
function linesOf({ errorType, errorMessage, trace, stackTrace = [] }: FunctionError): string[] {
  if (trace?.length) return trace;
  return [`${errorType}: ${errorMessage}`, ...stackTrace.flatMap((element) => element.trimEnd().split("\n"))];
}

/** If it was the platform that ended the function, the message that callers get names the request. */
function toCaller(error: FunctionError, requestId: string): FunctionError {
  if (!/^(Sandbox\.Timedout|Runtime\.(ExitError|OutOfMemory))$/.test(error.errorType)) return error;
  return { ...error, errorMessage: `RequestId: ${requestId} Error: ${error.errorMessage}` };
}

function describeRun(duration: number, { heapBytes, error }: Outcome, memorySize: number, init?: number): string {
  const parts = [`${error ? "failed after " : ""}${duration.toFixed(1)} ms`];
  if (init !== undefined) parts.push(`cold start ${init.toFixed(0)} ms`);
  if (heapBytes) parts.push(`${Math.ceil(heapBytes / 2 ** 20)} of ${memorySize} MB`);
  return parts.join(", ");
}
