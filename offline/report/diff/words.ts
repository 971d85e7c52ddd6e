import { groupBy } from "../../diff/grouping";
import {
  type Break,
  type Comparison,
  type PropertyDiff,
  type ResourceDiff,
  type RouteDiff,
  routeName,
  type Widening,
} from "../../diff/model";
import { isCompliant } from "../../engine/crossguard/verdict";
import { type Finding, policySummary, verdicts } from "../policies";
import { count } from "../text";

/** What matters most, such as `❌ 2 breaking changes (1 allowed)`. */
export function headline(comparison: Comparison): string {
  const { breaks, errors } = comparison;
  const allowed = breaks.filter((one) => one.allowed !== undefined).length;
  const counted = count(breaks.length, "breaking change") + (allowed > 0 ? ` (${allowed} allowed)` : "");
  const isViolated = !isCompliant(comparison);
  const isBad = breaks.length > allowed || errors.length > 0 || isViolated;
  const facts = [
    breaks.length > 0 ? counted : "nothing breaks",
    errors.length > 0 ? "the deployment would stop" : "",
    isViolated ? "policies are violated" : "",
  ];
  return `${isBad ? "❌" : "✅"} ${facts.filter(Boolean).join(", ")}`;
}

const kinds: Record<ResourceDiff["kind"], string> = {
  create: "added",
  update: "changed",
  replace: "replaced",
  delete: "removed",
  rename: "renamed",
};

/** Such as `2 resources added, 1 replaced`. */
export function resourceCounts({ resources }: Comparison): string {
  const counts = Object.entries(kinds).flatMap(([kind, word]) => {
    const number = resources.filter((resource) => resource.kind === kind).length;
    return number > 0 ? [{ number, word }] : [];
  });
  if (counts.length === 0) return "no resource changes";
  return counts
    .map(({ number, word }, index) => `${index === 0 ? count(number, "resource") : number} ${word}`)
    .join(", ");
}

/** Such as `1 added, 1 removed`. */
export function routeCounts({ routes }: Comparison): string {
  return (["added", "removed", "opened", "closed"] as const)
    .flatMap((kind) => {
      const number = routes.filter((route) => route.kind === kind).length;
      return number > 0 ? [`${number} ${kind === "closed" ? "with other authorization" : kind}`] : [];
    })
    .join(", ");
}

/** The counts of everything, in one line. */
export function summary(comparison: Comparison): string {
  const { routes, permissions } = comparison;
  return [
    resourceCounts(comparison),
    routes.length > 0 ? `routes: ${routeCounts(comparison)}` : "",
    permissions.length > 0 ? `${count(permissions.length, "permission")} wider` : "",
    policySummary(comparison) ?? "",
  ]
    .filter(Boolean)
    .join("; ");
}

/** The option that accepts a break, as it is typed in a shell. */
export function allowOption({ kind, target }: Break): string {
  return `--allow '${`${kind}:${target}=REASON`.replaceAll("'", "'\\''")}'`;
}

/** How many routes are named in one sentence, and how many breaks of them are shown each for itself. */
const mostRoutes = 3;

/** The breaks to show: many routes of an API that break in the same way are one. */
export function shownBreaks(breaks: Break[]): Break[] {
  const keyOf = ({ kind, alike, target, allowed }: Break) => JSON.stringify([kind, allowed, alike ?? target]);
  return [...groupBy(breaks, keyOf).values()].flatMap((group) => {
    const [first] = group;
    const { alike } = first ?? {};
    if (!first || !alike || group.length <= mostRoutes) return group;
    const names = group.slice(0, mostRoutes).map(({ target }) => target.slice(alike.api.length + 1));
    const routes = `${group.length} routes of ${alike.api} (${names.join(", ")} and ${group.length - mostRoutes} more)`;
    return { ...first, target: `${alike.api} *`, message: `${routes} ${alike.message}` };
  });
}

/** A route and its authorization: `GET /items, authorization: AWS_IAM → none`. */
export function describeRoute(route: RouteDiff): string {
  const { kind, before, after } = route;
  const auth = { added: after, removed: before, opened: `${before} → ${after}`, closed: `${before} → ${after}` }[kind];
  return `${routeName(route)}, authorization: ${auth}`;
}

/** What a subject may do now: `dynamodb:Scan on arn:… `. */
export function describeWidening({ kind, actions, resources, principals, condition, isPublic }: Widening): string {
  return [
    kind === "allowed" ? "" : "no longer denied:",
    actions.join(", "),
    resources.length > 0 ? `on ${resources.join(", ")}` : "",
    principals.length > 0 ? `to ${isPublic ? "everyone" : principals.join(", ")}` : "",
    condition ? `if ${condition}` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** How many properties of a resource are shown. */
const mostProperties = 12;

/** The properties to show, those that force a replacement first, and a sentence about the others. */
export function shownProperties({ properties, replacing }: ResourceDiff): { shown: PropertyDiff[]; others?: string } {
  const forcing = new Set(replacing.map(({ property }) => property));
  const ordered = properties.toSorted((one, other) => Number(forcing.has(other.path)) - Number(forcing.has(one.path)));
  const left = properties.length - mostProperties;
  if (left <= 1) return { shown: ordered };
  return { shown: ordered.slice(0, mostProperties), others: `and ${left} more: --json has them all` };
}

const longest = 80;

/** The value before and after, cut around the place where they differ. */
export function describeValues({
  before,
  after,
  madeFrom,
}: PropertyDiff): [before: string | undefined, after?: string] {
  if (madeFrom !== undefined) return [printed(before, 0), "(known after deployment)"];
  const same = typeof before === "string" && typeof after === "string" ? commonLength(before, after) : 0;
  const start = same > longest / 2 ? same - longest / 4 : 0;
  return [printed(before, start), printed(after, start)];
}

function printed(value: unknown, start: number): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? JSON.stringify(value.slice(start)) : JSON.stringify(value);
  const shown = start > 0 ? `"…${text.slice(1)}` : text;
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** The findings to show: those that the base does not have, or all if it was not checked. */
export function policyFindings(comparison: Comparison): { title: string; findings: Finding[] }[] {
  const fresh = verdicts({ policyPacks: comparison.newFindings });
  return verdicts(comparison).map(({ mark, title, findings }) => {
    const compared = fresh.find((pack) => pack.title === title);
    const news = compared
      ? `${count(compared.findings.length, "new finding")} of ${findings.length}`
      : `${count(findings.length, "finding")}; the base was not checked with this pack`;
    return { title: `${mark} ${title}: ${news}`, findings: (compared ?? { findings }).findings };
  });
}
