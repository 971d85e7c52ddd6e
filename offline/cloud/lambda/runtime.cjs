// The Lambda runtime inside a worker thread. Plain JavaScript, because a worker that first has to load a TypeScript
// compiler starts four times slower. Its messages are the types of sandbox.ts.
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const v8 = require("node:v8");
const { parentPort, workerData } = require("node:worker_threads");

/** What Lambda answers at most to a synchronous invocation: 6 MB and the envelope. */
const MAX_RESPONSE_BYTES = 6_291_556;

let currentRequest;

class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
    this.stack = "";
  }
}

function describe(error) {
  if (!(error instanceof Error)) {
    const text = typeof error === "object" ? JSON.stringify(error) : String(error);
    return { errorType: typeof error, errorMessage: text ?? "", trace: [] };
  }
  // Reading the stack is what maps it to the sources; frames of this file tell the author of a handler nothing.
  const trace = error.stack ? error.stack.split("\n").filter((line) => !line.includes(__filename)) : [];
  return { errorType: error.name, errorMessage: error.message, trace };
}

/** Console output goes with its request, in order with the answer; the worker's own streams promise neither. */
function captureOutput(stream) {
  stream.write = (chunk, encoding, callback) => {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    parentPort.postMessage({ type: "output", text, requestId: currentRequest });
    const done = typeof encoding === "function" ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
}

function crash(error) {
  parentPort.postMessage({ type: "crashed", error: describe(error) });
  process.exit(1);
}

async function loadModule(file) {
  try {
    return require(file);
  } catch (error) {
    if (error.code !== "ERR_REQUIRE_ESM" && error.code !== "ERR_REQUIRE_ASYNC_MODULE") throw error;
    return import(pathToFileURL(file).href);
  }
}

function handlerFile(moduleName) {
  const base = path.join(workerData.root, moduleName);
  const file = [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`].find((candidate) =>
    fs.statSync(candidate, { throwIfNoEntry: false })?.isFile(),
  );
  if (file) return file;
  throw new RuntimeError(
    "Runtime.ImportModuleError",
    `Cannot find ${moduleName}.js, .mjs or .cjs in ${workerData.root}, the code of the function`,
  );
}

async function importHandlerModule(file) {
  try {
    return await loadModule(file);
  } catch (error) {
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
      throw new RuntimeError("Runtime.ImportModuleError", `Error: ${error.message}`);
    }
    if (error instanceof SyntaxError) {
      // The first lines of a syntax error's stack are the only place that tells file and line.
      const [place = ""] = String(error.stack).split("\n");
      throw new RuntimeError("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message} (${place})`);
    }
    throw error;
  }
}

async function loadHandler() {
  const { handler: name } = workerData;
  const dot = name.indexOf(".", name.lastIndexOf("/") + 1);
  if (dot < 1) throw new RuntimeError("Runtime.MalformedHandlerName", `"${name}" is not of the form "file.export"`);
  const file = handlerFile(name.slice(0, dot));
  const exported = await importHandlerModule(file);
  const handler = name
    .slice(dot + 1)
    .split(".")
    .reduce((value, key) => value?.[key] ?? value?.default?.[key], exported);
  if (typeof handler !== "function") {
    throw new RuntimeError("Runtime.HandlerNotFound", `${name} is undefined or not a function in ${file}`);
  }
  if (handler.length >= 3 && !workerData.callbacks) {
    throw new RuntimeError(
      "Runtime.CallbackHandlerDeprecated",
      `${name} takes a callback, which nodejs24.x and later do not call: make it an async function`,
    );
  }
  return handler;
}

/** Calls the handler in whichever style it is written: async, callback, or context.done of old. */
function callHandler(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error ? reject(error) : resolve(result));
    if (workerData.callbacks) {
      Object.assign(context, { done: callback, succeed: resolve, fail: reject, callbackWaitsForEmptyEventLoop: true });
    }
    const returned = workerData.callbacks ? handler(event, context, callback) : handler(event, context);
    if (typeof returned?.then === "function") returned.then(resolve, reject);
    else if (handler.length < 3) resolve(returned);
  });
}

function stringify(result) {
  let payload;
  try {
    payload = JSON.stringify(result) ?? "null";
  } catch (error) {
    throw new RuntimeError("Runtime.MarshalError", `Unable to stringify response body: ${error.message}`);
  }
  if (payload.length * 3 > MAX_RESPONSE_BYTES && Buffer.byteLength(payload) > MAX_RESPONSE_BYTES) {
    throw new RuntimeError(
      "Function.ResponseSizeTooLarge",
      `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
    );
  }
  return payload;
}

async function invoke(handler, { requestId, payload, deadline, invokedFunctionArn, functionVersion }) {
  currentRequest = requestId;
  const context = {
    ...workerData.context,
    functionVersion,
    invokedFunctionArn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  const message = { type: "done", requestId };
  try {
    message.payload = stringify(await callHandler(handler, JSON.parse(payload), context));
  } catch (error) {
    message.error = describe(error);
  }
  message.heapBytes = v8.getHeapStatistics().used_heap_size;
  currentRequest = undefined;
  parentPort.postMessage(message);
}

async function main() {
  process.setSourceMapsEnabled(true);
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", (reason) =>
    crash(new RuntimeError("Runtime.UnhandledPromiseRejection", describe(reason).errorMessage)),
  );
  captureOutput(process.stdout);
  captureOutput(process.stderr);
  try {
    const handler = await loadHandler();
    parentPort.on("message", (invocation) => invoke(handler, invocation));
    parentPort.postMessage({ type: "ready" });
  } catch (error) {
    crash(error);
  }
}

main();
