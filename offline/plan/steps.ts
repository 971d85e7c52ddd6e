import type { Graph, Resource } from "../engine/graph";
import type { ResourceChange } from "./change";
import { keepsName } from "./rules/names";

/** One operation of a deployment. A replaced resource takes two: it is created and deleted. */
export interface Step {
  /** `forget` removes it from the stack's state only, because of `retainOnDelete` or `deletedWith`. */
  operation: "create" | "update" | "delete" | "forget";
  /** Its current URN; in a deletion, the one that it had before. */
  urn: string;
}

/**
 * Creations and updates come in the order of registration, which puts each resource after what it depends on. Deletions come
 * last, in reverse order. A replaced resource is created before the old one is deleted, unless the two cannot exist together.
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

/** Where the program does not set `deleteBeforeReplace`, the name decides, as in the provider. */
function isDeletedFirst({ before, after }: ResourceChange): boolean {
  if (!before || !after) return false;
  return after.options.deleteBeforeReplace ?? keepsName(before, after);
}

/** A resource, and the replaced resources that depend on it, which must be deleted before it. */
function withDependents({ before: root }: ResourceChange, changes: ResourceChange[]): Resource[] {
  const group = new Map<string, Resource>();
  for (const { kind, before } of changes) {
    const isPart = before === root || before?.dependencies.some((urn) => group.has(urn));
    if (before && isPart && kind === "replace") group.set(before.urn, before);
  }
  return [...group.values()];
}
