import * as fs from "node:fs";
import * as path from "node:path";
import { find, type Graph, resourcesOfType, reveal, runProgram } from "../../../offline";
import type { Resource } from "../../../offline/engine/graph";
import { temporaryFolder } from "../temporaryFolder";

const root = path.resolve(__dirname, "../../..");

/** Runs, as the command does, a program that only has components of one kind with these arguments, by name. */
export function registered(component: string, instances: Record<string, object>): Promise<Graph> {
  const lines = Object.entries(instances).map(
    ([name, args]) => `new graviton.${component}(${JSON.stringify(name)}, ${JSON.stringify(args)});`,
  );
  return run(lines.join("\n"));
}

/** Runs a program, which has all components as `graviton`. */
export function run(source: string): Promise<Graph> {
  const directory = temporaryFolder();
  fs.writeFileSync(path.join(directory, "Pulumi.yaml"), "name: program\nruntime: nodejs\nmain: index.ts\n");
  fs.writeFileSync(path.join(directory, "index.ts"), `import * as graviton from "pulumi-graviton";\n${source}`);
  fs.symlinkSync(path.join(root, "node_modules"), path.join(directory, "node_modules"));
  return runProgram({ directory });
}

/** The only resource of a type. */
export function only(graph: Graph, type: string): Resource {
  const [resource, ...others] = resourcesOfType(graph, type);
  if (!resource || others.length > 0) throw new Error(`${others.length + 1} or no resources of ${type}`);
  return resource;
}

export function named(graph: Graph, name: string, type: string): Resource {
  const resource = find(graph, name, type);
  if (!resource) throw new Error(`no ${type} ${name}`);
  return resource;
}

// biome-ignore lint/suspicious/noExplicitAny: inputs depend on the resource's type; tests check single ones.
export function inputsOf(resource: Resource): Record<string, any> {
  return reveal(resource.inputs) as Record<string, unknown>;
}
