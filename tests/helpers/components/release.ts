import * as fs from "node:fs";
import * as path from "node:path";
import { type Graph, plan, type Resource, runProgram } from "pulumi-offline";
import { version } from "../../../components/package.json";
import { graphOf, resource } from "../offline/graph";

/** The URNs that a version of the components gave to the resources of all examples. */
export interface Release {
  version: string;
  urns: string[];
}

const directory = path.join(__dirname, "../../components/release");
const file = path.join(directory, "release.json");

export function recordedRelease(): Release {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

/** Runs the program with all examples. */
export function runExamples(): Promise<Graph> {
  return runProgram({ directory, stack: "release" });
}

/**
 * The URNs of a release that programs lose with today's components, whose resources an update would delete. A resource
 * with a new URN keeps the old one if an alias names it, or one of its parent's does.
 */
export function lostUrns(release: Release, graph: Graph): string[] {
  const before = graphOf(directory, ...release.urns.map((urn) => ({ ...resource("", "", {}), urn })));
  return plan(before, graph).changes.flatMap(({ kind, urn }) => (kind === "delete" ? urn : []));
}

/** Whether users expect that an update from one version to the other may break. Below 1.0.0, minor versions may. */
export function mayBreak(from: string, to: string): boolean {
  const significant = (text: string) =>
    text
      .split(".")
      .map(Number)
      .slice(0, text.startsWith("0.") ? 2 : 1);
  return significant(from).join() !== significant(to).join();
}

function isOurs({ type }: Resource): boolean {
  return !type.startsWith("pulumi:");
}

export const explanation = `Programs that use the components would lose these resources, and all that is in them.
Add the old name, type or parent as an alias, so that they are kept. If that is impossible, this is a major release:
raise the version in components/package.json, and run npm run urns.`;

/** Records today's URNs as those of the version in components/package.json. */
async function record(): Promise<void> {
  const graph = await runExamples();
  const lost =
    fs.existsSync(file) && !mayBreak(recordedRelease().version, version) ? lostUrns(recordedRelease(), graph) : [];
  if (lost.length > 0) throw new Error([explanation, ...lost].join("\n"));
  const urns = graph.resources.filter(isOurs).map(({ urn }) => urn);
  fs.writeFileSync(file, `${JSON.stringify({ version, urns: urns.sort() }, undefined, 2)}\n`);
}

if (require.main === module) {
  record().catch(({ message }: Error) => {
    console.error(`error: ${message}`);
    process.exitCode = 1;
  });
}
