/** Makes the tables of docs/offline/fidelity.md from the facts that the tests check; with --check, only compares. */
import * as fs from "node:fs";
import * as path from "node:path";
import Mocha from "mocha";
import { type FactTable, factTables } from "./facts";

const root = path.resolve(__dirname, "../..");
const document = path.join(root, "docs/offline/fidelity.md");
const marks = /(<!-- facts -->\n)[\s\S]*(<!-- end of facts -->)/;

function main(isCheck: boolean): void {
  const before = fs.readFileSync(document, "utf8");
  const after = before.replace(marks, (_, begin, end) => `${begin}\n${describeTables(loadTables())}\n\n${end}`);
  if (!isCheck) fs.writeFileSync(document, after);
  else if (after !== before) throw new Error("docs/offline/fidelity.md is out of date: run `npm run docs`");
}

/** Loads tests without running them. */
class Loader extends Mocha {
  load(): void {
    this.loadFiles();
  }
}

/** The facts that the tests of the emulated services check. */
function loadTables(): FactTable[] {
  const mocha = new Loader();
  for (const file of fs.readdirSync(path.join(root, "tests/offline/cloud"), { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".test.ts")) mocha.addFile(path.join(root, "tests/offline/cloud", file));
  }
  mocha.load();
  return factTables;
}

function describeTables(tables: FactTable[]): string {
  const rows = new Map<string, [held: number, different: number]>();
  const differences: string[] = [];
  for (const { service, source, facts } of tables) {
    const row = `| ${service} | ${source} |`;
    const [held, different] = rows.get(row) ?? [0, 0];
    const differing = facts.filter(({ differs }) => differs !== undefined);
    rows.set(row, [held + facts.length - differing.length, different + differing.length]);
    differences.push(...differing.map(({ fact, differs }) => `| ${service} | ${fact} | ${differs} |`));
  }
  return [
    ...["| Service | Source | Facts held | Known to differ |", "| --- | --- | --- | --- |"],
    ...[...rows].map(([row, [held, different]]) => `${row} ${held} | ${different} |`).sort(),
    ...["", "| Service | On AWS | Here |", "| --- | --- | --- |", ...differences.sort()],
  ].join("\n");
}

main(process.argv.includes("--check"));
