import * as fs from "node:fs";
import * as path from "node:path";
import { type Graph, type PolicyPackResult, type ProgramOptions, runProgram } from "../../../offline";
import { temporaryFolder } from "../temporaryFolder";
import { programDirectory } from "./program";

/** A pack of tests/offline/packs. */
export function packDirectory(name: string): string {
  return path.join(__dirname, "..", "..", "offline", "packs", name);
}

/** A new pack of one file, which finds the repository's packages. */
export function packOf(index: string, others: Record<string, string> = {}): string {
  const directory = temporaryFolder();
  const manifest = JSON.stringify({ name: "temporary", version: "1.0.0", main: "index.ts" });
  const files = { "PulumiPolicy.yaml": "runtime: nodejs\n", "package.json": manifest, "index.ts": index, ...others };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(directory, name), text);
  fs.symlinkSync(path.join(__dirname, "..", "..", "..", "node_modules"), path.join(directory, "node_modules"));
  return directory;
}

/** Judges the program "policed" by packs, given as folders or as values of the option. */
export function judge(
  packs: (string | { directory: string; config?: string })[],
  options: Partial<ProgramOptions> = {},
): Promise<Graph> {
  const policyPacks = packs.map((pack) => (typeof pack === "string" ? { directory: pack } : pack));
  return runProgram({ directory: programDirectory("policed"), dryRun: true, policyPacks, ...options });
}

export function packResult(graph: Graph, index = 0): PolicyPackResult {
  const result = graph.policyPacks[index];
  if (!result) throw new Error(`the graph has no policy pack ${index}`);
  return result;
}
