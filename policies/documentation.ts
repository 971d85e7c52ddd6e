import * as fs from "node:fs";
import * as path from "node:path";
import type { Policy } from "@pulumi/policy";
import type { ArchitectureProperty } from "./architecture/property";
import { architectureProperties } from "./architecture/table";
import { createPolicies } from "./policies";

/** README.md of this folder; what is between the marks is written by `npm run docs`. */
export const readme = path.join(__dirname, "README.md");

const marks = /(<!-- policies -->\n)[\s\S]*(<!-- end of policies -->)/;

/** The text with its list of policies brought up to date. */
export function withPolicies(text: string): string {
  return text.replace(marks, (_, begin, end) => `${begin}\n${listPolicies()}\n\n${end}`);
}

function listPolicies(): string {
  const heads = ["| Policy | Level | Severity | Demands | Settings |", "| --- | --- | --- | --- | --- |"];
  const lines = createPolicies().map((policy) => {
    const { name, enforcementLevel, severity, description, url } = policy;
    const linked = url ? `[${name}](${url})` : name;
    return `| ${linked} | ${enforcementLevel} | ${severity} | ${escapeCell(description)} | ${listSettings(policy)} |`;
  });
  return [...heads, ...lines, "", ...listProperties()].join("\n");
}

function listSettings({ configSchema }: Policy): string {
  const own = Object.entries(configSchema?.properties ?? {}).filter(([name]) => name !== "exemptions");
  const settings = own.map(
    ([name, { description = "", default: value }]) => `\`${name}\` (${JSON.stringify(value)}): ${description}`,
  );
  return escapeCell(settings.join("<br>"));
}

function listProperties(): string[] {
  const heads = ["| Resource type | Property | Policy | When missing |", "| --- | --- | --- | --- |"];
  const lines = architectureProperties.map((property) => {
    const { type, path, policy, source } = property;
    return `| \`${type}\` | [\`${path}\`](${source}) | ${policy} | ${whenMissing(property)} |`;
  });
  return [...heads, ...lines];
}

function whenMissing({ missing }: ArchitectureProperty): string {
  if (!missing) return "";
  const { unless = [], when } = missing;
  const exceptions = unless.length > 0 ? `, unless \`${unless.join("` or `")}\` is given` : "";
  return `x86_64${when ? ` where \`${when.path}\` is ${when.equals}` : ""}${exceptions}`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (require.main === module) fs.writeFileSync(readme, withPolicies(fs.readFileSync(readme, "utf8")));
