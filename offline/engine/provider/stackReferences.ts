import * as fs from "node:fs";
import * as path from "node:path";
import type { Context } from "../context";
import { isYamlMap, readYaml } from "../documents";
import type { Resource } from "../graph";
import { type Properties, reveal, Unknown, type Value } from "../values";

export const stackReferenceType = "pulumi:pulumi:StackReference";

/** The outputs of other stacks, by the name that the program gives each. */
const fileName = "stack-references.yaml";

/**
 * The outputs of the stack that the resource refers to, from a file beside Pulumi.yaml instead of the backend.
 * @throws Error that says what to write into the file if they are missing; in a dry run they are unknown, with a warning
 */
export function readStack(
  resource: Resource,
  { graph, dryRun, report }: Pick<Context, "graph" | "dryRun" | "report">,
): Properties {
  const name = String(reveal(resource.inputs.name) ?? resource.id ?? resource.name);
  const file = path.join(graph.directory, fileName);
  const outputs = fs.existsSync(file) ? readYaml(file)[name] : undefined;
  if (isYamlMap(outputs)) return { name, outputs: outputs as Properties, secretOutputNames: [] };
  const message =
    `The outputs of stack "${name}" are missing. Write them into ${file} as\n` +
    `"${name}": { name: value, ... } (pulumi stack output --json --stack ${name} prints them).`;
  if (!dryRun) throw new Error(message);
  report({ severity: "warning", message, urn: resource.urn });
  const unknown: Value = new Unknown();
  return { name, outputs: unknown, secretOutputNames: unknown };
}
