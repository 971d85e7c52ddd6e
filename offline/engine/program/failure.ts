import { createRequire } from "node:module";
import * as path from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Context } from "../context";
import type { Diagnostic, Graph } from "../graph";
import { resolveRunner } from "./launch";

/**
 * Reduces an error to its message, its cause and the program's own frames (relative to its folder), without its other
 * properties and the frames of Node, packages and the SDK.
 */
export function tidyMessage(diagnostic: Diagnostic, program: { directory: string }): Diagnostic {
  if (diagnostic.severity !== "error") return diagnostic;
  const plain = stripVTControlCharacters(diagnostic.message);
  const compiler = failsInCompiler.test(plain) ? missingInterface(program.directory) : undefined;
  if (compiler) return { ...diagnostic, message: compiler };
  const lines = withoutProperties(plain.split("\n"));
  const tidy = lines
    .filter((line) => !/^(Require stack:|- .*[\\/]node_modules[\\/])/.test(line))
    .flatMap((line) => (/^\s+at /.test(line) ? tidyFrame(line, program.directory) : line));
  const message = tidy
    .join("\n")
    .replace(/^Running program '(.*)' failed with an unhandled exception:\s*/, "")
    .replace(/^<ref \*\d+> /, "")
    .replace(/^TSError: ⨯ Unable to compile TypeScript:/m, "TypeScript does not compile:")
    // The SDK names a command of the Pulumi CLI, which may not be installed.
    .replace(
      /please set a value using the command `pulumi config set (?:--secret )?(\S+) <value>`/,
      `give it with --config $1=VALUE, or under "config:" in the stack's file`,
    )
    // The SDK adds this at each level of an input or output, to a TypeError as to any other error.
    .replace(/\b(?:Error: )?(?:error serializing property "[^"]*": )+/g, "")
    // The SDK puts the call's status before its message.
    .replace(/: \d+ [A-Z_]+: /, ": ")
    .trimEnd();
  return { ...diagnostic, message };
}

/** Node prints an error's own properties in braces after its frames; only the cause is worth showing. */
function withoutProperties(lines: string[]): string[] {
  const frame = lines.findLastIndex((line) => /^ {4}at .* \{$/.test(line));
  if (frame < 0) return lines;
  const cause = lines.findIndex((line, index) => index > frame && /^ {2}\[cause\]:/.test(line));
  return [...lines.slice(0, frame + 1), ...(cause < 0 ? [] : lines.slice(cause, -1))];
}

/** The folder of this package, which may be inside the program's. */
const ownFolder = path.resolve(__dirname, "../..") + path.sep;

function tidyFrame(line: string, directory: string): string[] {
  const match = /^(\s+at )(?:(.*) \()?(?:file:\/\/)?(.*?):(\d+):(\d+)\)?( \{)?$/.exec(line);
  if (!match) return [];
  const [, at, name, file = "", row, column] = match;
  const isOfProgram = file.startsWith(directory + path.sep) && !file.startsWith(ownFolder);
  if (!isOfProgram || file.includes(`${path.sep}node_modules${path.sep}`)) return [];
  const place = `${path.relative(directory, file)}:${row}:${column}`;
  return [`${at}${name ? `${name} (${place})` : place}`];
}

/** Why the run failed, or undefined when it did not. */
export function programFailure(exit: number | string | null, graph: Graph): string | undefined {
  const errors = graph.diagnostics.filter(({ severity }) => severity === "error");
  if (exit === 0 && errors.length === 0) return undefined;
  const messages = new Set(errors.map(({ message, urn }) => (urn ? `${message}\n  (${urn})` : message)));
  return `The program failed: ${errors.length > 0 ? [...messages].join("\n") : `it ended with ${exit}. Its output, if any, is above.`}`;
}

type Circumstances = Pick<Context, "dryRun" | "unknowns"> & {
  graph: Pick<Graph, "region" | "isDefaultRegion" | "resources" | "workingDirectory">;
};

/**
 * What may have caused an error, and what to do then.
 * @param diagnostic With all its frames
 */
export function hintsAbout({ severity, message }: Diagnostic, { dryRun, unknowns, graph }: Circumstances): string[] {
  if (severity !== "error") return [];
  // The SDK hides the frames of a SyntaxError, which may be about JSON from anywhere.
  const isInApply = /[\\/]@pulumi[\\/]pulumi[\\/]output\.js|is not valid JSON/.test(stripVTControlCharacters(message));
  const hasOutputs = graph.resources.some(({ custom }) => custom);
  const needsRegion = /No AWS region has been configured|\baws:region\b/.test(message);
  return [
    ...(isInApply && hasOutputs && dryRun && !unknowns ? [unknownsHint] : []),
    ...(needsRegion && graph.isDefaultRegion ? [regionHint(graph.region)] : []),
    ...(/Unable to compile TypeScript|[\\/]ts-node\b/.test(message) ? compilerHints(graph.workingDirectory) : []),
    ...(/Unknown file extension "\.m?ts"/.test(message) ? [moduleHint] : []),
  ];
}

const unknownsHint =
  "The outputs that apply receives are made up here. With --unknowns they stay unknown, as in the first preview of a stack.";

function regionHint(region: string): string {
  return `No AWS region is configured: ${region} is only assumed for resources. Choose one with --config aws:region=REGION.`;
}

const moduleHint =
  "The SDK's own runner compiles TypeScript to ES modules only with ts-node: npm install --save-dev ts-node@10. " +
  "Node 22.18 and later need nothing for it, and nor does a run without --runner sdk.";

const install = "npm install --save-dev typescript@5";

/** What the SDK's ts-node lacks. */
function compilerHints(directory: string): string[] {
  if (compilerVersion(directory) !== undefined) return [];
  return [`The project has no typescript of its own, so the SDK compiles it with the 3.8 that it brings: ${install}`];
}

/** The SDK calls a compiler that has nothing to call: for the program (ts-node), or for a function's code (closure). */
const failsInCompiler =
  /Cannot read properties of undefined \(reading '\w+'\)\n\s+at .*[\\/](?:ts-node[^\\/]*|closure)[\\/]/;

/** What to do about a TypeScript from 7 on, which can be loaded but exports no compiler. */
function missingInterface(directory: string): string | undefined {
  const version = compilerVersion(directory) ?? "0";
  if (Number.parseInt(version, 10) < 7) return undefined;
  return (
    `The installed TypeScript ${version} lacks the JavaScript interface that the SDK compiles with. ` +
    `Write TypeScript below 7: ${install}`
  );
}

/** The version of the typescript that the SDK finds. */
function compilerVersion(directory: string): string | undefined {
  try {
    const sdk = createRequire(resolveRunner("run", "program", directory));
    return sdk("typescript/package.json").version;
  } catch {
    return undefined;
  }
}
