import type { Graph } from "../engine/graph";
import { isDefaultProvider } from "../engine/query";
import { stackType } from "../engine/urn";
import type { ResourceChange } from "../plan/change";
import { plan } from "../plan/plan";
import { readSubjects } from "./access/subjects";
import { widenings } from "./access/widenings";
import { allow } from "./allowances";
import { findBreaks } from "./breaks";
import { newFindings } from "./findings";
import { uniqueBy } from "./grouping";
import type { Comparison, PropertyDiff, ResourceDiff, RouteDiff, Widening } from "./model";
import { propertyDiffs } from "./properties";
import { routeDiffs } from "./routeDiffs";
import { readApis } from "./routes";
import { maskSecrets } from "./secrets";

export interface ComparisonOptions {
  /** What the program is compared with, as it is to be printed. */
  base: string;
  /** About what makes the comparison less exact. @default none */
  notes?: string[];
  /** Breaks that are meant, each as `KIND:TARGET=REASON`. @default none */
  allow?: string[];
}

/** Compares what two versions of a program registered: run both as `plan` asks. */
export function compare(
  before: Graph,
  after: Graph,
  { base, notes = [], allow: given = [] }: ComparisonOptions,
): Comparison {
  const planned = plan(before, after);
  const changes = planned.changes.filter(isShown(planned.changes)).toSorted(by(rankOf, ({ urn }) => urn));
  const resources = changes.flatMap(resourceDiff);
  const [earlier, current] = [maskSecrets(before), maskSecrets(after)];
  const routes = compareRoutes(earlier, current, changes);
  const permissions = comparePermissions(earlier, current);
  const errors = new Map(planned.errors.map(({ urn, message }) => [urn, message]));
  const { breaks, unused } = allow(findBreaks({ changes, resources, routes, permissions, errors }), given);
  const comparison: Comparison = {
    project: after.project,
    stack: after.stack,
    base,
    notes,
    breaks,
    errors: planned.errors.filter(({ message }) => !breaks.some((one) => one.message.includes(message))),
    resources,
    routes,
    permissions,
    policyPacks: after.policyPacks,
    newFindings: newFindings(before, after),
    unusedAllowances: unused,
  };
  return before.secrets.hideIn(after.secrets.hideIn(comparison));
}

function compareRoutes(before: Graph, after: Graph, changes: ResourceChange[]): RouteDiff[] {
  const names = new Map(changes.flatMap(({ before: old, after: now, urn }) => (old && now ? [[old.urn, urn]] : [])));
  return routeDiffs(readApis(before), readApis(after), (urn) => names.get(urn)).toSorted(
    by(
      ({ apiName }) => apiName,
      ({ path }) => path,
      ({ method }) => method,
    ),
  );
}

function comparePermissions(before: Graph, after: Graph): Widening[] {
  return widenings(readSubjects(before), readSubjects(after)).toSorted(
    by(
      ({ isPublic }) => (isPublic ? "0" : "1"),
      ({ subject }) => subject,
    ),
  );
}

/** Programs register in an order that differs from run to run. Compares by code units. */
function by<T>(...keysOf: ((value: T) => string)[]): (one: T, other: T) => number {
  return (one, other) => {
    const keyOf = keysOf.find((key) => key(one) !== key(other));
    return keyOf ? (keyOf(one) < keyOf(other) ? -1 : 1) : 0;
  };
}

/** What may lose something comes first. */
function rankOf({ kind }: ResourceChange): string {
  return String(["replace", "delete", "create", "update", "same"].indexOf(kind));
}

/** Leaves out the stack, providers that nobody declares, and components with children, which say all that changes. */
function isShown(changes: ResourceChange[]): (change: ResourceChange) => boolean {
  const parents = new Set(changes.flatMap(({ before, after }) => [before?.parent, after?.parent]));
  return ({ before, after }) => {
    const resource = after ?? before;
    if (!resource || resource.type === stackType || isDefaultProvider(resource)) return false;
    return resource.custom || !parents.has(resource.urn);
  };
}

function resourceDiff({ kind, urn, before, after, changed, replacing }: ResourceChange): ResourceDiff[] {
  const { type, name } = after ?? before ?? { type: "", name: "" };
  const isRenamed = before !== undefined && after !== undefined && before.urn !== urn;
  if (kind === "same" && !isRenamed) return [];
  const properties = before && after ? propertyDiffs(changed, before.inputs, after.inputs) : [];
  const forcing = replacing.map((one) => ({ ...one, property: shownAs(one.property, properties) }));
  return [
    {
      kind: kind === "same" ? "rename" : kind,
      urn,
      type,
      name,
      ...(isRenamed && { formerName: before.name === name ? before.urn : before.name }),
      properties,
      replacing: uniqueBy(forcing, ({ property, reason }) => JSON.stringify([property, reason])),
    },
  ];
}

/** The property as the list of properties has it: an element that is added as a whole forces what its parts force. */
function shownAs(property: string, properties: PropertyDiff[]): string {
  const isWhole = ({ path }: PropertyDiff) => property === path || /^[.[]/.test(property.replace(path, ""));
  return properties.find((whole) => property.startsWith(whole.path) && isWhole(whole))?.path ?? property;
}
