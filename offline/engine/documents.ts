import * as fs from "node:fs";
import * as path from "node:path";
import { type Document, LineCounter, parseDocument, visit } from "yaml";
import { messageOf, ProgramError } from "./errors";

export type YamlMap = Record<string, unknown>;

/**
 * Reads a YAML or JSON file whose root is a map; an empty file is an empty map.
 * YAML numbers that a double would change (`012345678901`, `1.10`) stay as written.
 */
export function readYaml(file: string): YamlMap {
  const text = readText(file).replace(/^\uFEFF/, "");
  const root = (path.extname(file) === ".json" ? parseJsonFile(file, text) : parseYaml(file, text)) ?? {};
  if (!isYamlMap(root)) throw new ProgramError(`${file} must be a map of names to values (name: value).`);
  return root;
}

function parseJsonFile(file: string, text: string): unknown {
  try {
    return text.trim() ? parseJson(text) : undefined;
  } catch (error) {
    throw new ProgramError(`${file} is not valid JSON: ${messageOf(error)}`);
  }
}

function parseYaml(file: string, text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const mistakes = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `${path.basename(file)}:${line}:${col}: ${error.message}`;
    });
    throw new ProgramError(`${file} is not valid YAML:\n${mistakes.map((mistake) => `  ${mistake}`).join("\n")}`);
  }
  keepNumbersAsWritten(document);
  return document.toJS();
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new ProgramError(`${file} cannot be read: ${messageOf(error)}`);
  }
}

export function isYamlMap(value: unknown): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keepNumbersAsWritten(document: Document): void {
  visit(document, {
    Scalar: (_, scalar) => {
      const { source, value } = scalar;
      if (typeof value === "number" && source && String(value) !== source) scalar.value = source;
    },
  });
}

/** @throws Error with the line of the mistake */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = messageOf(error);
    const line = lineOf(message, text);
    throw new Error(line === undefined ? message : `line ${line}: ${message}`);
  }
}

/** What a text contains as JSON; undefined if it is not JSON. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Node's parser does not give the position of every mistake. */
function lineOf(message: string, text: string): number | undefined {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  if (position !== undefined) return text.slice(0, Number(position)).split("\n").length;
  const { transformSync } = require("esbuild") as typeof import("esbuild");
  try {
    transformSync(text, { loader: "json", logLevel: "silent" });
    return undefined;
  } catch (error) {
    return (error as import("esbuild").TransformFailure).errors?.[0]?.location?.line;
  }
}

/** The fields of a package.json that the engine reads. */
interface Manifest {
  type?: string;
  dependencies?: Record<string, string>;
  pulumi?: { name?: string };
}

/** @throws ProgramError when the file cannot be read or is not JSON */
export function readManifest(file: string): Manifest {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new ProgramError(`${file} cannot be read: ${messageOf(error)}`);
  }
}
