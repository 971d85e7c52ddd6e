import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { type Externals, type Files, toPosix } from "./javascript";

const options: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022, stripInternal: true };
const host: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => "",
  getCanonicalFileName: (file) => file,
  getNewLine: () => "\n",
};

/**
 * The declarations of some modules and of all that they name, each by itself: nothing is checked here, `npm run check`
 * does that.
 * @param folder absolute
 * @param entries modules by their path without extension, relative to the folder
 * @throws Error for an export whose type is written nowhere
 */
export function declare(folder: string, entries: string[]): { files: Files; externals: Externals } {
  const files: Files = new Map();
  const externals: Externals = new Set();
  const mistakes: ts.Diagnostic[] = [];
  const modules = new Set(entries.map((entry) => path.join(folder, entry)));
  for (const module of modules) {
    const source = [`${module}.ts`, path.join(module, "index.ts")].find((file) => fs.existsSync(file));
    if (source === undefined) throw new Error(`${module}.ts does not exist`);
    const { outputText: text, diagnostics = [] } = declarationOf(source);
    mistakes.push(...diagnostics);
    files.set(toPosix(path.relative(folder, source)).replace(/\.ts$/, ".d.ts"), text);
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (fileName.startsWith(".")) modules.add(path.resolve(path.dirname(source), fileName));
      else externals.add(fileName);
    }
  }
  if (mistakes.length > 0) throw new Error(ts.formatDiagnostics(mistakes, host).trimEnd());
  return { files, externals };
}

function declarationOf(fileName: string): ts.TranspileOutput {
  return ts.transpileDeclaration(fs.readFileSync(fileName, "utf8"), {
    fileName,
    compilerOptions: options,
    reportDiagnostics: true,
    transformers: { afterDeclarations: [withoutTypeModifiers] },
  });
}

/**
 * `import { type A }` becomes `import { A }`, which means the same in a declaration: the compiler that Pulumi falls back
 * to in programs without TypeScript, 3.8, cannot read the former.
 */
const withoutTypeModifiers: ts.TransformerFactory<ts.SourceFile | ts.Bundle> = (context) => {
  const visit = (node: ts.Node): ts.Node => {
    const { factory } = context;
    if (ts.isImportSpecifier(node)) return factory.createImportSpecifier(false, node.propertyName, node.name);
    if (ts.isExportSpecifier(node)) return factory.createExportSpecifier(false, node.propertyName, node.name);
    return ts.visitEachChild(node, visit, context);
  };
  return (file) => ts.visitEachChild(file, visit, context) as ts.SourceFile;
};
