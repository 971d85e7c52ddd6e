import * as fs from "node:fs";
import type { Command } from "commander";
import { ProgramError } from "../engine/errors";
import type { Graph } from "../engine/graph";
import { hideSecrets } from "../engine/query";
import { type Properties, redact, reveal, type Value } from "../engine/values";
import { addRunOptions, type RunFlags, text } from "./options";
import { run } from "./run";

interface OutputFlags extends RunFlags {
  of?: string;
  to?: string;
  showSecrets?: boolean;
}

/** Adds the command `output`. */
export function addOutput(program: Command, signal: AbortSignal): void {
  addRunOptions(program.command("output [name]"))
    .description("run the program and print all outputs of its stack, or the named one")
    .option("--of <resource>", "print outputs of the resource with this name or URN instead of the stack's", text)
    .option("--to <file>", "write to this file instead of standard output", text)
    .option("--show-secrets", "print secrets in clear text")
    .action((name: string | undefined, flags: OutputFlags) => output(name, flags, signal));
}

async function output(name: string | undefined, flags: OutputFlags, signal: AbortSignal): Promise<void> {
  const graph = await run(flags, { signal });
  const shownGraph = flags.showSecrets ? graph : hideSecrets(graph);
  const value = flags.of === undefined ? pick(shownGraph.outputs, name) : ofResource(shownGraph, flags.of, name);
  const shown = flags.showSecrets ? reveal(value) : redact(value);
  const printed = typeof shown === "string" ? shown : JSON.stringify(shown, null, 2);
  const ended = printed.endsWith("\n") ? printed : `${printed}\n`;
  if (flags.to === undefined) process.stdout.write(ended);
  else fs.writeFileSync(flags.to, ended);
}

function pick(outputs: Properties, name: string | undefined): Value {
  const value = name === undefined ? outputs : outputs[name];
  if (value !== undefined) return value;
  const names = Object.keys(outputs).sort().join(", ");
  throw new ProgramError(`There is no output "${name}". ${names ? `The outputs are: ${names}.` : "There are none."}`);
}

/** A component and its main child often share a name: the output's name then tells which one is meant. */
function ofResource({ resources }: Graph, of: string, name: string | undefined): Value {
  const named = resources.filter((resource) => resource.urn === of || resource.name === of);
  const having = named.filter(({ outputs }) => name === undefined || name in outputs);
  const candidates = having.length > 0 ? having : named;
  const [only, another] = candidates;
  if (!only) throw new ProgramError(`There is no resource "${of}". The command preview shows the names.`);
  if (!another) return pick(only.outputs, name);
  const problem =
    having.length > 0
      ? "Give --of the URN of one of these resources"
      : `None of these resources has an output "${name}"`;
  throw new ProgramError(`${problem}:${candidates.map(({ urn }) => `\n  ${urn}`).join("")}`);
}
