import * as fs from "node:fs";
import * as path from "node:path";
import { repository } from "../offline/start";

/** A fenced block of code. */
export interface Block {
  /** The document, from the repository's root. */
  document: string;
  /** The heading above it. */
  heading: string;
  /** As written after the fence; empty for none. */
  language: string;
  code: string;
  line: number;
}

/** Folders whose documents say what was, or are not ours. */
const elsewhere = ["node_modules", "dist", "bench", "adr"];

/** All documents but the changelog, the decisions and the measurements. */
export const documents = documentsIn("");

function documentsIn(folder: string): string[] {
  return fs.readdirSync(path.join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name.startsWith(".") || elsewhere.includes(entry.name) ? [] : documentsIn(name);
    return name.endsWith(".md") && name !== "CHANGELOG.md" ? name : [];
  });
}

export function readDocument(document: string): string {
  return fs.readFileSync(path.join(repository, document), "utf8");
}

/** The code blocks of a document, in order. */
export function blocksOf(document: string): Block[] {
  const text = readDocument(document);
  return [...text.matchAll(/^( *)(`{3,}|~{3,})(\w*)\n([\s\S]*?)^\1\2 *$/gm)].map((match) => {
    const [, indent = "", , language = "", code = ""] = match;
    const before = text.slice(0, match.index);
    const prose = before.replace(/^( *)```[\s\S]*?^\1```$/gm, "");
    const [, heading = ""] = [...prose.matchAll(/^#+ (.*)$/gm)].at(-1) ?? [];
    const line = before.split("\n").length;
    return { document, heading, language, code: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""), line };
  });
}

/** The rows of the tables under a heading, without their heads, cell by cell. */
export function rowsUnder(document: string, heading: string): string[][] {
  const [, section = ""] = readDocument(document).split(new RegExp(`^#+ ${heading}\n`, "m"));
  const lines = (section.split(/^#/m)[0] ?? "").split("\n").filter((line) => line.startsWith("|"));
  const rows = lines.map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.filter((_, index) => !isRule(rows[index]) && !isRule(rows[index + 1]));
}

function isRule(row: string[] = []): boolean {
  return row.length > 0 && row.every((cell) => /^:?-+:?$/.test(cell));
}

/** The texts in backticks. */
export function quotedIn(cell = ""): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
}
