import * as fs from "node:fs";
import { checkOut } from "../base/checkout";
import { asRecorded, readRecorded } from "../base/recorded";
import { relocate } from "../base/relocate";
import { compare } from "../diff/compare";
import type { Comparison } from "../diff/model";
import { requireCompliance } from "../engine/crossguard/verdict";
import { messageOf, ProgramError } from "../engine/errors";
import type { Graph } from "../engine/graph";
import { type Project, readProject } from "../engine/project/project";
import { chooseStack } from "../engine/project/stack";
import { paintFor } from "../report/colors";
import { renderComparisonJson } from "../report/diff/json";
import { renderComparisonMarkdown } from "../report/diff/markdown";
import { renderComparison } from "../report/diff/text";
import type { RunFlags } from "./options";
import { run } from "./run";

/** The options of the command `diff`. */
export interface DiffFlags extends RunFlags {
  json?: boolean;
  markdown?: boolean;
  unknowns?: boolean;
  allow: string[];
}

/**
 * Runs both versions of the program, prints the comparison, and sets the exit code: 2 if something breaks, whatever else is wrong.
 * @throws ProgramError when the deployment would stop, or a mandatory policy is violated
 */
export async function diffPrograms(base: string, flags: DiffFlags, signal: AbortSignal): Promise<void> {
  const project = readProject(flags.cwd);
  const isFile = fs.statSync(base, { throwIfNoEntry: false })?.isFile() ?? false;
  const { comparison, after } = await (isFile ? withFile : withRef)(base, project, flags, signal);
  process.stdout.write(render(comparison, flags));
  if (comparison.breaks.some(({ allowed }) => allowed === undefined)) process.exitCode = 2;
  if (comparison.errors.length > 0) throw new ProgramError("The deployment would stop: see above.");
  requireCompliance(after);
}

interface Compared {
  comparison: Comparison;
  after: Graph;
}

async function withFile(file: string, project: Project, flags: DiffFlags, signal: AbortSignal): Promise<Compared> {
  const recorded = readRecorded(file);
  const { stack } = recorded;
  const ours = { project: project.name, stack: flags.stack ? chooseStack(project, flags.stack) : stack };
  if (recorded.project !== ours.project || stack !== ours.stack) {
    throw new ProgramError(
      `${file} has the project ${recorded.project} and the stack ${stack}; this is ${ours.project}, ${ours.stack}. ` +
        "Compare with a file of the same project, and name its stack with --stack.",
    );
  }
  const before = relocate(recorded, recorded.directory, project.directory);
  const after = await runHere({ ...flags, stack }, before, signal);
  return { comparison: compare(before, asRecorded(after), { base: file, allow: flags.allow }), after };
}

async function withRef(ref: string, project: Project, flags: DiffFlags, signal: AbortSignal): Promise<Compared> {
  if (/\.json$/i.test(ref)) {
    throw new ProgramError(
      `There is no file ${ref}. The base's program writes it: pulumi-offline preview --json > ${ref}`,
    );
  }
  const stack = chooseStack(project, flags.stack);
  const { directory, root, title, notes, remove } = checkOut(ref, project, stack);
  try {
    const there = { ...flags, cwd: directory, stack };
    const before = await run(there, options(flags, signal)).catch((error: unknown) => {
      throw new ProgramError(
        `The program of ${ref} fails. It ran in a checkout without the files that git ignores.\n${messageOf(error)}`,
      );
    });
    const moved = relocate(before, root.there, root.here);
    const after = await runHere({ ...flags, stack }, moved, signal);
    return { comparison: compare(moved, after, { base: title, notes, allow: flags.allow }), after };
  } finally {
    remove();
  }
}

function runHere(flags: DiffFlags, previous: Graph, signal: AbortSignal): Promise<Graph> {
  return run(flags, { ...options(flags, signal), previous });
}

function options({ unknowns = false }: DiffFlags, signal: AbortSignal) {
  return { signal, dryRun: true, unknowns, contents: true };
}

function render(comparison: Comparison, flags: DiffFlags): string {
  if (flags.json) return renderComparisonJson(comparison);
  return flags.markdown ? renderComparisonMarkdown(comparison) : renderComparison(comparison, paintFor(process.stdout));
}
