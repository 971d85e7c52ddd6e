import * as path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { parseDocument } from "yaml";
import { programOf } from "../helpers/documents/examples";
import { type Block, blocksOf, documents } from "../helpers/documents/markdown";
import { repository } from "../helpers/offline/start";

const blocks = documents.flatMap(blocksOf);
const written = (language: string) => blocks.filter((block) => block.language === language);
const placeOf = ({ document, line }: Block) => `${document}:${line}`;

describe("the snippets of the documents", () => {
  it("are in a language that is checked here", () => {
    const known = ["", "sh", "text", "ts", "yaml", "json", "mermaid"];
    expect(blocks.filter(({ language }) => !known.includes(language)).map(placeOf)).to.deep.equal([]);
  });

  it("in JSON can be parsed", () => {
    for (const block of written("json")) expect(() => JSON.parse(block.code), placeOf(block)).to.not.throw();
  });

  it("in YAML can be parsed", () => {
    expect(written("yaml")).to.not.be.empty;
    const mistakes = written("yaml").flatMap((block) => {
      return parseDocument(block.code).errors.map(({ message }) => `${placeOf(block)}: ${message}`);
    });
    expect(mistakes).to.deep.equal([]);
  });

  it("in TypeScript have no type errors", function () {
    this.timeout(120_000);
    // Vitest is not installed here.
    const examples = written("ts").filter(({ code }) => !code.includes('from "vitest"'));
    expect(examples).to.have.length.above(15);
    expect(typeErrors(examples)).to.deep.equal([]);
  });
});

/** Checks all examples in one program, as modules in the repository's root that are not on disk. */
function typeErrors(examples: Block[]): string[] {
  const { config } = ts.readConfigFile(path.join(repository, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, repository);
  const sources = new Map(examples.map((block, index) => [path.join(repository, `example${index}.ts`), block]));
  const host = ts.createCompilerHost({ ...options, incremental: false, noEmit: true });
  const { fileExists, readFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => {
    const block = sources.get(file);
    return block ? moduleOf(block) : readFile(file);
  };
  const { getSourceFile } = host;
  host.getSourceFile = (file, version, ...others) =>
    sources.has(file)
      ? ts.createSourceFile(file, host.readFile(file) ?? "", version)
      : getSourceFile(file, version, ...others);
  const program = ts.createProgram([...sources.keys()], { ...options, incremental: false, noEmit: true }, host);
  return [...sources].flatMap(([file, block]) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => `${placeOf(block)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  });
}

/** Examples of tests await what the library answers; the others are programs. */
function moduleOf({ code }: Block): string {
  if (!/\bawait\b/.test(code)) return programOf(code);
  const imports = [...code.matchAll(/^import .*$/gm)].map(([line]) => line);
  const assumed = imports.some((line) => /\bexpect\b/.test(line)) ? [] : ['import { expect } from "chai";'];
  return [...assumed, ...imports, `async () => {${code.replace(/^import .*$/gm, "")}};`].join("\n");
}
