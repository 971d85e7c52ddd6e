import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import type { Duplex, Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** A command as passed to the operating system. */
export interface Launch {
  program: string;
  args: string[];
  cwd: string;
  environment: Record<string, string>;
  /** Receives each line that it writes on file descriptor 3, where it reads what it is sent. @default it has no such descriptor */
  receive?(line: string): void;
  /** Ends what SIGKILL does not reach, such as a container. */
  abandon?(): void;
}

/** How a process ended: by itself with a code, or by a signal. */
export interface Exit {
  /** For a signal 128 plus its number, as in shells and containers. */
  code: number;
  /** The signal that ended it, if one did. */
  signal?: NodeJS.Signals;
  /** True if a SIGTERM or SIGKILL from outside ended it, directly or with the matching exit code. */
  interrupted: boolean;
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};
const INTERRUPTIONS = [128 + 9, 128 + 15];

/** The longest line of output. */
const MAX_LINE = 16 * 1024;

/** A process and everything that it starts, as a process group of its own. */
export class ProgramProcess {
  readonly exit: Promise<Exit>;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly launch: Launch,
  ) {
    // As in a container, the processes that it leaves behind end with it; only then do its streams close.
    child.once("exit", () => this.signal("SIGKILL"));
    this.exit = once(child, "close").then(([code, signal]: (number | NodeJS.Signals | null)[]) => {
      clearTimeout(this.timer);
      const number = typeof code === "number" ? code : 128 + (SIGNAL_NUMBERS[signal as NodeJS.Signals] ?? 0);
      const interrupted = !this.stopped && INTERRUPTIONS.includes(number);
      return { code: number, interrupted, ...(typeof signal === "string" && { signal }) };
    });
  }

  /** @throws Error when the program cannot be started */
  static async start(launch: Launch, output: (line: string) => void): Promise<ProgramProcess> {
    const { program, args, cwd, environment, receive } = launch;
    const stdio: StdioOptions = ["ignore", "pipe", "pipe", receive ? "pipe" : "ignore"];
    const child = spawn(program, args, { cwd, env: environment, detached: true, stdio });
    for (const stream of [child.stdout, child.stderr]) if (stream) forEachLine(stream, output, MAX_LINE);
    if (receive) forEachLine(child.stdio[3] as Readable, receive);
    // What is sent to a process that is just ending is lost; its exit says so.
    child.stdio[3]?.on("error", () => {});
    await once(child, "spawn");
    return new ProgramProcess(child, launch);
  }

  /** Sends it one line of text. */
  send(line: string): void {
    (this.child.stdio[3] as Duplex).write(`${line}\n`);
  }

  /** Asks it to end, and kills it if it has not ended in time. */
  stop(killAfterMilliseconds: number): void {
    if (this.stopped) return;
    this.stopped = true;
    this.signal("SIGTERM");
    this.timer = setTimeout(() => this.kill(), killAfterMilliseconds);
  }

  kill(): void {
    this.stopped = true;
    this.signal("SIGKILL");
    this.launch.abandon?.();
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

/** @param maxLine Longer lines are split into pieces of this length. */
function forEachLine(stream: Readable, output: (line: string) => void, maxLine = Infinity): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  /** Returns the last piece, which may be shorter. */
  const showPieces = (line: string) => {
    let piece = line;
    for (; piece.length > maxLine; piece = piece.slice(maxLine)) output(piece.slice(0, maxLine));
    return piece;
  };
  stream.on("data", (chunk: Buffer) => {
    const [first = "", ...others] = decoder.write(chunk).split("\n");
    rest += first;
    for (const next of others) {
      output(showPieces(rest.replace(/\r$/, "")));
      rest = next;
    }
    rest = showPieces(rest);
  });
  stream.on("end", () => {
    rest += decoder.end();
    if (rest) output(rest);
  });
}
