import type { Break, Comparison, PropertyDiff, ResourceDiff, RouteDiff, Widening } from "../../diff/model";
import { shortType } from "../../engine/urn";
import { mapTexts } from "../../engine/values";
import type { Paint } from "../colors";
import { withoutControls } from "../text";
import {
  allowOption,
  describeRoute,
  describeValues,
  describeWidening,
  headline,
  policyFindings,
  shownBreaks,
  shownProperties,
  summary,
} from "./words";

/** The comparison for a terminal: what breaks first, then routes, permissions, policies and resources. */
export function renderComparison(given: Comparison, paint: Paint): string {
  // Names and values come from the program; the colours are ours.
  const comparison = mapTexts(given, withoutControls) as Comparison;
  const { breaks, errors, routes, permissions, resources } = comparison;
  const sections: [title: string, lines: string[]][] = [
    ["Breaking:", shownBreaks(breaks).flatMap((one) => breakLines(one, paint))],
    ["The deployment would stop:", errors.map((error) => errorLine(error, paint))],
    ["Routes:", routes.map((route) => routeLine(route, paint))],
    ["Permissions that widen:", permissions.map((one) => permissionLine(one, paint))],
    ["Policies:", policyLines(comparison)],
    ["Resources:", resources.flatMap((resource) => resourceLines(resource, paint))],
    ["Summary:", [`    ${headline(comparison)}; ${summary(comparison)}`]],
  ];
  const shown = sections.filter(([, lines]) => lines.length > 0);
  const texts = shown.map(([title, lines]) => [paint.bold(title), ...lines].join("\n"));
  return `${[head(comparison, paint), ...texts].join("\n\n")}\n`;
}

function head({ project, stack, base, notes, unusedAllowances }: Comparison, paint: Paint): string {
  return [
    paint.bold(`Comparing ${project} (${stack}) with ${base}:`),
    ...notes.map((note) => paint.yellow(`  note: ${note}`)),
    ...unusedAllowances.map((option) => paint.yellow(`  warning: --allow ${option}: there is no such breaking change`)),
  ].join("\n");
}

function breakLines(one: Break, paint: Paint): string[] {
  const { message, allowed } = one;
  const text = message.replaceAll("\n", "\n    ");
  if (allowed !== undefined) return [`  ${paint.yellow("allowed:")} ${text}`, `    reason: ${allowed}`];
  return [`  ${paint.red("breaking:")} ${text}`, `    ${paint.dim(`if it is meant: ${allowOption(one)}`)}`];
}

function errorLine({ urn, message }: Comparison["errors"][number], paint: Paint): string {
  return `  ${paint.red("error:")} ${message}\n    ${paint.dim(urn)}`;
}

function routeLine(route: RouteDiff, paint: Paint): string {
  const marks = { added: paint.green("+"), removed: paint.red("-"), opened: paint.red("!"), closed: paint.yellow("~") };
  return `  ${marks[route.kind]} ${route.apiName} ${describeRoute(route)}`;
}

function permissionLine(permission: Widening, paint: Paint): string {
  const { subject, isNew, isPublic } = permission;
  const mark = isPublic ? paint.red("!") : paint.yellow("+");
  return `  ${mark} ${subject}${isNew ? " (new)" : ""}: ${describeWidening(permission)}`;
}

function policyLines(comparison: Comparison): string[] {
  return policyFindings(comparison).flatMap(({ title, findings }) => [
    `  ${title}`,
    ...findings.flatMap(({ level, policy, resource, message }) => [
      `    - [${level}]  ${policy}  (${resource})`,
      ...message.split("\n").map((line) => `      ${line}`),
    ]),
  ]);
}

function resourceLines(resource: ResourceDiff, paint: Paint): string[] {
  const { kind, type, name, formerName, properties, replacing } = resource;
  const marks = {
    create: paint.green("+ "),
    update: paint.yellow("~ "),
    replace: paint.red("+-"),
    delete: paint.red("- "),
    rename: paint.dim("> "),
  };
  const renamed = formerName === undefined ? "" : ` (was ${formerName})`;
  const forced = new Map(replacing.map(({ property, reason }) => [property, reason]));
  const { shown, others } = shownProperties(resource);
  const changed = new Set(properties.map(({ path }) => path));
  return [
    `  ${marks[kind]} ${shortType(type)}  ${name}${renamed}`,
    ...replacing.filter(({ property }) => !changed.has(property)).map(reasonLine),
    ...shown.map((property) => propertyLine(property, forced.get(property.path), paint)),
    ...(others ? [`       ${others}`] : []),
  ];
}

function reasonLine({ property, reason }: { property: string; reason: string }): string {
  return `       ${property}: forces the replacement, as ${reason}`;
}

function propertyLine(property: PropertyDiff, reason: string | undefined, paint: Paint): string {
  const [before = "(none)", after = "(none)"] = describeValues(property);
  return `       ${property.path}: ${before} → ${after}${reason ? paint.red(` (forces the replacement: ${reason})`) : ""}`;
}
