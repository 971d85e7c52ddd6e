import type { Resource } from "./graph";
import { createUrn, parseUrn } from "./urn";

/**
 * Finds what the resources of a program were in an earlier run: by their URNs, else by their aliases, as the real engine
 * does. A child inherits the alias that its parent was found by.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/
 */
export class Predecessors {
  private readonly earlier: Map<string, Resource>;
  /** The URN before, by the URN now, of those that were found by an alias. */
  private readonly renamed = new Map<string, string>();

  constructor(resources: Resource[]) {
    this.earlier = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  /** What the resource was; undefined when it is new. Parents must be asked for before their children. */
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

/** Children are named after their parent: where the child's name starts with it, the alias starts with the parent's old name. */
function inherited(child: string, parent: string, parentBefore: string): string {
  const { name, ...rest } = parseUrn(child);
  const [now, before] = [parseUrn(parent).name, parseUrn(parentBefore).name];
  return createUrn({ ...rest, name: name.startsWith(now) ? before + name.slice(now.length) : name }, parentBefore);
}
