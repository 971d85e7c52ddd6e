import { groupBy } from "../grouping";
import type { Widening } from "../model";
import { covers, type Grant } from "./grants";
import type { Subject } from "./subjects";

/**
 * What subjects may do that they might not before: grants that no earlier one covers, and denials that are gone. The order of
 * statements, how they are split, and which resource holds them make no difference.
 */
export function widenings(before: Subject[], after: Subject[]): Widening[] {
  const earlier = new Map(before.map((subject) => [subject.key, subject]));
  return after.flatMap((subject) => {
    const { grants = [] } = earlier.get(subject.key) ?? {};
    const isNew = !earlier.has(subject.key);
    const allowed = notCovered(subject.grants, grants, "Allow");
    const undenied = notCovered(grants, subject.grants, "Deny");
    return [
      ...grouped(allowed).map((group) => describe(group, { subject: subject.title, isNew, kind: "allowed" })),
      ...grouped(undenied).map((group) => describe(group, { subject: subject.title, isNew, kind: "no longer denied" })),
    ];
  });
}

/** The grants of an effect that none of the others covers, without those that another one of them covers. */
function notCovered(grants: Grant[], others: Grant[], effect: Grant["effect"]): Grant[] {
  const fresh = grants.filter((grant) => grant.effect === effect && !others.some((other) => covers(other, grant)));
  return fresh.filter((grant, index) =>
    fresh.every((other, at) => at === index || !covers(other, grant) || (covers(grant, other) && index < at)),
  );
}

/** Grants that differ only in their actions, then those that differ only in their resources, as one. */
function grouped(grants: Grant[]): Grant[][] {
  const byActions = groupBy(grants, ({ principal, resource, condition }) =>
    JSON.stringify([principal, resource, condition]),
  );
  const alike = groupBy([...byActions.values()], (group) =>
    JSON.stringify([group.map(({ action }) => action), group[0]?.principal, group[0]?.condition]),
  );
  return [...alike.values()].map((groups) => groups.flat());
}

function describe(group: Grant[], about: Pick<Widening, "subject" | "isNew" | "kind">): Widening {
  const all = (field: "action" | "resource" | "principal") =>
    [...new Set(group.map((grant) => grant[field]))].filter(Boolean).toSorted();
  const { condition = {} } = group[0] ?? {};
  const isConditional = Object.keys(condition).length > 0;
  return {
    ...about,
    isPublic: about.kind === "allowed" && !isConditional && all("principal").includes("*"),
    actions: all("action"),
    resources: all("resource"),
    principals: all("principal"),
    ...(isConditional && { condition: JSON.stringify(condition) }),
  };
}
