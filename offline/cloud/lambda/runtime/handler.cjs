// Loads the function that a handler name such as `src/app.handler` stands for.
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");
const { RuntimeError } = require("./failure.cjs");
const { isStreaming } = require("./streaming.cjs");

/** With this name, error messages show the same require stack as in Lambda. */
const requireCode = createRequire("/var/runtime/index.mjs");

/**
 * @param callbacks true before nodejs24.x, where callback handlers are allowed and default exports are not searched
 * @throws RuntimeError in Lambda's words, and whatever the code itself throws
 */
async function loadHandler({ root, handler: name, callbacks }) {
  const { folder, module, keys } = parseName(name);
  const exported = await importModule(path.resolve(root, folder), module, root);
  const find = (from) => keys.reduce((value, key) => value?.[key], from);
  const handler = find(exported) ?? (callbacks ? undefined : find(exported?.default));
  if (typeof handler !== "function") {
    process.stderr.write(`${name} is not among the exports: ${Object.keys(exported ?? {}).join(", ") || "none"}\n`);
    const message = handler ? `${name} is not a function` : `${name} is undefined or not exported`;
    throw new RuntimeError("Runtime.HandlerNotFound", message);
  }
  if (handler.length >= 3 && !callbacks && !isStreaming(handler)) {
    throw new RuntimeError(
      "Runtime.CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
    );
  }
  return handler;
}

function parseName(name) {
  if (name.includes("..")) {
    const message = `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`;
    throw new RuntimeError("Runtime.MalformedHandlerName", message);
  }
  const [file, ...keys] = path.basename(name).split(".");
  if (keys.length === 0) {
    process.stderr.write(`the handler "${name}" names no export: write FILE.EXPORT, such as index.handler\n`);
    throw new RuntimeError("Runtime.MalformedHandlerName", "Bad handler");
  }
  return { folder: path.dirname(name), module: file, keys };
}

async function importModule(folder, name, root) {
  try {
    const candidates = ["", ".js", ".mjs", ".cjs"].map((extension) => path.join(folder, name) + extension);
    const file = candidates.find((candidate) => fs.existsSync(candidate));
    if (file) return await load(file);
    process.stderr.write(`there is no ${name}.js, ${name}.mjs or ${name}.cjs in ${folder}\n`);
    return requireCode(requireCode.resolve(name, { paths: [root, folder] }));
  } catch (error) {
    if (error?.code === "MODULE_NOT_FOUND") throw new RuntimeError("Runtime.ImportModuleError", String(error), error);
    if (!(error instanceof SyntaxError)) throw error;
    const failure = new RuntimeError("Runtime.UserCodeSyntaxError", String(error));
    // Only the first lines of a syntax error's own stack say in which file and line it is.
    failure.stack = error.stack;
    throw failure;
  }
}

async function load(file) {
  try {
    if (!file.endsWith(".mjs")) return requireCode(file);
  } catch (error) {
    if (error.code !== "ERR_REQUIRE_ESM" && error.code !== "ERR_REQUIRE_ASYNC_MODULE") throw error;
  }
  // Only what is required can be watched: see queueUrls.cjs.
  require("node:https");
  return import(require("node:url").pathToFileURL(file).href);
}

module.exports = { loadHandler };
