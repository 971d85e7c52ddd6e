import * as path from "node:path";
import { ProgramProcess } from "../core/process/programProcess";
import { isMap } from "../core/resources";
import {
  exitError,
  type FunctionError,
  type Listener,
  type Message,
  type Runtime,
  type SandboxOptions,
} from "./sandbox";

/** What shells and Go, in which Lambda is written, call signals. */
const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGILL: "illegal instruction",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};

/** Runs a function in Python in a process of its own, which ends when this process does. */
export function startProcess(options: SandboxOptions, { receive, write, end }: Listener): Runtime {
  const { python: { file, folders } = { file: "python3", folders: [] }, root, environment } = options;
  const { PYTHONPATH = "" } = environment;
  const launch = {
    program: file,
    // Compiled modules in the folder of the code would look like edits of it.
    args: ["-B", path.join(__dirname, "runtime", "python", "main.py")],
    cwd: root,
    environment: { ...environment, PYTHONPATH: [PYTHONPATH, ...folders].filter(Boolean).join(path.delimiter) },
    receive: (line: string) => {
      const message = parse(line);
      if (message) receive(message);
      else write(`${line}\n`);
    },
  };
  const started = ProgramProcess.start(launch, (line) => write(`${line}\n`));
  const ended = started.then(
    async ({ exit }) => end(exitOf(await exit)),
    ({ message }) =>
      end({ errorType: "Runtime.InvalidEntrypoint", errorMessage: `${file} cannot be started: ${message}` }),
  );
  return {
    send: (invocation) => void started.then((running) => running.send(JSON.stringify(invocation))),
    stop: async () => {
      await started.then((running) => running.kill()).catch(() => {});
      await ended;
    },
  };
}

/** Undefined for a line that the function itself wrote to the file descriptor of its runtime. */
function parse(line: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return isMap(message) && "type" in message ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}

function exitOf({ code, signal }: { code: number; signal?: NodeJS.Signals }): FunctionError {
  if (signal) return exitError(`signal: ${SIGNALS[signal] ?? signal}`);
  return exitError(code === 0 ? undefined : `exit status ${code}`);
}
