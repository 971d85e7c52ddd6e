// The Lambda runtime inside a worker thread. Plain JavaScript, because a worker that first has to load a TypeScript
// compiler starts four times slower. Its messages are the types of sandbox.ts.
const { parentPort, workerData } = require("node:worker_threads");
const { describe, RuntimeError } = require("./failure.cjs");
const { loadHandler } = require("./handler.cjs");
const { redirectQueues } = require("./queueUrls.cjs");
const { consoleLevel, markLevels } = require("./textConsole.cjs");
const { awslambda, callStreaming, isStreaming } = require("./streaming.cjs");
const { workIn } = require("./workingDirectory.cjs");

/** The largest response to a synchronous invocation: 6 MB and the envelope. */
const MAX_RESPONSE_BYTES = 6_291_556;
const TOO_LARGE = {
  errorType: "Function.ResponseSizeTooLarge",
  errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
};

/** The ID of the latest request. What that request leaves running still writes under it. */
let currentRequest;
/** What the runtime is doing: "loading", then for each event "invoked", "answering" and "idle". */
let state = "loading";
/** The answer that is about to be sent. */
let pending;
let v8;
/** Runs when nothing keeps the event loop going any more. */
let onDrained = () => {
  process.stderr.write("the top-level await of a module never settles: the runtime exits\n");
  if (workerData.callbacks) process.exit(13);
};

/** Sends output with its request and in order with the answer. The worker's own streams guarantee neither. */
function captureOutput(stream) {
  stream.write = (chunk, encoding, callback) => {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    parentPort.postMessage({ type: "output", text, requestId: currentRequest, level: consoleLevel() });
    const done = typeof encoding === "function" ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
}

/** Ends the worker after an error that nothing caught. The error is the answer, unless there is one already. */
function crash(error) {
  const failure = describe(error);
  if (state !== "loading" && state !== "invoked") {
    process.stderr.write(`${failure.trace.join("\n") || `${failure.errorType}: ${failure.errorMessage}`}\n`);
  }
  parentPort.postMessage(pending ? { ...pending, last: true } : { type: "crashed", error: failure });
  process.exit(1);
}

function succeed(result) {
  let payload;
  try {
    payload = JSON.stringify(result) ?? "null";
  } catch (cause) {
    const type = workerData.callbacks ? "Error" : "Runtime.JSONStringifyError";
    return fail(new RuntimeError(type, "Unable to stringify response body", cause));
  }
  const tooLarge = payload.length * 3 > MAX_RESPONSE_BYTES && Buffer.byteLength(payload) > MAX_RESPONSE_BYTES;
  answer(tooLarge ? { error: TOO_LARGE } : { payload });
}

function fail(error) {
  answer({ error: describe(error) });
}

/** Sends the answer after what the handler's last step has queued, such as a rejection that nothing handles. */
function answer(outcome) {
  if (state !== "invoked") return;
  state = "answering";
  // Not loaded at the start, which it would slow down.
  v8 ??= require("node:v8");
  outcome.heapBytes = v8.getHeapStatistics().used_heap_size;
  pending = { type: "done", outcome };
  setImmediate(() => {
    parentPort.postMessage(pending);
    pending = undefined;
    state = "idle";
    parentPort.ref();
  });
}

/**
 * Calls a handler as the runtimes before nodejs24.x do. The first of these answers: the promise it returns, the callback
 * and the methods of the context. What the callback gets is the answer when the event loop is empty, unless the context
 * says otherwise. If it is empty before anything answered, the answer is null.
 */
function callWithCallback(handler, event, context) {
  let returned;
  let settled = false;
  const once =
    (settle) =>
    (...values) => {
      if (settled) return;
      settled = true;
      settle(...values);
    };
  const settle = (error, result) => (isNothing(error) ? succeed(result) : fail(error));
  const callback = once((error, result) => {
    if (!isNothing(error) || !context.callbackWaitsForEmptyEventLoop) return settle(error, result);
    onDrained = () => succeed(result);
  });
  Object.assign(context, {
    callbackWaitsForEmptyEventLoop: true,
    succeed: once(succeed),
    fail: once((error) => fail(error ?? "handled")),
    done: once(settle),
  });
  onDrained = () => {
    if (isPromise(returned)) process.stderr.write("the handler's promise never settles: the answer is null\n");
    else if (returned !== undefined)
      process.stderr.write(
        "before nodejs24.x, Lambda ignores what a handler returns without a promise: make the handler async\n",
      );
    succeed(null);
  };
  try {
    returned = handler(event, context, callback);
    if (isPromise(returned)) returned.then(context.succeed, context.fail);
  } catch (error) {
    callback(error);
  }
}

/** Calls a handler as the runtimes from nodejs24.x on do. If its promise never settles, the worker exits by itself. */
async function callAsync(handler, event, context) {
  onDrained = () => process.stderr.write("the handler's promise never settles: the runtime exits\n");
  try {
    succeed(await handler(event, context));
  } catch (error) {
    fail(error);
  }
}

/** Calls a handler that writes its response, whichever the runtime. */
async function callWithStream(handler, event, context) {
  onDrained = () => process.stderr.write("the handler's promise never settles: the runtime exits\n");
  try {
    await callStreaming(handler, event, context, (chunk, contentType) => {
      parentPort.postMessage({ type: "chunk", chunk, contentType });
    });
    answer({});
  } catch (error) {
    fail(error);
  }
}

function isNothing(error) {
  return error === undefined || error === null;
}

function isPromise(value) {
  return typeof value?.then === "function";
}

function invoke(handler, { requestId, payload, deadline, trace, ...invocation }) {
  const context = {
    ...workerData.context,
    ...invocation,
    ...(!workerData.callbacks && { xRayTraceId: trace }),
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  currentRequest = requestId;
  state = "invoked";
  process.env._X_AMZN_TRACE_ID = trace;
  // From now on, only what the function waits for keeps the event loop going.
  parentPort.unref();
  const call = workerData.callbacks ? callWithCallback : callAsync;
  (isStreaming(handler) ? callWithStream : call)(handler, JSON.parse(payload), context);
}

async function main() {
  captureOutput(process.stdout);
  captureOutput(process.stderr);
  Error.prepareStackTrace = (error, sites) => {
    const { formatStack } = require("./stackTraces.cjs");
    return formatStack(error, sites);
  };
  process.on("beforeExit", () => onDrained());
  // The later runtimes leave these to Node.js, which ends the process.
  if (workerData.callbacks) {
    process.on("uncaughtException", crash);
    process.on("unhandledRejection", (reason) => {
      crash(new RuntimeError("Runtime.UnhandledPromiseRejection", String(reason), reason));
    });
  }
  if (process.env.AWS_LAMBDA_LOG_FORMAT === "JSON") {
    const { writeJson } = require("./jsonConsole.cjs");
    const before = workerData.callbacks ? undefined : "-";
    writeJson(process.env.AWS_LAMBDA_LOG_LEVEL, () => currentRequest ?? before);
  } else markLevels();
  redirectQueues();
  workIn(workerData.root, workerData.layers);
  globalThis.awslambda = awslambda;
  const handler = await loadHandler(workerData);
  state = "idle";
  parentPort.on("message", (invocation) => invoke(handler, invocation));
  parentPort.postMessage({ type: "ready" });
}

main().catch(crash);
