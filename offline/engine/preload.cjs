// Loaded into the process of a program or a policy pack before anything else.
"use strict";
const Module = require("node:module");
const { pathToFileURL } = require("node:url");

// The SDK loads these, two thirds of its start-up time, though only closures that become Lambda code and programs that run
// other programs need them.
const heavy = new Set(["typescript", "@npmcli/arborist", "./automation"]);
const sdk = /[\\/]@pulumi[\\/]pulumi[\\/]/;
const packRunner = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run-policy-pack[\\/]/;
const load = Module._load;
const ignore = async () => undefined;
/** Stands for the runner's tracing, which takes as long to load as the rest of it: no trace is asked for. */
const silent = new Proxy(() => silent, { get: () => silent });
const noTypeScript = {
  name: "pulumi-offline:no-compiler",
  compiler: { version: "0.0.0", register: () => undefined },
  typeScriptRequireStrings: () => ({ tsnodeRequire: noTypeScript.name, typescriptRequire: noTypeScript.name }),
  loadTypeScriptCompilerOptions: () => ({}),
};

Module._load = function (request, parent, isMain) {
  if (!sdk.test(parent?.filename ?? "")) return load.call(this, request, parent, isMain);
  if (request === "./tracing") return silent;
  // The runner of policy packs would compile with ts-node, whose check of types costs seconds: tsx does it here.
  if (packRunner.test(parent.filename) && /tsutils$/.test(request)) return noTypeScript;
  if (request === noTypeScript.name) return noTypeScript.compiler;
  // It looks for maps in files, and so hides Node's own support, which knows those of compiled TypeScript.
  if (request === "source-map-support/register") return {};
  // Each debug message is a call to the engine, which keeps none as they hold values of secrets.
  if (/(^|\/)log$/.test(request)) return Object.assign(load.call(this, request, parent, isMain), { debug: ignore });
  if (!heavy.has(request)) return load.call(this, request, parent, isMain);
  let loaded;
  const real = () => (loaded ??= load.call(Module, request, parent, isMain));
  const forward =
    (operation) =>
    (_, ...rest) =>
      Reflect[operation](real(), ...rest);
  return new Proxy(
    {},
    {
      // Compiled imports ask this first, and copy every property of a module that denies it.
      get: (_, key) => (key === "__esModule" ? true : real()[key]),
      has: forward("has"),
      ownKeys: forward("ownKeys"),
      getOwnPropertyDescriptor: (_, key) => ({ configurable: true, enumerable: true, value: real()[key] }),
    },
  );
};

// import() of TypeScript needs a loader that starts a thread: a program that does not use import() is spared it.
const compile = Module.prototype._compile;
let importsTypeScript = false;
Module.prototype._compile = function (content, filename, ...rest) {
  if (!importsTypeScript && !/[\\/]node_modules[\\/]/.test(filename) && content.includes("import(")) {
    importsTypeScript = true;
    Module.register(pathToFileURL(require.resolve("tsx/esm")), { data: true });
  }
  return compile.call(this, content, filename, ...rest);
};
