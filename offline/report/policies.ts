import * as path from "node:path";
import type { Graph, PolicyPackResult, PolicyViolation } from "../engine/graph";
import { hideSecrets } from "../engine/query";
import { parseUrn, shortType } from "../engine/urn";
import type { Paint } from "./colors";
import { count, withoutControls } from "./text";

/** One policy pack's verdict, with texts that are safe to print on a terminal. */
export interface Verdict {
  /** ✅ if nothing was found, ⚠️ if there is only advice, ❌ if something is forbidden or could not be checked. */
  mark: "✅" | "⚠️" | "❌";
  /** `name@v1.0.0`, or the name alone if the pack did not start. */
  title: string;
  /** Its folder, relative to the current folder if inside it. */
  directory: string;
  /** The configuration file that was used, relative in the same way. */
  config?: string;
  /** In the order in which they are shown. */
  findings: Finding[];
}

export interface Finding {
  level: "remediate" | "mandatory" | "advisory" | "failure";
  severity?: PolicyViolation["severity"];
  /** Empty if it concerns the whole pack. */
  policy: string;
  /** `type: name`, or empty. */
  resource: string;
  message: string;
}

/** The verdict of each pack, with packs and violations in the order of `pulumi preview`. */
export function verdicts(graph: Pick<Graph, "policyPacks">): Verdict[] {
  const packs = graph.policyPacks.map((pack): Verdict => {
    const { name, version, directory, config } = pack;
    return {
      mark: markOf(pack),
      title: oneLine(version ? `${name}@v${version}` : name),
      directory: localPath(directory),
      ...(config !== undefined && { config: localPath(config) }),
      findings: findingsOf(pack),
    };
  });
  return packs.sort((one, other) => compare(one.title, other.title));
}

/** The verdict as `pulumi preview` shows it, with what could not be checked. Empty if no pack ran. */
export function policyLines(graph: Graph, paint: Paint): string[] {
  const packs = verdicts(hideSecrets(graph));
  if (packs.length === 0) return [];
  return [paint.bold("Policies:"), ...packs.flatMap((pack) => packLines(pack, paint)), `    ${policyCounts(graph)}`];
}

/** The worst mark of all packs, and the counts. Undefined if no pack ran. */
export function policySummary(graph: Pick<Graph, "policyPacks">): string | undefined {
  const marks = graph.policyPacks.map(markOf);
  const worst = (["❌", "⚠️", "✅"] as const).find((mark) => marks.includes(mark));
  return worst && `${worst} ${policyCounts(graph)}`;
}

/** Such as `2 packs, 41 policies: 1 mandatory, 2 advisory, 0 remediated, 0 failures`. */
export function policyCounts({ policyPacks }: Pick<Graph, "policyPacks">): string {
  const violations = policyPacks.flatMap((pack) => pack.violations);
  const mandatory = violations.filter(({ level }) => level === "mandatory").length;
  const remediated = policyPacks.flatMap((pack) => pack.remediations).length;
  const failures = policyPacks.flatMap((pack) => pack.failures).length;
  const policies = policyPacks.reduce((sum, pack) => sum + pack.policies, 0);
  return (
    `${count(policyPacks.length, "pack")}, ${count(policies, "policy", "policies")}: ${mandatory} mandatory, ` +
    `${violations.length - mandatory} advisory, ${remediated} remediated, ${count(failures, "failure")}`
  );
}

function markOf({ violations, failures }: PolicyPackResult): Verdict["mark"] {
  if (failures.length > 0 || violations.some(({ level }) => level === "mandatory")) return "❌";
  return violations.length > 0 ? "⚠️" : "✅";
}

/** Remediations stay in the order in which they ran, because each saw the result of the one before it. */
function findingsOf({ remediations, violations, failures }: PolicyPackResult): Finding[] {
  return [
    ...remediations.map(({ policy, urn, inputs }) => {
      const message = oneLine(`[diff: ~${inputs.toSorted(compare).join(",")}]`);
      return { level: "remediate" as const, ...subjectOf(policy, urn), message };
    }),
    ...violations.toSorted(byWeight).map(({ level, severity, policy, urn, message }) => {
      return { level, ...(severity && { severity }), ...subjectOf(policy, urn), message: messageOf(message) };
    }),
    ...failures.map(({ policy, urn, message }) => {
      return { level: "failure" as const, ...subjectOf(policy, urn), message: messageOf(message) };
    }),
  ];
}

function subjectOf(policy = "", urn = ""): Pick<Finding, "policy" | "resource"> {
  const { type, name } = parseUrn(urn);
  // A stack policy may report any text in place of a URN.
  const resource = name ? `${shortType(type)}: ${name}` : urn;
  return { policy: oneLine(policy), resource: oneLine(resource) };
}

function messageOf(text: string): string {
  return withoutControls(text).trimEnd();
}

const levels = ["mandatory", "advisory"];
const severities = ["critical", "high", "medium", "low", undefined];

function byWeight(one: PolicyViolation, other: PolicyViolation): number {
  return (
    levels.indexOf(one.level) - levels.indexOf(other.level) ||
    severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
    compare(one.policy, other.policy) ||
    compare(one.urn, other.urn)
  );
}

/** Compares by code units, which gives the same order on every machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function localPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  const isInside = !path.isAbsolute(relative) && relative.split(path.sep)[0] !== "..";
  return oneLine(isInside ? relative || "." : file);
}

function oneLine(text: string): string {
  return withoutControls(text).replaceAll("\n", " ");
}

const indent = " ".repeat(8);

function packLines({ mark, title, directory, config, findings }: Verdict, paint: Paint): string[] {
  const head = `    ${mark} ${paint.bold(title)} (local: ${directory})`;
  const configured = config === undefined ? [] : [`${indent}${paint.dim(`configuration: ${config}`)}`];
  return [head, ...configured, ...findings.flatMap((finding) => findingLines(finding, paint))];
}

function findingLines({ level, severity, policy, resource, message }: Finding, paint: Paint): string[] {
  const colors = { remediate: paint.green, mandatory: paint.red, advisory: paint.yellow, failure: paint.red };
  const labels = `[${level}]${severity ? ` [severity: ${severity}]` : ""}`;
  const subject = `${colors[level](policy ? `${labels}  ${policy}` : labels)}${resource && `  (${resource})`}`;
  if (level === "remediate") return [`${indent}- ${subject} ${message}`];
  const bullet = level === "failure" ? "❌" : "-";
  return [`${indent}${bullet} ${subject}`, ...message.split("\n").map((line) => `${indent}  ${line}`.trimEnd())];
}
