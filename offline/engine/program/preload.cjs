// Leaves out of the SDK what a program or a policy pack does not need here.
"use strict";
const Module = require("node:module");
const { inPackage } = require("../../loader/requests.cjs");
const { supportImport } = require("../../typescript/program.cjs");
const { changeModules, withoutStacks } = require("./sdk.cjs");

// Loading these takes two thirds of the SDK's start-up time, though only closures that become Lambda code, programs that
// run other programs, and manifests in YAML need them.
const heavy = new Set(["typescript", "@npmcli/arborist", "normalize-package-data", "js-yaml", "./automation"]);
const sdk = /[\\/]@pulumi[\\/]pulumi[\\/]/;
/** The SDK's own compiler, which it loads if it finds no other. */
const vendored = /[\\/]vendor[\\/]typescript@[^\\/]+[\\/]typescript\.js$/;
const packRunner = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run-policy-pack[\\/]/;
const load = Module._load;
const ignore = async () => undefined;
/** Replaces tracing, which takes as long to load as the rest of the runner, though no trace is requested. */
const silent = new Proxy(() => silent, { get: () => silent });
const noTypeScript = {
  name: "pulumi-offline:no-compiler",
  compiler: { version: "0.0.0", register: () => undefined },
  typeScriptRequireStrings: () => ({ tsnodeRequire: noTypeScript.name, typescriptRequire: noTypeScript.name }),
  loadTypeScriptCompilerOptions: () => ({}),
};

Module._load = function (request, parent, isMain) {
  if (!sdk.test(parent?.filename ?? "")) return load.call(this, request, parent, isMain);
  if (request === "./tracing" || (request === "@opentelemetry/api" && !process.env.TRACEPARENT)) return silent;
  // The runner of policy packs would compile with ts-node, whose type check takes seconds.
  if (packRunner.test(parent.filename) && /tsutils$/.test(request)) return noTypeScript;
  if (request === noTypeScript.name) return noTypeScript.compiler;
  // It only finds source maps in files, and overrides Node's own support, which knows those of compiled TypeScript.
  if (request === "source-map-support/register") return {};
  if (!heavy.has(request) && !vendored.test(request)) return load.call(this, request, parent, isMain);
  // The SDK falls back to its own compiler if this fails.
  if (request === "typescript") Module._resolveFilename(request, parent);
  let loaded;
  const real = () => (loaded ??= withInterface(request, load.call(Module, request, parent, isMain)));
  const forward =
    (operation) =>
    (_, ...rest) =>
      Reflect[operation](real(), ...rest);
  return new Proxy(
    {},
    {
      // Compiled imports read __esModule first, and copy every property of a module without it.
      get: (_, key) => (key === "__esModule" ? true : key === "default" && !real().__esModule ? real() : real()[key]),
      has: forward("has"),
      ownKeys: forward("ownKeys"),
      getOwnPropertyDescriptor: (_, key) => ({ configurable: true, enumerable: true, value: real()[key] }),
    },
  );
};

/** TypeScript 7 can be loaded, but exports nothing that a program could call. */
function withInterface(request, loaded) {
  if (request !== "typescript" || loaded.createSourceFile) return loaded;
  const message =
    `The SDK compiles functions with TypeScript's JavaScript interface, which the installed TypeScript ${loaded.version} ` +
    "does not have. Write TypeScript below 7: npm install --save-dev typescript@5";
  throw Object.assign(new Error(message), { __pulumiRunError: true });
}

// Work that Pulumi packages do and that is not needed here, by module: the SDK's for each resource, promise and script.
const unasked = {
  // Each debug message is a call to the engine, which drops it as it may contain secrets.
  "pulumi/log/index": (log) => Object.assign(log, { debug: ignore }),
  ...withoutStacks,
  // V8 reports every script, for closures that become Lambda code: put off until the first of them.
  "pulumi/runtime/closure/v8Hooks": (hooks) => {
    const { getSessionAsync } = hooks;
    let session;
    const open = async () => {
      const opened = await getSessionAsync();
      // V8 reports the scripts when the debugger is enabled, which the SDK does before it listens.
      for (const method of ["Debugger.disable", "Debugger.enable"]) opened.post(method);
      return opened;
    };
    Object.assign(hooks, { isInitializedAsync: ignore, getSessionAsync: () => (session ??= open()) });
  },
  // Versions of eks before 3 ask the cluster's issuer for its certificate, for a minute: the cluster is made up.
  // See https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
  "eks/cert-thumprint": (certificates) =>
    Object.assign(certificates, { getIssuerCAThumbprint: () => "9e99a48a9960b14926bb7f3b02e22da2b0ab7280" }),
};

const compile = Module.prototype._compile;
Module.prototype._compile = function (content, filename, ...rest) {
  if (!inPackage(filename) && content.includes("import(")) supportImport();
  const result = compile.call(this, content, filename, ...rest);
  return result;
};
changeModules(unasked);
