// Changes modules of Pulumi packages once they are loaded.
"use strict";
const Module = require("node:module");

/** The stacks that the SDK records: looking up their lines in source maps takes longer than registering the resources. */
const withoutStacks = {
  // Each resource's, which the engine does not keep.
  "pulumi/resource": ({ Resource }) => Object.assign(Resource, { stackTrace: () => [] }),
  // Each promise's, for a message that is printed only if this variable is set.
  "pulumi/runtime/debuggable": (debuggable) => {
    if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
    const { debuggablePromise } = debuggable;
    debuggable.debuggablePromise = (...args) => {
      const { stackTraceLimit } = Error;
      // V8 then records no stack at all.
      Error.stackTraceLimit = undefined;
      try {
        return debuggablePromise(...args);
      } finally {
        Error.stackTraceLimit = stackTraceLimit;
      }
    };
  },
};

/** @param changes What changes the exports of a module, by its path below `@pulumi`, without `.js` */
function changeModules(changes) {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, ...rest) {
    const result = compile.call(this, content, filename, ...rest);
    const [, module] = /.*[\\/]@pulumi[\\/](.*)\.js$/.exec(filename) ?? [];
    changes[module?.replaceAll("\\", "/")]?.(this.exports);
    return result;
  };
}

module.exports = { changeModules, withoutStacks };
