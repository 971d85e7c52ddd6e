import type { Break, Comparison, PropertyDiff, ResourceDiff, RouteDiff } from "../../diff/model";
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
  const { project, stack, base, notes, breaks, errors, routes, permissions, resources, unusedAllowances } = comparison;
  const section = (title: string, lines: string[]) =>
    lines.length > 0 ? [paint.bold(title), ...lines].join("\n") : "";
  const sections = [
    [
      paint.bold(`Comparing ${project} (${stack}) with ${base}:`),
      ...notes.map((note) => paint.yellow(`  note: ${note}`)),
      ...unusedAllowances.map((option) =>
        paint.yellow(`  warning: --allow ${option}: there is no such breaking change`),
      ),
    ].join("\n"),
    section(
      "Breaking:",
      shownBreaks(breaks).flatMap((one) => breakLines(one, paint)),
    ),
    section(
      "The deployment would stop:",
      errors.map(({ urn, message }) => `  ${paint.red("error:")} ${message}\n    ${paint.dim(urn)}`),
    ),
    section(
      "Routes:",
      routes.map((route) => routeLine(route, paint)),
    ),
    section(
      "Permissions that widen:",
      permissions.map((one) => {
        const text = `${one.subject}${one.isNew ? " (new)" : ""}: ${describeWidening(one)}`;
        return `  ${one.isPublic ? paint.red("! ") : paint.yellow("+ ")}${text}`;
      }),
    ),
    section(
      "Policies:",
      policyFindings(comparison).flatMap(({ title, findings }) => [
        `  ${title}`,
        ...findings.flatMap(({ level, policy, resource, message }) => [
          `    - [${level}]  ${policy}  (${resource})`,
          ...message.split("\n").map((line) => `      ${line}`),
        ]),
      ]),
    ),
    section(
      "Resources:",
      resources.flatMap((resource) => resourceLines(resource, paint)),
    ),
    [paint.bold("Summary:"), `    ${headline(comparison)}; ${summary(comparison)}`].join("\n"),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

function breakLines(one: Break, paint: Paint): string[] {
  const { message, allowed } = one;
  const text = message.replaceAll("\n", "\n    ");
  if (allowed !== undefined) return [`  ${paint.yellow("allowed:")} ${text}`, `    reason: ${allowed}`];
  return [`  ${paint.red("breaking:")} ${text}`, `    ${paint.dim(`if it is meant: ${allowOption(one)}`)}`];
}

function routeLine(route: RouteDiff, paint: Paint): string {
  const marks = { added: paint.green("+"), removed: paint.red("-"), opened: paint.red("!"), closed: paint.yellow("~") };
  return `  ${marks[route.kind]} ${route.apiName} ${describeRoute(route)}`;
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
