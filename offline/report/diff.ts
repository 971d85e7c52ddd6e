import type { Graph, Resource } from "../engine/graph";
import { redact, reveal } from "../engine/values";

/** What a change of the program did to one resource. */
export interface ResourceChange {
  kind: "added" | "removed" | "changed";
  urn: string;
  /** The inputs whose values differ, if it is changed. */
  properties: string[];
}

/** What differs in `after`: what was added or changed, in its order, then what was removed. */
export function diff(before: Graph, after: Graph): ResourceChange[] {
  const earlier = new Map(before.resources.map((resource) => [resource.urn, resource]));
  const later = new Set(after.resources.map(({ urn }) => urn));
  const present = after.resources.flatMap((resource): ResourceChange[] => {
    const { urn } = resource;
    const old = earlier.get(urn);
    if (!old) return [{ kind: "added", urn, properties: [] }];
    const properties = changedProperties(old, resource);
    return properties.length > 0 ? [{ kind: "changed", urn, properties }] : [];
  });
  const gone = before.resources.filter(({ urn }) => !later.has(urn));
  return [...present, ...gone.map(({ urn }): ResourceChange => ({ kind: "removed", urn, properties: [] }))];
}

function changedProperties(before: Resource, after: Resource): string[] {
  const names = [...new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)])];
  return names.filter((name) => fingerprint(before.inputs[name]) !== fingerprint(after.inputs[name]));
}

/** Secrets differ in the revealed value; unknowns, assets and references in the printable one. */
function fingerprint(value: Resource["inputs"][string] | undefined): string {
  return JSON.stringify(value === undefined ? [] : [reveal(value), redact(value)]);
}
