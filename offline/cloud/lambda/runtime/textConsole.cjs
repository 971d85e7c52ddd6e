// The console of a function whose log format is text: Lambda's logs name the level of each line.
const { METHODS } = require("./consoleLevels.cjs");

let current;

/** The level of the console's method that is writing; undefined outside of one. */
function consoleLevel() {
  return current;
}

function markLevels() {
  console.fatal = console.error;
  for (const [method, level] of Object.entries(METHODS)) {
    const write = console[method];
    console[method] = (...values) => {
      const outer = current;
      // console.trace calls console.error.
      current ??= level;
      try {
        write(...values);
      } finally {
        current = outer;
      }
    };
  }
}

module.exports = { consoleLevel, markLevels };
