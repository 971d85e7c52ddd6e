import * as fs from "node:fs";
import * as path from "node:path";
import { type Document, LineCounter, parseDocument, visit } from "yaml";
import { ProgramError } from "../errors";

export type YamlMap = Record<string, unknown>;

/**
 * Reads a YAML file whose root is a map; an empty file is an empty map.
 * Numbers that a double would change (`012345678901`, `1.10`) stay as they are written.
 */
export function readYaml(file: string): YamlMap {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const mistakes = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `${path.basename(file)}:${line}:${col}: ${error.message}`;
    });
    throw new ProgramError(`${file} is not valid YAML:\n${mistakes.map((mistake) => `  ${mistake}`).join("\n")}`);
  }
  keepNumbersAsWritten(document);
  const root: unknown = document.toJS() ?? {};
  if (!isYamlMap(root)) throw new ProgramError(`${file} must be a map of names to values (name: value).`);
  return root;
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new ProgramError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
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
