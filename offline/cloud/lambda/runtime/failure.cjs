// Failures, described as Lambda's own Node.js runtimes describe them.
const { isNativeError } = require("node:util/types");

/** A failure that the runtime itself names. Its stack shows where the cause happened. */
class RuntimeError extends Error {
  constructor(type, message, cause) {
    super(message);
    this.name = type;
    const frames = String(cause?.stack ?? "").match(/^ +at .*$/gm) ?? [];
    this.stack = [`${type}: ${message}`, ...frames].join("\n");
  }
}

/** The payload that the caller of a failed function gets. */
function describe(error) {
  try {
    if (!isError(error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
    // Frames of the runtime tell the author of a handler nothing.
    const trace = error.stack.split("\n").filter((line) => !line.includes(__dirname));
    return { errorType: error.name, errorMessage: error.message, trace };
  } catch {
    const errorMessage =
      "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack";
    return { errorType: "handled", errorMessage, trace: [] };
  }
}

function isError(value) {
  return isNativeError(value) || value instanceof Error || Boolean(value?.name && value.message && value.stack);
}

module.exports = { describe, RuntimeError };
