import type { Resource } from "./graph";
import { createUrn, parseUrn } from "./urn";

/**
 * Finds the resources of an earlier run that those of the program continue: by URN, else by alias, as the real engine does. A
 * child inherits the alias by which its parent was found.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/
 */
export class Predecessors {
  private readonly earlier: Map<string, Resource>;
  /** The earlier URNs of those found by an alias, by their current ones. */
  private readonly renamed = new Map<string, string>();

  constructor(resources: Resource[]) {
    this.earlier = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  /** The earlier resource; undefined when this one is new. Ask for parents before their children. */
  of(resource: Resource): Resource | undefined {
    const { urn } = resource;
    const own = this.earlier.get(urn);
    if (own) return own;
    const alias = this.aliasesOf(resource).find((candidate) => this.earlier.has(candidate));
    if (alias === undefined) return undefined;
    this.renamed.set(urn, alias);
    return this.earlier.get(alias);
  }

  private aliasesOf({ urn, parent, options: { aliases = [] } }: Resource): string[] {
    const parentBefore = this.renamed.get(parent ?? "");
    if (parent === undefined || parentBefore === undefined) return aliases;
    return [...aliases, ...[urn, ...aliases].map((name) => inherited(name, parent, parentBefore))];
  }
}

/** The child's URN under its parent's earlier name. If its own name starts with the parent's, that part changes too. */
function inherited(child: string, parent: string, parentBefore: string): string {
  const { name, ...rest } = parseUrn(child);
  const [now, before] = [parseUrn(parent).name, parseUrn(parentBefore).name];
  return createUrn({ ...rest, name: name.startsWith(now) ? before + name.slice(now.length) : name }, parentBefore);
}
