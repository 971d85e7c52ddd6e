// Which compiler and which options the SDK's ts-node would use.
"use strict";
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");
const { digest, readText } = require("./compiledFiles.cjs");

/** The SDK's own compiler, from the folder of one of its runners. */
const vendored = "../../vendor/typescript@3.8.3/typescript.js";

/**
 * Finds the compiler as the SDK does: the `typescript` that it can import, or its own.
 * @param {string} runner The file of one of the SDK's runners
 * @returns `id` differs for any two that may give different results; `isSubstitute` if the program has no compiler that works
 */
function findCompiler(runner) {
  const substitute = { file: path.resolve(path.dirname(runner), vendored), version: "3.8.3" };
  const found = installedCompiler(runner) ?? substitute;
  const [major, minor] = found.version.split(".").map(Number);
  const { mtimeMs, size } = fs.statSync(found.file, { throwIfNoEntry: false }) ?? {};
  return {
    ...found,
    /** What decides which compiler is found. */
    files: [found.file, ...placesOf(runner)],
    id: [found.file, found.version, mtimeMs, size, ownVersion()].join("\n"),
    isSubstitute: found === substitute || major >= 7,
    knowsNodeNext: major > 4 || (major === 4 && minor >= 7),
    load: () => require(found.file),
  };
}

function placesOf(runner) {
  return createRequire(runner)
    .resolve.paths("typescript")
    .map((folder) => path.join(folder, "typescript", "package.json"));
}

/** Of the code that decides what the compiler is asked. */
function ownVersion() {
  return digest([__filename, require.resolve("./compile.cjs")].map(readText).join("\n"));
}

function installedCompiler(runner) {
  try {
    const file = createRequire(runner).resolve("typescript");
    const { version } = JSON.parse(readText(path.join(path.dirname(file), "../package.json")));
    return { file, version };
  } catch {
    return undefined;
  }
}

/** What the SDK's ts-node sets whatever tsconfig says, and what it takes away. */
const forced = { sourceMap: true, inlineSourceMap: false, inlineSources: false, declaration: false, noEmit: false };
const removed = "out outDir outFile composite declarationDir declarationMap emitDeclarationOnly".split(" ");
/** Complaints about a tsconfig that names no files, which ts-node ignores. */
const ignored = [6059, 18002, 18003];

/** How a tsconfig is looked up. The answers are recorded, and asked for again before recorded options are used. */
const questions = {
  readFile: readText,
  fileExists: (file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
  realpath(file) {
    try {
      return fs.realpathSync.native(file);
    } catch {
      return file;
    }
  },
};
const answer = (question, file) => digest(JSON.stringify(questions[question](file) ?? null));

/**
 * The options for all files of the program, whichever of them its tsconfig names.
 * @returns {{ commonjs: object, module: object, errors: string, files: string[] }} By the kind of module; `errors` are those of
 * tsconfig, `files` are tsconfig, what it extends, and where that was looked for
 */
function readOptions(compiler, tsconfig, cache) {
  const name = ["options", compiler.id, tsconfig].join("\n");
  const kept = cache.read(name, "");
  if (kept) {
    const { answers, options } = JSON.parse(kept);
    if (answers.every(([question, file, before]) => answer(question, file) === before))
      return { ...options, files: filesOf(answers) };
  }
  const answers = [];
  const options = parseOptions(compiler, tsconfig, answers);
  cache.write(name, "", JSON.stringify({ answers, options }));
  return { ...options, files: filesOf(answers) };
}

const filesOf = (answers) => [...new Set(answers.map(([, file]) => file))];

function parseOptions({ load, knowsNodeNext }, tsconfig, answers) {
  const ts = load();
  if (!ts.transpileModule) return { errors: "it has no API for that" };
  const record = (question) => (file) => {
    answers.push([question, file, answer(question, file)]);
    return questions[question](file);
  };
  const host = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    // Every file that is imported gets compiled, so there is no need to search the folder.
    readDirectory: () => [],
    ...Object.fromEntries(Object.keys(questions).map((question) => [question, record(question)])),
  };
  const exists = host.fileExists(tsconfig);
  const { config = {}, error } = exists ? ts.readConfigFile(tsconfig, host.readFile) : {};
  const parse = (defaults) => {
    const compilerOptions = { ...defaults, ...config.compilerOptions, ...forced };
    const file = exists ? tsconfig : undefined;
    return ts.parseJsonConfigFileContent({ ...config, compilerOptions }, host, path.dirname(tsconfig), undefined, file);
  };
  const commonjs = parse({
    target: "ES2020",
    module: knowsNodeNext ? "nodenext" : "commonjs",
    moduleResolution: knowsNodeNext ? "nodenext" : "node",
  });
  const module = parse({ target: knowsNodeNext ? "ES2022" : "ES2020" });
  for (const { options } of [commonjs, module]) for (const key of removed) delete options[key];
  module.options.module = ts.ModuleKind.ESNext;
  const errors = [...(error ? [error] : []), ...commonjs.errors].filter(({ code }) => !ignored.includes(code));
  return { commonjs: commonjs.options, module: module.options, errors: describe(ts, errors) };
}

/** As ts-node prints them, such as `index.ts(1,8): error TS1109: Expression expected.` */
function describe(ts, diagnostics) {
  const getCurrentDirectory = () => process.cwd();
  return ts.formatDiagnostics(diagnostics, {
    getCurrentDirectory,
    getCanonicalFileName: (name) => name,
    getNewLine: () => "\n",
  });
}

module.exports = { describe, findCompiler, readOptions };
