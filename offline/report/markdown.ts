import type { Graph, Resource } from "../engine/graph";
import { hideSecrets, isDefaultProvider } from "../engine/query";
import { shortType, stackType } from "../engine/urn";
import { type Branch, hierarchy } from "./hierarchy";
import { type Finding, policyCounts, type Verdict, verdicts } from "./policies";
import { printable, withoutControls } from "./text";
import { renderTree } from "./tree";

const plain = (text: string) => text;

/** The graph for a pull request: the policies' verdict, a diagram, the tree and the outputs. */
export function renderMarkdown(given: Graph): string {
  const graph = hideSecrets(given);
  // Policies have their own tables.
  const tree = renderTree(
    { ...graph, policyPacks: [] },
    { bold: plain, dim: plain, green: plain, red: plain, yellow: plain },
  );
  const hidden = graph.resources.filter(isDefaultProvider).length;
  const sections = [
    `# ${escapeMarkdown(graph.project)} (${escapeMarkdown(graph.stack)})`,
    `${graph.resources.length - hidden} resources in ${escapeMarkdown(graph.region)}, without the default providers (${hidden}).`,
    policies(graph),
    fence("mermaid", diagram(graph)),
    `Arrows point from each resource to those it depends on, except the stack and providers.`,
    fence("text", withoutControls(tree).trimEnd()),
    outputs(graph),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

/** Uses a fence longer than any in the text, so that nothing in the text can end the block. */
export function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}\n${text}\n${marks}`;
}

export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|#&~]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\s+/g, " ");
}

function outputs(graph: Graph): string {
  const rows = Object.entries(graph.outputs).map(([name, value]) => {
    return `| ${escapeMarkdown(name)} | ${escapeMarkdown(printable(value))} |`;
  });
  return rows.length > 0 ? ["| Output | Value |", "| --- | --- |", ...rows].join("\n") : "";
}

function policies(graph: Graph): string {
  const packs = verdicts(graph);
  if (packs.length === 0) return "";
  return ["## Policies", `${policyCounts(graph)}.`, ...packs.map(policyPack)].join("\n\n");
}

function policyPack({ mark, title, config, findings }: Verdict): string {
  const sections = [
    `### ${mark} ${escapeMarkdown(title)}`,
    config === undefined ? "" : `Configuration: ${escapeMarkdown(config)}`,
    findings.length === 0
      ? ""
      : ["| Level | Policy | Resource | Message |", "| --- | --- | --- | --- |", ...findings.map(row)].join("\n"),
  ];
  return sections.filter(Boolean).join("\n\n");
}

function row({ level, severity, policy, resource, message }: Finding): string {
  const cells = [
    severity ? `${level} (${severity})` : level,
    escapeMarkdown(policy),
    escapeMarkdown(resource),
    message.split("\n").map(escapeMarkdown).join("<br/>"),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** A Mermaid flowchart: components are boxes around their children. */
function diagram(graph: Graph): string {
  const drawn = graph.resources.filter((resource) => !isDefaultProvider(resource) && resource.type !== stackType);
  const ids = new Map(drawn.map(({ urn }, index) => [urn, `r${index}`]));
  const nodes = hierarchy(graph).flatMap(function draw(branch: Branch): string[] {
    const { resource, children } = branch;
    const inner = children.flatMap(draw);
    const id = ids.get(resource.urn);
    if (!id) return inner;
    if (inner.length === 0) return [`  ${id}["${label(resource)}"]`];
    return [`  subgraph ${id}["${label(resource)}"]`, ...inner.map((line) => `  ${line}`), "  end"];
  });
  const edges = drawn.flatMap((resource) =>
    resource.dependencies
      .filter((urn) => ids.has(urn) && urn !== resource.parent && urn !== resource.urn)
      .map((urn) => `  ${ids.get(resource.urn)} --> ${ids.get(urn)}`),
  );
  return ["flowchart LR", ...nodes, ...edges].join("\n");
}

function label({ type, name }: Resource): string {
  const safe = (text: string) => text.replace(/[^\w .:/@-]/g, (character) => `#${character.codePointAt(0)};`);
  return `${safe(name)}<br/>${safe(shortType(type))}`;
}
