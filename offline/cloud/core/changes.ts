import type { Change } from "./types";

interface Identified {
  arn: string;
}

/** The changes between two versions of a program's resources of one kind. */
export function compare<One extends Identified & { name: string }>(
  kind: Change["kind"],
  before: One[],
  after: One[],
): Change[] {
  const known = new Set(before.map(({ arn }) => arn));
  const changes = changed(before, after).map(({ arn, name }): Change => {
    return { action: known.has(arn) ? "updated" : "added", kind, name };
  });
  return [...changes, ...missing(before, after).map(({ name }): Change => ({ action: "removed", kind, name }))];
}

/** The resources that a program no longer has. */
export function missing<One extends Identified>(before: One[], after: One[]): One[] {
  const kept = new Set(after.map(({ arn }) => arn));
  return before.filter(({ arn }) => !kept.has(arn));
}

/** The resources that a program has added or changed. */
export function changed<One extends Identified>(before: One[], after: One[]): One[] {
  const old = new Map(before.map((one) => [one.arn, JSON.stringify(one)]));
  return after.filter((one) => old.get(one.arn) !== JSON.stringify(one));
}
