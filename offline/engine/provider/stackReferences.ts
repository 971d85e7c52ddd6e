import * as fs from "node:fs";
import * as path from "node:path";
import type { Context } from "../context";
import type { Resource } from "../graph";
import { isYamlMap, readYaml } from "../project/yaml";
import { type Properties, reveal, Unknown, type Value } from "../values";

export const stackReferenceType = "pulumi:pulumi:StackReference";

/** Holds the outputs of other stacks, by the name that the program refers to them with. */
const fileName = "stack-references.yaml";

/** Stands in for the backend that a stack's outputs are kept in: a file beside Pulumi.yaml. */
export class StackReferences {
  constructor(private readonly context: Context) {}

  /**
   * The outputs of the stack that the resource refers to.
   * @throws Error with what to write into the file, unless the run is a dry one: then they are unknown, with a warning.
   */
  read(resource: Resource): Properties {
    const name = String(reveal(resource.inputs.name) ?? resource.id ?? resource.name);
    const file = path.join(this.context.graph.directory, fileName);
    const outputs = fs.existsSync(file) ? readYaml(file)[name] : undefined;
    if (isYamlMap(outputs)) return { name, outputs: outputs as Properties, secretOutputNames: [] };
    const message =
      `The outputs of stack "${name}" are not on this machine. Write them into ${file} as\n` +
      `"${name}": { name: value, ... } (pulumi stack output --json --stack ${name} prints them).`;
    if (!this.context.dryRun) throw new Error(message);
    this.context.report({ severity: "warning", message, urn: resource.urn });
    const unknown: Value = new Unknown();
    return { name, outputs: unknown, secretOutputNames: unknown };
  }
}
