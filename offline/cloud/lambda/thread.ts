import * as path from "node:path";
import { Worker } from "node:worker_threads";
import { exitError, type FunctionError, type Listener, type Runtime, type SandboxOptions } from "./sandbox";

/**
 * Features of Node.js that Lambda turns off before nodejs24.x. Code that used them would run here and fail there.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html (experimental features)
 */
const TURNED_OFF = ["experimental-require-module", "experimental-detect-module"].filter((feature) =>
  process.allowedNodeEnvironmentFlags.has(`--no-${feature}`),
);

/**
 * The default of Node.js 20 and 22. With that of Node.js 24, 192 MB, a worker that runs out of memory may exceed the
 * reserve that it has for ending itself, and V8 then aborts the whole process.
 */
const YOUNG_GENERATION_MB = 48;

/** Runs a function in JavaScript in a thread of its own. */
export function startThread(options: SandboxOptions, { receive, write, end }: Listener): Runtime {
  const worker = startWorker(options);
  worker.on("message", receive);
  worker.on("error", (error) => end(describeError(error, options, write)));
  worker.on("exit", (code) => end(exitOf(code)));
  return { send: (invocation) => worker.postMessage(invocation), stop: () => worker.terminate() };
}

function startWorker({ root, handler, layers, callbacks, context, environment, memorySize }: SandboxOptions): Worker {
  // Other options are for the cloud's Node.js, and a worker thread may not take them.
  const { NODE_OPTIONS = "", ...env } = environment;
  return new Worker(path.join(__dirname, "runtime", "main.cjs"), {
    workerData: { root, handler, layers, callbacks, context },
    env,
    // Flags of this process, such as a TypeScript loader, do not concern the function.
    execArgv: (callbacks ? TURNED_OFF : [])
      .filter((feature) => !NODE_OPTIONS.includes(`--${feature}`))
      .map((feature) => `--no-${feature}`),
    resourceLimits: { maxOldGenerationSizeMb: memorySize, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    stdout: true,
    stderr: true,
  });
}

/** Node.js ends a worker that runs out of memory, or, from nodejs24.x on, one with an error that nothing caught. */
function describeError(error: unknown, { memorySize }: SandboxOptions, write: Listener["write"]): FunctionError {
  if ((error as NodeJS.ErrnoException | undefined)?.code !== "ERR_WORKER_OUT_OF_MEMORY") {
    write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return exitOf(1);
  }
  const errorMessage = `The function used more memory than its memorySize of ${memorySize} MB`;
  return { errorType: "Runtime.OutOfMemory", errorMessage };
}

function exitOf(code: number): FunctionError {
  return exitError(code === 0 ? undefined : `exit status ${code}`);
}
