import type { Diagnostic, Graph } from "../engine/graph";
import { hideSecrets, isDefaultProvider } from "../engine/query";
import { shortType } from "../engine/urn";
import type { Paint } from "./colors";
import { type Branch, hierarchy } from "./hierarchy";
import { policyLines } from "./policies";
import { describeRegion, printable } from "./text";

/** The graph as `pulumi preview` shows it: resources as a tree, policies, diagnostics, outputs and counts. */
export function renderTree(given: Graph, paint: Paint): string {
  const graph = hideSecrets(given);
  const sections = [
    paint.bold(`Previewing ${graph.project} (${graph.stack}), region ${describeRegion(graph)}:`),
    table(graph, paint),
    policyLines(graph, paint).join("\n"),
    diagnostics(graph.diagnostics, paint),
    outputs(graph, paint),
    summary(graph, paint),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

interface Row {
  type: string;
  name: string;
  plan: string;
}

function table(graph: Graph, paint: Paint): string {
  const rows = hierarchy(graph).flatMap((branch) => rowsOf(branch, "", ""));
  const width = (column: "type" | "name", title: string) =>
    Math.max(title.length, ...rows.map((row) => row[column].length));
  const type = width("type", "Type");
  const name = width("name", "Name");
  const head = `     ${"Type".padEnd(type)}  ${"Name".padEnd(name)}  Plan`;
  const lines = rows.map((row) => {
    const mark = row.plan === "create" ? paint.green("+") : paint.dim(">");
    const plan = row.plan === "create" ? paint.green(row.plan) : paint.dim(row.plan);
    return ` ${mark}   ${row.type.padEnd(type)}  ${row.name.padEnd(name)}  ${plan}`;
  });
  return [paint.bold(head), ...lines].join("\n");
}

function rowsOf({ resource, children }: Branch, own: string, below: string): Row[] {
  const plan = resource.external ? "read" : "create";
  const inner = children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    return rowsOf(child, `${below}${isLast ? "└─ " : "├─ "}`, `${below}${isLast ? "   " : "│  "}`);
  });
  return [{ type: own + shortType(resource.type), name: resource.name, plan }, ...inner];
}

function diagnostics(all: Diagnostic[], paint: Paint): string {
  if (all.length === 0) return "";
  const colors = { debug: paint.dim, info: (text: string) => text, warning: paint.yellow, error: paint.red };
  const lines = all.map(({ severity, message, urn }) => {
    const text = urn ? `${message}\n${paint.dim(urn)}` : message;
    const label = severity === "info" ? "" : `${severity}: `;
    return `  ${colors[severity](label)}${text.replaceAll("\n", "\n    ")}`;
  });
  return [paint.bold("Diagnostics:"), ...lines].join("\n");
}

function outputs(graph: Graph, paint: Paint): string {
  const entries = Object.entries(graph.outputs);
  if (entries.length === 0) return "";
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, value]) => {
    const text = printable(value, 2).replaceAll("\n", "\n    ");
    return `    ${name.padEnd(width)}: ${text}`;
  });
  return [paint.bold("Outputs:"), ...lines].join("\n");
}

function summary(graph: Graph, paint: Paint): string {
  const shown = graph.resources.filter((resource) => !isDefaultProvider(resource));
  const read = shown.filter(({ external }) => external).length;
  const lines = [`    ${paint.green(`+ ${shown.length - read} to create`)}`];
  if (read > 0) lines.push(`    ${paint.dim(`> ${read} to read`)}`);
  return [paint.bold("Resources:"), ...lines].join("\n");
}
