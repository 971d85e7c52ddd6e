import { shortType } from "../engine/urn";
import type { ResourceChange } from "../plan/change";
import { losses } from "./losses";
import { type Break, type ResourceDiff, type RouteDiff, routeName, type Widening } from "./model";

export interface BreakSources {
  changes: ResourceChange[];
  resources: ResourceDiff[];
  routes: RouteDiff[];
  permissions: Widening[];
  /** The errors of the plan, by URN. */
  errors: Map<string, string>;
}

/** What breaks callers, loses data or opens something to everyone. What opens comes first. */
export function findBreaks(sources: BreakSources): Break[] {
  const { changes, routes, permissions } = sources;
  const resources = changes.flatMap((change) => breakOfResource(change, sources));
  const gone = new Set(changes.flatMap(({ kind, urn }) => (kind === "delete" ? [urn] : [])));
  return [
    ...routes.flatMap((route) => breakOfRoute(route, "opened")),
    ...permissions.flatMap(breakOfPermission),
    ...resources,
    // The end of a whole API is one break.
    ...routes.flatMap((route) => (gone.has(route.api) ? [] : breakOfRoute(route, "removed"))),
    ...routes.flatMap((route) => breakOfRoute(route, "closed")),
  ];
}

function breakOfRoute(route: RouteDiff, wanted: RouteDiff["kind"]): Break[] {
  const { kind, apiName, before, after, takenOver } = route;
  if (kind !== wanted || kind === "added") return [];
  const name = routeName(route);
  const [is, are] = {
    removed: takenOver
      ? [`is gone: ${takenOver} gets its requests.`, "are gone: more general ones get their requests."]
      : ["is gone: its callers get an error.", "are gone: their callers get errors."],
    opened: ["is", "are"].map((verb) => `${verb} open to everyone. The authorization was ${before}.`),
    closed: ["refuses", "refuse"].map(
      (verb) => `${verb} the callers of before. The authorization was ${before}, and is ${after}.`,
    ),
  }[kind];
  return [
    {
      kind: `route-${kind}`,
      target: `${apiName} ${name}`,
      message: `Route ${name} of ${apiName} ${is}`,
      alike: { api: apiName, message: String(are) },
    },
  ];
}

function breakOfPermission({ subject, isPublic, actions }: Widening): Break[] {
  if (!isPublic) return [];
  return [
    {
      kind: "policy-opened",
      target: subject,
      message: `The ${subject} allows everyone, without a condition: ${actions.join(", ")}.`,
    },
  ];
}

function breakOfResource(change: ResourceChange, { changes, resources, errors }: BreakSources): Break[] {
  const { kind, urn, before } = change;
  if ((kind !== "delete" && kind !== "replace") || !before) return [];
  const { type, name, protect, options } = before;
  const isKept = options.retainOnDelete === true;
  const loss = losses[type];
  if (!protect && (!loss || (isKept && kind === "delete"))) return [];
  const diff = resources.find((resource) => resource.urn === urn);
  const forced = [...new Set(diff?.replacing.map(({ property }) => property))].join(", ");
  const lost = isKept ? "the old one is kept, and what it holds is missing in the new one" : loss;
  const what = kind === "delete" ? "is deleted" : `is replaced, because of ${forced}`;
  const sentences = [
    `${shortType(type)} ${name} ${what}${lost ? `: ${lost}.` : "."}`,
    kind === "delete" ? hintOfRename(change, changes) : "",
    errors.get(urn) ?? "",
  ];
  return [
    {
      kind: kind === "delete" ? "resource-deleted" : "resource-replaced",
      target: targetOf(change, changes),
      message: sentences.filter(Boolean).join(" "),
    },
  ];
}

/** The type and the name, which say enough unless another resource has the same. */
function targetOf({ urn, before }: ResourceChange, changes: ResourceChange[]): string {
  const isSame = (other: ResourceChange) => other.before?.type === before?.type && other.before?.name === before?.name;
  return changes.filter(isSame).length > 1 ? urn : `${before?.type}::${before?.name}`;
}

function hintOfRename({ before }: ResourceChange, changes: ResourceChange[]): string {
  const created = changes.find(({ kind, after }) => kind === "create" && after?.type === before?.type)?.after;
  if (!created || !before) return "";
  return `If ${created.name} is its new name, give that the option aliases: ["${before.urn}"], and nothing is lost.`;
}
