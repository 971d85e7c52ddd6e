import * as fs from "node:fs";
import * as path from "node:path";
import type { Policy } from "@pulumi/policy";
import type { ArchitectureProperty } from "./architecture/rule";
import { architectureProperties } from "./architecture/rules";
import { createPolicies } from "./policies";

/** This folder's README.md; `npm run docs` generates the text between the marks. */
export const readme = path.join(__dirname, "README.md");

const marks = /(<!-- policies -->\n)[\s\S]*(<!-- end of policies -->)/;

/** The text with an up-to-date list of policies. */
export function withPolicies(text: string): string {
  return text.replace(marks, (_, begin, end) => `${begin}\n${listPolicies()}\n\n${end}`);
}

function listPolicies(): string {
  const heads = ["| Policy | Level | Severity | Requirement | Settings |", "| --- | --- | --- | --- | --- |"];
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
    return `| \`${type}\` | [\`${path}\`](${source})${exceptionOf(property)} | ${policy} | ${whenMissing(property)} |`;
  });
  return [...heads, ...lines];
}

function exceptionOf({ except }: ArchitectureProperty): string {
  return except ? `, unless \`${except.path}\` begins with ${except.prefixes.join(" or ")}` : "";
}

function whenMissing({ missing }: ArchitectureProperty): string {
  if (!missing) return "";
  const { means = "x86_64", unless = [], when, given } = missing;
  const exceptions = unless.length > 0 ? `, unless \`${unless.join("` or `")}\` is given` : "";
  const values = when && [...when.isOneOf, ...(when.orMissing ? ["missing"] : [])];
  return `${means}${given ? ` if \`${given}\` is given` : ""}${when ? ` where \`${when.path}\` is ${values?.join(" or ")}` : ""}${exceptions}`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (require.main === module) fs.writeFileSync(readme, withPolicies(fs.readFileSync(readme, "utf8")));
