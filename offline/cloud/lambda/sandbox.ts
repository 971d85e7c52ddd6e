import type { Python } from "./python";

/** How Lambda describes a failure: the payload that the caller of a failed function gets. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  /** Of functions in JavaScript. Absent when the platform ended the function, as for a timeout. */
  trace?: string[];
  /** Of functions in Python, each element being one or more lines. */
  stackTrace?: string[];
  /** Of functions in Python: empty if the code did not load. */
  requestId?: string;
}

export interface Invocation {
  requestId: string;
  /** The event, as JSON. */
  payload: string;
  /** When the function times out, in milliseconds since 1970. */
  deadline: number;
  invokedFunctionArn: string;
  functionVersion: string;
  /** What a caller, such as a mobile app, says about itself. */
  clientContext?: unknown;
  tenantId?: string;
  /** The X-Ray trace header. */
  trace: string;
}

export interface Outcome {
  /** The handler's result, as JSON or as it wrote it; absent when it failed, or when the caller got it piece by piece. */
  payload?: string;
  error?: FunctionError;
  /** Of a process, the most memory that it has had. */
  heapBytes?: number;
}

/** Receives a piece of a response, and the content type of the whole if the handler has set one. */
export type OnChunk = (chunk: Uint8Array, contentType?: string) => void;

export interface SandboxOptions {
  /** Starts the thread or process that runs the code. */
  start(options: SandboxOptions, listener: Listener): Runtime;
  /** The folder of the function's code. */
  root: string;
  handler: string;
  /** What runs the function, unless it is in JavaScript. */
  python?: Python;
  /** Of a function in JavaScript, the folder that it knows as /opt. */
  layers?: string;
  /** True for the runtimes before nodejs24.x, which call callback handlers and turn off newer features of Node.js. */
  callbacks: boolean;
  /** The properties of the context object that are the same in every invocation. */
  context: Record<string, unknown>;
  /** Of NODE_OPTIONS, only the flags that turn on again what Lambda turns off have an effect. */
  environment: Record<string, string>;
  /** In MB. */
  memorySize: number;
  /** In seconds. */
  timeout: number;
  /** False while debugging: a breakpoint must not end the function. */
  enforceTimeout: boolean;
  /** @param level of what wrote it, if the log format is text: `INFO` of the console, `[INFO]` of Python's logging module */
  output(text: string, requestId: string | undefined, level?: string): void;
}

/** The error of events that are cut off, or never start, because the function is stopped. */
export const STOPPED: FunctionError = { errorType: "Runtime.ExitError", errorMessage: "The function was stopped" };

/** What a runtime reports. */
export type Message =
  | { type: "ready" }
  | { type: "output"; text: string; requestId?: string; level?: string }
  /** A piece of the response that a handler writes. */
  | { type: "chunk"; chunk: Uint8Array; contentType?: string }
  | { type: "crashed"; error: FunctionError }
  /** `last` if the worker now ends, because of something that the handler left behind. */
  | { type: "done"; outcome: Outcome; last?: boolean };

/** Lambda allows ten seconds for loading a function's code. */
const INIT_TIMEOUT_SECONDS = 10;

/** Runs the code of a function, in a thread or in a process. */
export interface Runtime {
  send(invocation: Invocation): void;
  /** Resolves when it has ended. */
  stop(): Promise<unknown>;
}

/** Receives what a runtime reports. */
export interface Listener {
  receive(message: Message): void;
  /** Takes what the function writes past its runtime. */
  write(text: string): void;
  /** The runtime has ended. */
  end(error: FunctionError): void;
}

/**
 * One execution environment: a thread or process that loads a function and runs one event at a time. It ends with the first
 * crash or timeout; its owner then starts another.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class Sandbox {
  /** Resolves when the code is loaded, or to the error if it does not load. */
  readonly ready: Promise<FunctionError | undefined>;
  /** How long loading took, in milliseconds. */
  initMilliseconds = 0;
  /** True until it gets its first event. */
  cold = true;
  /** When it last became idle, in milliseconds since the process started. */
  idleSince = 0;
  private ended = false;
  private timer: NodeJS.Timeout | undefined;
  private requestId: string | undefined;
  private onChunk: OnChunk = () => {};
  private settle: (outcome: Outcome) => void = () => {};
  private readonly runtime: Runtime;

  constructor(private readonly options: SandboxOptions) {
    const started = performance.now();
    this.runtime = options.start(options, {
      receive: (message) => this.receive(message),
      write: (text) => options.output(text, this.requestId),
      end: (error) => this.end(error),
    });
    this.ready = this.expect(INIT_TIMEOUT_SECONDS, "while loading the function's code").then(({ error }) => {
      this.initMilliseconds = performance.now() - started;
      return error;
    });
  }

  /** True when it can take another event. */
  get usable(): boolean {
    return !this.ended;
  }

  /**
   * Runs one event. Never rejects: a failure is the outcome's error.
   * @param onChunk Receives a response piece by piece if the handler writes it so; without it, the outcome has the whole
   */
  async invoke(invocation: Invocation, onChunk?: OnChunk): Promise<Outcome> {
    this.cold = false;
    this.requestId = invocation.requestId;
    const chunks: Uint8Array[] = [];
    this.onChunk = onChunk ?? ((chunk) => chunks.push(chunk));
    const expected = this.expect(this.options.timeout);
    this.runtime.send(invocation);
    const outcome = await expected;
    if (outcome.error || outcome.payload !== undefined || onChunk) return outcome;
    return { ...outcome, payload: Buffer.concat(chunks).toString() };
  }

  async stop(): Promise<void> {
    this.end(STOPPED);
    await this.runtime.stop();
  }

  private expect(seconds: number, when = ""): Promise<Outcome> {
    return new Promise((resolve) => {
      this.settle = resolve;
      if (!this.options.enforceTimeout) return;
      const errorMessage = `Task timed out after ${seconds.toFixed(2)} seconds${when && ` ${when}`}`;
      this.timer = setTimeout(() => this.end({ errorType: "Sandbox.Timedout", errorMessage }), seconds * 1000);
    });
  }

  private receive(message: Message): void {
    if (message.type === "output") this.options.output(message.text, message.requestId, message.level);
    else if (message.type === "chunk") this.onChunk(message.chunk, message.contentType);
    else if (message.type === "crashed") this.end(message.error);
    else if (message.type === "ready") this.finish({});
    else if (message.type === "done") {
      this.ended ||= message.last === true;
      this.finish(message.outcome);
    }
  }

  private finish(outcome: Outcome): void {
    clearTimeout(this.timer);
    this.settle(outcome);
  }

  private end(error: FunctionError): void {
    if (this.ended) return;
    this.ended = true;
    this.finish({ error });
    void this.runtime.stop();
  }
}

/** @param reason Absent if the runtime exited with code 0 */
export function exitError(reason?: string): FunctionError {
  const errorMessage = reason ? `Runtime exited with error: ${reason}` : "Runtime exited without providing a reason";
  return { errorType: "Runtime.ExitError", errorMessage };
}
