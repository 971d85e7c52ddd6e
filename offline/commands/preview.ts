import { type Command, Option } from "commander";
import { requireCompliance } from "../engine/crossguard/verdict";
import type { Graph } from "../engine/graph";
import type { RunnerMode } from "../engine/program/launch";
import { paintFor } from "../report/colors";
import { renderJson } from "../report/json";
import { renderMarkdown } from "../report/markdown";
import { renderTree } from "../report/tree";
import { addRunOptions, type RunFlags } from "./options";
import { addPolicyOptions } from "./policyPacks";
import { run } from "./run";

interface PreviewFlags extends RunFlags {
  json?: boolean;
  markdown?: boolean;
  unknowns?: boolean;
  runner: RunnerMode;
}

/** Adds the command `preview`. */
export function addPreview(program: Command, signal: AbortSignal): void {
  addPolicyOptions(addRunOptions(program.command("preview")))
    .description("run the program and show what it would create")
    .option("--json", "print the resource graph as JSON")
    .addOption(new Option("--markdown", "print Markdown, with a diagram").conflicts("json"))
    .option("--unknowns", "leave computed outputs unknown, as in the first preview of a stack")
    .addOption(
      new Option("--runner <name>", "sdk runs the program just as the Pulumi CLI does, which checks its types")
        .choices(["fast", "sdk"])
        .default("fast"),
    )
    .action((flags: PreviewFlags) => preview(flags, signal));
}

async function preview(flags: PreviewFlags, signal: AbortSignal): Promise<void> {
  const { unknowns = false, runner, json: contents = false } = flags;
  const graph = await run(flags, { signal, dryRun: true, unknowns, runner, contents });
  process.stdout.write(render(graph, flags));
  requireCompliance(graph);
}

function render(graph: Graph, flags: PreviewFlags): string {
  if (flags.json) return renderJson(graph);
  return flags.markdown ? renderMarkdown(graph) : renderTree(graph, paintFor(process.stdout));
}
