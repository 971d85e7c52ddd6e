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
  readonly timestamp: number;
  readonly message: string;
  /** About how many characters it has, where that is known before the message is. @default the message's length */
  readonly size?: number;
}

/** A line of the platform, written when somebody reads it: most are never read. */
class PlatformLine implements LogEvent {
  readonly size = 200;
  private text: string | undefined;

  constructor(
    readonly timestamp: number,
    private readonly write: () => string,
  ) {}

  get message(): string {
    this.text ??= this.write();
    return this.text;
  }
}

/** What the platform's lines say of an invocation. */
interface Report extends Pick<Result, "duration" | "initDuration" | "heapBytes" | "version"> {
  /** When it ended. */
  timestamp: number;
  errorType?: string;
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
    const { duration, initDuration, heapBytes, version, error } = result;
    const failure = error ? [{ timestamp, message: this.describe(error) }] : [];
    // Not the result itself, whose payload would stay in memory as long as the log.
    const report = { timestamp, duration, initDuration, heapBytes, version, errorType: error?.errorType };
    const { start, end } = this.model.jsonLogLevel ? this.inJson(report) : this.inText(report);
    const first = new PlatformLine(this.started, start);
    return [first, ...this.printed, ...failure, ...end.map((write) => new PlatformLine(timestamp, write))];
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

  private inText(report: Report): { start(): string; end: (() => string)[] } {
    return {
      start: () => `START RequestId: ${this.requestId} Version: ${report.version}\n`,
      end: [() => `END RequestId: ${this.requestId}\n`, () => `${this.reportInText(report).join("\t")}\t\n`],
    };
  }

  private reportInText({ duration, initDuration, errorType, heapBytes }: Report): string[] {
    const status = errorType && endByPlatform(errorType);
    return [
      `REPORT RequestId: ${this.requestId}`,
      `Duration: ${duration.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(duration)} ms`,
      `Memory Size: ${this.model.memorySize} MB`,
      `Max Memory Used: ${usedMemory(heapBytes)} MB`,
      ...(initDuration === undefined ? [] : [`Init Duration: ${initDuration.toFixed(2)} ms`]),
      ...(status ? [`Status: ${status}`] : []),
      ...(status === "error" ? [`Error Type: ${errorType}`] : []),
    ];
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html */
  private inJson(report: Report): { start(): string; end: (() => string)[] } {
    const { version, timestamp } = report;
    const line = (type: string, at: number, record: object) => {
      const time = new Date(at).toISOString();
      return `${JSON.stringify({ time, type: `platform.${type}`, record: { requestId: this.requestId, ...record } })}\n`;
    };
    return {
      start: () => line("start", this.started, { version }),
      end: [() => line("report", timestamp, this.reportInJson(report))],
    };
  }

  private reportInJson({ duration, initDuration, errorType, heapBytes }: Report): object {
    const metrics = {
      durationMs: Number(duration.toFixed(3)),
      billedDurationMs: Math.ceil(duration),
      memorySizeMB: this.model.memorySize,
      maxMemoryUsedMB: usedMemory(heapBytes),
      ...(initDuration !== undefined && { initDurationMs: Number(initDuration.toFixed(3)) }),
    };
    const status = errorType ? (endByPlatform(errorType) ?? "error") : "success";
    return { metrics, status, errorType };
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

function usedMemory(heapBytes = 0): number {
  return Math.max(1, Math.ceil(heapBytes / 2 ** 20));
}
