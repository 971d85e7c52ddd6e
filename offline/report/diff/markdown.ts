import type { Break, Comparison, ResourceDiff } from "../../diff/model";
import { shortType } from "../../engine/urn";
import { mapTexts } from "../../engine/values";
import { escapeMarkdown, fence } from "../markdown";
import { withoutControls } from "../text";
import {
  allowOption,
  describeRoute,
  describeValues,
  describeWidening,
  headline,
  policyFindings,
  resourceCounts,
  routeCounts,
  shownBreaks,
  shownProperties,
  summary,
} from "./words";

/** Leaves room for more in a comment, which GitHub limits to 65,536 characters. */
const longest = 50_000;

/** A part of the comment whose lines may be left out where there are too many. */
interface Part {
  /** What is shown without unfolding it; absent for what is never folded. */
  title?: string;
  lines: string[];
  /** The language of a code block around the lines. @default none */
  language?: string;
}

/**
 * The comparison as a comment on a pull request: what breaks first, the details folded. Its first line, which nobody sees, is the
 * same in every comparison of a stack: by it the action finds the comment to update.
 */
export function renderComparisonMarkdown(given: Comparison): string {
  const comparison = mapTexts(given, withoutControls) as Comparison;
  const { project, stack, base, notes, unusedAllowances } = comparison;
  const head = [
    `<!-- pulumi-offline diff: ${escapeMarkdown(project)} ${escapeMarkdown(stack)} -->`,
    `### ${headline(comparison)}: ${escapeMarkdown(project)} (${escapeMarkdown(stack)})`,
    `${escapeMarkdown(summary(comparison))}. Compared with ${escapeMarkdown(base)}.`,
    ...notes.map((note) => `> ${escapeMarkdown(note)}`),
    ...unusedAllowances.map((option) => `> ${escapeMarkdown(`--allow ${option}`)}: there is no such breaking change`),
  ].join("\n\n");
  let left = longest - head.length;
  const shown = partsOf(comparison).flatMap((part) => {
    const text = renderPart(part, left, base);
    left -= text.length + 2;
    return text ? [text] : [];
  });
  return `${[head, ...shown].join("\n\n")}\n`;
}

function partsOf(comparison: Comparison): Part[] {
  const { errors, routes, permissions, resources } = comparison;
  const breaks = shownBreaks(comparison.breaks);
  const counted = (number: number, title: string) => (number > 0 ? title : undefined);
  return [
    { lines: breaks.filter(({ allowed }) => allowed === undefined).map(breakLine) },
    { lines: errors.map(({ urn, message }) => `- ❌ ${escapeMarkdown(message)} (${escapeMarkdown(urn)})`) },
    { title: "Allowed", lines: breaks.filter(({ allowed }) => allowed !== undefined).map(breakLine) },
    {
      title: `Routes: ${routeCounts(comparison)}`,
      language: "diff",
      lines: routes.map((route) => {
        const mark = { added: "+", removed: "-", opened: "!", closed: "!" }[route.kind];
        return oneLine(`${mark} ${route.apiName} ${describeRoute(route)}`);
      }),
    },
    {
      title: `Permissions that widen: ${permissions.length}`,
      language: "diff",
      lines: permissions.map((one) =>
        oneLine(`${one.isPublic ? "!" : "+"} ${one.subject}${one.isNew ? " (new)" : ""}: ${describeWidening(one)}`),
      ),
    },
    ...policyFindings(comparison).map(({ title, findings }) => ({
      title: counted(findings.length, title),
      lines: findings.map(
        ({ level, policy, resource, message }) =>
          `- **${level}** ${escapeMarkdown(policy)} (${escapeMarkdown(resource)}): ${escapeMarkdown(message)}`,
      ),
    })),
    { title: `Resources: ${resourceCounts(comparison)}`, language: "diff", lines: resources.flatMap(resourceLines) },
  ];
}

/** Empty if the part has no lines. What does not fit is left out, with a sentence that says so. */
function renderPart({ title, lines, language }: Part, space: number, base: string): string {
  if (lines.length === 0) return "";
  const render = (kept: string[], sentence = "") => {
    const body = [language ? fence(language, kept.join("\n")) : kept.join("\n"), sentence].filter(Boolean).join("\n\n");
    return title ? `<details><summary>${escapeMarkdown(title)}</summary>\n\n${body}\n\n</details>` : body;
  };
  const whole = render(lines);
  if (whole.length <= space) return whole;
  const sentence = (left: number) =>
    `${left} of ${lines.length} lines are left out, as a comment has room for no more: run pulumi-offline diff ${escapeMarkdown(base)} to see all.`;
  const room = space - render([], sentence(lines.length)).length - 20;
  const kept = lines.slice(0, howManyFit(lines, room));
  return room > 0 ? render(kept, sentence(lines.length - kept.length)) : "";
}

function howManyFit(lines: string[], room: number): number {
  let length = 0;
  const tooMany = lines.findIndex((line) => {
    length += line.length + 1;
    return length > room;
  });
  return tooMany < 0 ? lines.length : tooMany;
}

function breakLine(one: Break): string {
  const message = escapeMarkdown(one.message);
  if (one.allowed !== undefined) return `- ${message} Allowed: ${escapeMarkdown(one.allowed)}`;
  return `- ❌ **${one.kind}** ${message}<br/>If it is meant: ${code(allowOption(one))}`;
}

function code(text: string): string {
  const ticks = "`".repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([found]) => found.length)));
  return `${ticks}${ticks.length > 1 ? ` ${oneLine(text)} ` : oneLine(text)}${ticks}`;
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}

/** In the marks of a `diff` block, which GitHub colours: one for the resource, then the values before and after. */
function resourceLines(resource: ResourceDiff): string[] {
  const { kind, type, name, formerName, replacing } = resource;
  const { shown, others } = shownProperties(resource);
  const words = { create: "", update: "", replace: ", replaced", delete: "", rename: ", renamed" };
  const mark = { create: "+", update: "!", replace: "!", delete: "-", rename: " " }[kind];
  const renamed = formerName === undefined ? "" : ` (was ${formerName})`;
  const because = [...new Set(replacing.map(({ property, reason }) => `${property}: ${reason}`))];
  return [
    oneLine(`${mark} ${shortType(type)} ${name}${renamed}${words[kind]}`),
    ...because.map((reason) => oneLine(`!   because of ${reason}`)),
    ...shown.flatMap((property) => {
      const [before, after] = describeValues(property);
      return [
        ...(before === undefined ? [] : [oneLine(`-   ${property.path}: ${before}`)]),
        ...(after === undefined ? [] : [oneLine(`+   ${property.path}: ${after}`)]),
      ];
    }),
    ...(others ? [`    ${others}`] : []),
  ];
}
