import type { Graph, Resource } from "../engine/graph";
import type { ResourceChange } from "./plan";
import { keepsName } from "./rules/names";

/** What a deployment does to a resource at one moment. A replaced resource is created and deleted. */
export interface Step {
  /** `forget` takes it out of the stack and does nothing to it, for `retainOnDelete` or `deletedWith`. */
  operation: "create" | "update" | "delete" | "forget";
  /** The URN now, of what is deleted the URN before. */
  urn: string;
}

/**
 * Creations and updates in the order of registration, in which all stand after what they depend on, then deletions in the
 * reverse order. A replaced resource is created first and deleted at the end, unless both cannot be there at once.
 */
export function stepsOf(changes: ResourceChange[], before: Graph): Step[] {
  const order = new Map(before.resources.map(({ urn }, index) => [urn, index]));
  const condemned = changes.filter(({ kind }) => kind === "delete" || kind === "replace");
  const deleted = new Set<string>();
  const deletion = (resources: Resource[]): Step[] => {
    const next = resources.filter(({ urn }) => !deleted.has(urn));
    for (const { urn } of next) deleted.add(urn);
    return next
      .toSorted((one, other) => (order.get(other.urn) ?? 0) - (order.get(one.urn) ?? 0))
      .map(({ urn, options: { retainOnDelete, deletedWith = "" } }) => ({
        operation: retainOnDelete || deleted.has(deletedWith) ? "forget" : "delete",
        urn,
      }));
  };
  const early = changes.flatMap((change): Step[] => {
    const { kind, urn } = change;
    if (kind === "same" || kind === "delete") return [];
    if (kind !== "replace") return [{ operation: kind, urn }];
    return [...(isDeletedFirst(change) ? deletion(withDependents(change, changes)) : []), { operation: "create", urn }];
  });
  return [...early, ...deletion(condemned.flatMap(({ before: old }) => old ?? []))];
}

/** Without a word of the program the provider decides, by the name. */
function isDeletedFirst({ before, after }: ResourceChange): boolean {
  if (!before || !after) return false;
  return after.options.deleteBeforeReplace ?? keepsName(before, after);
}

/** What a replaced resource was, and what the replaced ones that depend on it were: they go before it does. */
function withDependents({ before: root }: ResourceChange, changes: ResourceChange[]): Resource[] {
  const group = new Map<string, Resource>();
  for (const { kind, before } of changes) {
    const isPart = before === root || before?.dependencies.some((urn) => group.has(urn));
    if (before && isPart && kind === "replace") group.set(before.urn, before);
  }
  return [...group.values()];
}
