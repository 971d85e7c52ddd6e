import type { Graph, Resource } from "./graph";
import { KnownSecrets } from "./secrets";
import { providedPackage } from "./urn";

/** The graph in printable form: texts of encrypted configuration are hidden in plain values too. */
export function hideSecrets({ secrets, ...graph }: Graph): Graph {
  return { ...secrets.hideIn(graph), secrets: new KnownSecrets() };
}

/** The resources of a type (`aws:lambda/function:Function`), in the order of registration. */
export function resourcesOfType(graph: Graph, type: string): Resource[] {
  return graph.resources.filter((resource) => resource.type === type);
}

/**
 * The resource with that URN, or the only one with that name (and type, if given); undefined if there is none.
 * @throws Error when several have that name
 */
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

/** True for a provider that no program declares. */
export function isDefaultProvider({ type, name, parent }: Resource): boolean {
  return providedPackage(type) !== undefined && parent === undefined && /^default(_|$)/.test(name);
}
