import * as path from "node:path";
import { Worker } from "node:worker_threads";

/** How Lambda describes a failure: the payload that the caller of a failed function gets. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

export interface Invocation {
  requestId: string;
  /** The event, as JSON. */
  payload: string;
  /** When the function times out, in milliseconds since 1970. */
  deadline: number;
  invokedFunctionArn: string;
  functionVersion: string;
}

export interface Outcome {
  /** The handler's result, as JSON; absent when it failed. */
  payload?: string;
  error?: FunctionError;
  heapBytes?: number;
}

export interface SandboxOptions {
  /** The folder of the function's code. */
  root: string;
  handler: string;
  /** True for runtimes before nodejs24.x, which still call callback handlers. */
  callbacks: boolean;
  /** The properties of the context object that are the same in every invocation. */
  context: Record<string, unknown>;
  environment: Record<string, string>;
  /** In MB. */
  memorySize: number;
  /** In seconds. */
  timeout: number;
  /** False while debugging: a breakpoint must not end the function. */
  enforceTimeout: boolean;
  output(text: string, requestId: string | undefined): void;
}

type Message =
  | { type: "ready" }
  | { type: "output"; text: string; requestId?: string }
  | { type: "crashed"; error: FunctionError }
  | ({ type: "done"; requestId: string } & Outcome);

/** Lambda allows ten seconds for loading a function's code. */
const INIT_TIMEOUT_SECONDS = 10;

/**
 * One execution environment: a worker thread that has loaded a function and runs one event at a time. It ends at the
 * first crash or timeout and is never used again; whoever owns it starts another.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class Sandbox {
  /** Resolves when the code is loaded, with what went wrong if it could not be. */
  readonly ready: Promise<FunctionError | undefined>;
  /** How long loading took, in milliseconds. */
  initMilliseconds = 0;
  /** True until it is given its first event. */
  cold = true;
  /** When it last became idle, in milliseconds since the process began. */
  idleSince = 0;
  private ended = false;
  private timer: NodeJS.Timeout | undefined;
  private settle: (outcome: Outcome) => void = () => {};
  private readonly worker: Worker;

  constructor(private readonly options: SandboxOptions) {
    const started = performance.now();
    this.worker = startWorker(options);
    this.worker.on("message", (message: Message) => this.receive(message));
    this.worker.on("error", (error: NodeJS.ErrnoException) => this.end(this.describeWorkerError(error)));
    this.worker.on("exit", (code) => this.end(exitError(code)));
    this.ready = this.expect(INIT_TIMEOUT_SECONDS, "while loading the function's code").then(({ error }) => {
      this.initMilliseconds = performance.now() - started;
      return error;
    });
  }

  /** True when it can take another event. */
  get usable(): boolean {
    return !this.ended;
  }

  /** Runs one event. Never rejects: what went wrong is the outcome's error. */
  invoke(invocation: Invocation): Promise<Outcome> {
    this.cold = false;
    const outcome = this.expect(this.options.timeout);
    this.worker.postMessage(invocation);
    return outcome;
  }

  async stop(): Promise<void> {
    this.end({ errorType: "Runtime.ExitError", errorMessage: "The function was stopped", trace: [] });
    await this.worker.terminate();
  }

  private expect(seconds: number, when = ""): Promise<Outcome> {
    return new Promise((resolve) => {
      this.settle = resolve;
      if (!this.options.enforceTimeout) return;
      const errorMessage = `Task timed out after ${seconds.toFixed(2)} seconds${when && ` ${when}`}`;
      this.timer = setTimeout(
        () => this.end({ errorType: "Sandbox.Timedout", errorMessage, trace: [] }),
        seconds * 1000,
      );
    });
  }

  private receive(message: Message): void {
    if (message.type === "output") this.options.output(message.text, message.requestId);
    else if (message.type === "crashed") this.end(message.error);
    else this.finish(message.type === "done" ? message : {});
  }

  private finish(outcome: Outcome): void {
    clearTimeout(this.timer);
    this.settle(outcome);
  }

  private end(error: FunctionError): void {
    if (this.ended) return;
    this.ended = true;
    this.finish({ error });
    void this.worker.terminate();
  }

  private describeWorkerError(error: NodeJS.ErrnoException): FunctionError {
    if (error.code !== "ERR_WORKER_OUT_OF_MEMORY") {
      return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split("\n") ?? [] };
    }
    const errorMessage = `The function used more memory than its memorySize of ${this.options.memorySize} MB`;
    return { errorType: "Runtime.OutOfMemory", errorMessage, trace: [] };
  }
}

function startWorker({ root, handler, callbacks, context, environment, memorySize }: SandboxOptions): Worker {
  return new Worker(path.join(__dirname, "runtime.cjs"), {
    workerData: { root, handler, callbacks, context },
    env: environment,
    // Flags of this process, such as a TypeScript loader, are none of the function's.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memorySize },
    stdout: true,
    stderr: true,
  });
}

function exitError(code: number): FunctionError {
  const errorMessage =
    code === 0 ? "Runtime exited without providing a reason" : `Runtime exited with error: exit status ${code}`;
  return { errorType: "Runtime.ExitError", errorMessage, trace: [] };
}
