import type { Change } from "./types";

interface Named {
  name: string;
  arn: string;
}

/** The changes between two versions of a program's resources of one kind. */
export function compare(kind: Change["kind"], before: Named[], after: Named[]): Change[] {
  const old = new Map(before.map((one) => [one.arn, one]));
  const next = new Set(after.map(({ arn }) => arn));
  const changes = after.flatMap((one): Change[] => {
    const known = old.get(one.arn);
    if (JSON.stringify(known) === JSON.stringify(one)) return [];
    return [{ action: known ? "updated" : "added", kind, name: one.name }];
  });
  const removed = before.filter(({ arn }) => !next.has(arn));
  return [...changes, ...removed.map(({ name }): Change => ({ action: "removed", kind, name }))];
}
