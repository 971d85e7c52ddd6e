import type { Graph, Resource } from "../engine/graph";
import { isDefaultProvider } from "../engine/query";
import { stackType } from "../engine/urn";

/** A resource with its children, in the order of registration. */
export interface Branch {
  resource: Resource;
  children: Branch[];
}

/** The stack's tree, without default providers, which no program declares. */
export function hierarchy(graph: Graph): Branch[] {
  const shown = graph.resources.filter((resource) => !isDefaultProvider(resource));
  const branches = new Map(shown.map((resource) => [resource.urn, { resource, children: [] } as Branch]));
  const roots: Branch[] = [];
  const stack = shown.find(({ type }) => type === stackType);
  for (const branch of branches.values()) {
    const { parent, urn } = branch.resource;
    const above = branches.get(parent ?? (urn === stack?.urn ? "" : (stack?.urn ?? "")));
    (above?.children ?? roots).push(branch);
  }
  return roots;
}
