// Compiles TypeScript as the SDK does with its ts-node, except that it checks no types.
"use strict";
const fs = require("node:fs");
const { dependOn } = require("../loader/loadCache.cjs");
const { CompiledFiles } = require("./compiledFiles.cjs");
const { describe, findCompiler, readOptions } = require("./settings.cjs");

/** Has the name and the text of ts-node's error, of which the SDK shows no stack. */
class TSError extends Error {
  constructor(errors) {
    super(`⨯ Unable to compile TypeScript:\n${errors}`);
    this.name = "TSError";
  }
}

/** What a kept result starts with if the compiler rejected the source. */
const rejected = "//rejected\n";

class Compiler {
  /**
   * @param {object} settings
   * @param {string} settings.runner The SDK's runner: it decides which `typescript` is used
   * @param {string} settings.tsconfig Absolute; the file need not exist
   * @param {(message: string) => void} warn Is told, once, that the SDK could not compile the program
   */
  constructor({ runner, tsconfig }, warn) {
    this.compiler = findCompiler(runner);
    this.tsconfig = tsconfig;
    this.cache = new CompiledFiles();
    this.warn = warn;
  }

  /** Whether tsconfig wants the program's JavaScript compiled, too. */
  compilesJavaScript() {
    if (!fs.existsSync(this.tsconfig)) return false;
    const { commonjs, errors } = this.readOptions();
    return !errors && commonjs.allowJs === true;
  }

  /**
   * Compiles one file without looking at others.
   * @param {string} file Its absolute path
   * @param {string} source Its content
   * @param {"commonjs" | "module"} format The kind of module to make
   * @returns {string | undefined} JavaScript with an inline source map, or undefined if the SDK's own TypeScript, or one without
   * an API, cannot compile it: another compiler should
   * @throws TSError with the positions of all syntax errors, or of the errors in tsconfig
   */
  compile(file, source, format) {
    const options = this.readOptions();
    if (options.errors) return this.reject(options.errors);
    const name = [file, format, this.compiler.id, JSON.stringify(options[format])].join("\n");
    let code = this.cache.read(name, source);
    if (code === undefined) {
      code = transpile(this.compiler.load(), file, source, options[format]);
      this.cache.write(name, source, code);
    }
    return code.startsWith(rejected) ? this.reject(code.slice(rejected.length)) : code;
  }

  readOptions() {
    if (!this.options) {
      this.options = readOptions(this.compiler, this.tsconfig, this.cache);
      for (const file of [...this.compiler.files, ...this.options.files]) dependOn(file);
    }
    return this.options;
  }

  reject(errors) {
    const { isSubstitute, version } = this.compiler;
    if (!isSubstitute) throw new TSError(errors);
    this.warn(
      `The Pulumi CLI would compile this program with TypeScript ${version}, which fails: ${errors.trim()}\n` +
        "It runs here, compiled by esbuild. For the CLI, run: npm install --save-dev typescript@5",
    );
    this.warn = () => undefined;
    return undefined;
  }
}

function transpile(ts, fileName, source, compilerOptions) {
  const result = ts.transpileModule(source, { fileName, compilerOptions, reportDiagnostics: true });
  // Those without a file are about options that do not go with the compilation of single files.
  const errors = result.diagnostics.filter(({ file }) => file);
  if (errors.length > 0) return rejected + describe(ts, errors);
  const { mappings, names } = JSON.parse(result.sourceMapText);
  const sources = [encodeURIComponent(fileName.replace(/.*[\\/]/, ""))];
  const map = Buffer.from(JSON.stringify({ version: 3, sources, names, mappings })).toString("base64");
  const code = result.outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, "");
  return `${code}//# sourceMappingURL=data:application/json;base64,${map}`;
}

module.exports = { Compiler };
