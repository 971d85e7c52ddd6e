import type { Graph, Resource } from "./graph";
import { KnownSecrets } from "./secrets";

/** The graph as it may be printed: without the texts of encrypted configuration that found their way into plain values. */
export function hideSecrets({ secrets, ...graph }: Graph): Graph {
  return { ...secrets.hideIn(graph), secrets: new KnownSecrets() };
}

/** The resources of a type (`aws:lambda/function:Function`), in the order of registration. */
export function resourcesOfType(graph: Graph, type: string): Resource[] {
  return graph.resources.filter((resource) => resource.type === type);
}

/** The resource of that URN, or the only one of that name (and type, where given); undefined when there is none. */
export function find(graph: Graph, urnOrName: string, type?: string): Resource | undefined {
  const found = graph.resources.filter(
    (resource) =>
      (resource.urn === urnOrName || resource.name === urnOrName) && (type === undefined || resource.type === type),
  );
  if (found.length > 1) {
    const urns = found.map(({ urn }) => `  ${urn}`).join("\n");
    throw new Error(`${found.length} resources are named "${urnOrName}"; give a type or the URN of one:\n${urns}`);
  }
  return found[0];
}
