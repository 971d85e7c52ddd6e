import type { FunctionModel } from "./model";
import type { Result as PoolResult } from "./pool";

/** An invocation that has ended. */
type Result = PoolResult & { version: string };

/** How much of the log a caller gets. */
const MAX_TAIL_BYTES = 4096;
/** How much is kept of what one invocation prints. */
const MAX_CHARACTERS = 2 ** 20;

/** An event of a log stream. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  timestamp: number;
  message: string;
}

/** The log of one invocation, as Lambda would write it: what the function prints, between the platform's own lines. */
export class InvocationLog {
  private readonly started = Date.now();
  private printed: LogEvent[] = [];
  private size = 0;

  constructor(
    private readonly requestId: string,
    private readonly model: Pick<FunctionModel, "memorySize" | "jsonLogLevel">,
  ) {}

  /**
   * Adds what the function prints.
   * @param level of the lines of the console's methods, such as `INFO`, and of Python's records, such as `[INFO]`
   */
  add(text: string, level?: string): void {
    this.printed.push({ timestamp: Date.now(), message: this.withPrefix(text, level) });
    this.size += text.length;
    while (this.size > MAX_CHARACTERS && this.printed.length > 1) {
      this.size -= this.printed.shift()?.message.length ?? 0;
    }
  }

  /** Everything, once the invocation has ended. */
  events(result: Result): LogEvent[] {
    const timestamp = Date.now();
    const { error } = result;
    const failure = error ? [{ timestamp, message: this.describe(error) }] : [];
    const { start, end } = this.model.jsonLogLevel ? this.inJson(result) : this.inText(result);
    const first = { timestamp: this.started, message: start };
    return [first, ...this.printed, ...failure, ...end.map((message) => ({ timestamp, message }))];
  }

  /** The end of the log, in Base64. */
  tail(result: Result): string {
    const log = this.events(result).map(({ message }) => message);
    return Buffer.from(log.join("")).subarray(-MAX_TAIL_BYTES).toString("base64");
  }

  private withPrefix(text: string, level: string | undefined): string {
    if (level === undefined) return text;
    // Python's text has its level already, unless the function formats it in another way.
    if (level.startsWith("["))
      return text.startsWith(`${level} `) ? `${level}\t${this.prefix}\t${text.slice(level.length + 1)}` : text;
    return `${this.prefix}\t${level}\t${text}`;
  }

  private inText(result: Result): { start: string; end: string[] } {
    const { duration, initDuration, error, version } = result;
    const status = error && endByPlatform(error.errorType);
    const report = [
      `REPORT RequestId: ${this.requestId}`,
      `Duration: ${duration.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(duration)} ms`,
      `Memory Size: ${this.model.memorySize} MB`,
      `Max Memory Used: ${usedMemory(result)} MB`,
      ...(initDuration === undefined ? [] : [`Init Duration: ${initDuration.toFixed(2)} ms`]),
      ...(status ? [`Status: ${status}`] : []),
      ...(status === "error" ? [`Error Type: ${error?.errorType}`] : []),
    ];
    return {
      start: `START RequestId: ${this.requestId} Version: ${version}\n`,
      end: [`END RequestId: ${this.requestId}\n`, `${report.join("\t")}\t\n`],
    };
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html */
  private inJson(result: Result): { start: string; end: string[] } {
    const { requestId, model } = this;
    const { duration, initDuration, error, version } = result;
    const metrics = {
      durationMs: Number(duration.toFixed(3)),
      billedDurationMs: Math.ceil(duration),
      memorySizeMB: model.memorySize,
      maxMemoryUsedMB: usedMemory(result),
      ...(initDuration !== undefined && { initDurationMs: Number(initDuration.toFixed(3)) }),
    };
    const status = error ? (endByPlatform(error.errorType) ?? "error") : "success";
    const line = (type: string, record: object) =>
      `${JSON.stringify({ time: new Date().toISOString(), type: `platform.${type}`, record: { requestId, ...record } })}\n`;
    const report = line("report", { metrics, status, errorType: error?.errorType });
    return { start: line("start", { version }), end: [report] };
  }

  /** How the runtime, or the platform that ended it, logs a failure. */
  private describe({ errorType, errorMessage, trace, stackTrace }: NonNullable<Result["error"]>): string {
    if (errorType === "Sandbox.Timedout")
      return `${new Date().toISOString()} ${errorMessage.replace(/^RequestId: (\S+) Error: /, "$1 ")}\n\n`;
    if (endByPlatform(errorType)) return `${errorMessage}\n${errorType}\n`;
    const error = { errorType, errorMessage, ...(trace && { stack: trace }), ...(stackTrace && { stackTrace }) };
    if (this.model.jsonLogLevel) {
      const record = { timestamp: new Date().toISOString(), level: "ERROR", requestId: this.requestId, message: error };
      return `${JSON.stringify(record)}\n`;
    }
    if (stackTrace) {
      const frames = stackTrace.join("").replace(/^ +/gm, (indent) => "\u00a0".repeat(indent.length));
      return `[ERROR] ${errorType}: ${errorMessage}\nTraceback (most recent call last):\n${frames}`;
    }
    return `${this.prefix}\tERROR\tInvoke Error \t${JSON.stringify(error)}\n`;
  }

  private get prefix(): string {
    return `${new Date().toISOString()}\t${this.requestId}`;
  }
}

/** The status of an invocation that the platform ended; undefined if the handler's own error ended it. */
function endByPlatform(errorType: string): "timeout" | "error" | undefined {
  if (errorType === "Sandbox.Timedout") return "timeout";
  return /^Runtime\.(?:ExitError|OutOfMemory)$/.test(errorType) ? "error" : undefined;
}

function usedMemory({ heapBytes = 0 }: Result): number {
  return Math.max(1, Math.ceil(heapBytes / 2 ** 20));
}
