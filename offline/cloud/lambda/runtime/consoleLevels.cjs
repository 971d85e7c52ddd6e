/** The level that Lambda gives a line of each method of the console. */
exports.METHODS = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
  fatal: "FATAL",
};
