// The console of a function whose log format is JSON.
const { format } = require("node:util");
const { METHODS } = require("./consoleLevels.cjs");

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/**
 * Makes the console write one JSON object a line, as Lambda does.
 * @param least the lowest level that is written
 * @param requestId returns the ID of the current request
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
function writeJson(least, requestId) {
  for (const [method, level] of Object.entries(METHODS)) {
    const isWritten = LEVELS.indexOf(level) >= LEVELS.indexOf(least);
    console[method] = (...values) => {
      if (!isWritten) return;
      const record = { timestamp: new Date().toISOString(), level, requestId: requestId() };
      process.stdout.write(`${stringify(record, values)}\n`);
    };
  }
}

function stringify(record, [message, ...values]) {
  if (values.length > 0) {
    const error = values.find((value) => value instanceof Error);
    return JSON.stringify({ ...record, message: format(message, ...values), ...(error && describe(error)) });
  }
  try {
    return JSON.stringify({ ...record, message }, (_, value) =>
      value instanceof Error ? { ...describe(value), ...value } : value,
    );
  } catch {
    return JSON.stringify({ ...record, message: format(message) });
  }
}

function describe(error) {
  const { name } = error.constructor ?? {};
  return { errorType: name ?? "UnknownError", errorMessage: error.message, stackTrace: error.stack?.split("\n") ?? [] };
}

module.exports = { writeJson };
