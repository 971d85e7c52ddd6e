import { tryJson } from "../documents";
import { ProgramError } from "../errors";
import { nearest } from "../nearest";
import { checkAwsConfig } from "../provider/checkConfig";
import { fullKey, type Project, shortKey } from "./project";
import {
  type Declaration,
  isOfType,
  isSecret,
  readDeclarations,
  type Settings,
  settingOf,
  shown,
  typeName,
} from "./settings";
import { chooseStack, readStackSettings, stackFile } from "./stack";

/** A stack's configuration, as a program receives it. */
export interface StackConfig {
  stack: string;
  /** Full keys (`project:key`) to text; structured values are JSON. */
  values: Record<string, string>;
  secretKeys: string[];
  /** The secret texts themselves, in clear: a structured value may have several. */
  secretTexts: string[];
  /** The region of the default AWS provider, if it is configured. */
  region?: string;
  /** About what is ignored, or is probably a mistake. */
  warnings: string[];
}

/**
 * Reads the stack's configuration: the project's, overridden by the stack's file, overridden by `overrides`.
 * @param stack If absent, `dev` if it has a file, else the only stack that has one; `dev` if none has
 * @param overrides Keys without a namespace belong to the project
 * @param options With `placeholders`, text stands for secrets that only a service or a key can decrypt
 * @throws ProgramError that lists every mistake the Pulumi CLI would refuse; its diagnostics are the warnings
 */
export function readConfig(
  project: Project,
  stack: string | undefined,
  overrides: Record<string, string>,
  { placeholders = false }: { placeholders?: boolean } = {},
): StackConfig {
  const name = chooseStack(project, stack);
  const file = stackFile(project, name);
  const { declarations, mistakes } = readDeclarations(project);
  const given = Object.fromEntries(Object.entries(overrides).map(([key, text]) => [fullKey(project, key), text]));
  const stored = file
    ? readStackSettings(project, file, declarations, given, placeholders)
    : { settings: {}, mistakes: [], warnings: [], closed: [] };
  const known = { ...declaredSettings(declarations), ...stored.settings };
  const settings = { ...known, ...givenSettings(given, declarations, known) };
  const aws = checkAws(project, settings);
  const wrong = [
    ...mistakes,
    ...stored.mistakes,
    ...wrongTypes(declarations, settings),
    ...aws.mistakes,
    ...missing(project, name, declarations, [...Object.keys(settings), ...stored.closed]),
  ];
  const warnings = [...stored.warnings, ...misspelt(project, declarations, settings), ...aws.warnings];
  if (wrong.length > 0) {
    const lines = wrong.map((mistake) => `  ${mistake}`);
    throw new ProgramError(
      `The configuration in ${file ?? project.file} is invalid:\n${lines.join("\n")}`,
      warnings.map((message) => ({ severity: "warning", message })),
    );
  }
  const { region } = regionOf(settings);
  return {
    stack: name,
    values: Object.fromEntries(Object.entries(settings).map(([key, { text }]) => [key, text])),
    secretKeys: Object.keys(settings).filter((key) => isSecret(settings[key])),
    secretTexts: Object.values(settings).flatMap(({ secrets }) => secrets),
    ...(region && { region }),
    warnings,
  };
}

type Declarations = Map<string, Declaration>;

function declaredSettings(declarations: Declarations): Settings {
  const valued = [...declarations].filter(([, { value }]) => value !== undefined);
  return Object.fromEntries(valued.map(([key, { value, secret }]) => [key, settingOf(value, "Pulumi.yaml", secret)]));
}

/** A value that replaces a secret is secret too. Arrays and objects are given as JSON. */
function givenSettings(given: Record<string, string>, declarations: Declarations, known: Settings): Settings {
  const entries = Object.entries(given).map(([key, text]) => {
    const { type, secret = false } = declarations.get(key) ?? {};
    const setting = settingOf(text, "--config", secret || isSecret(known[key]));
    return [key, type === "array" || type === "object" ? { ...setting, value: tryJson(text) } : setting];
  });
  return Object.fromEntries(entries);
}

function wrongTypes(declarations: Declarations, settings: Settings): string[] {
  return [...declarations].flatMap(([key, { type, items }]) => {
    const setting = settings[key];
    if (!setting || isOfType(type, items, setting.value)) return [];
    return `"${key}" in ${setting.source} must be of type ${typeName(type, items)}, but is ${shown(setting)}`;
  });
}

function missing(project: Project, stack: string, declarations: Declarations, known: string[]): string[] {
  const keys = [...declarations].filter(([key]) => !known.includes(key) && key.startsWith(`${project.name}:`));
  if (keys.length === 0) return [];
  const where = `Pulumi.${stack}.yaml under "config:", or give --config KEY=VALUE`;
  return [
    `missing configuration of stack "${stack}" (write it in ${where}):`,
    ...keys.map(([key, { type = "string", description }]) => {
      return `  "${key}" (${type}${description ? `: ${description}` : ""})`;
    }),
  ];
}

/**
 * Warnings about keys that look like a misspelt declared one. Other undeclared keys are fine: an optional key without a
 * default cannot be declared.
 */
function misspelt(project: Project, declarations: Declarations, settings: Settings): string[] {
  const own = [...declarations.keys()].filter((key) => key.startsWith(`${project.name}:`));
  const names = own.map((key) => shortKey(project, key));
  return Object.entries(settings).flatMap(([key, { source }]) => {
    if (declarations.has(key)) return [];
    const [namespace = "", name = ""] = key.split(":");
    const isOwn = namespace === project.name;
    const meant = isOwn
      ? nearest(name, names)
      : nearest(namespace, [project.name]) && names.find((one) => one === name);
    if (!meant) return [];
    return `"${key}" in ${source} is not declared in Pulumi.yaml: did you mean "${project.name}:${meant}"?`;
  });
}

/** The real provider reads the region from the environment too. */
function regionOf(settings: Settings): { region?: string; source: string } {
  const configured = settings["aws:region"];
  if (configured?.text) return { region: configured.text, source: `"aws:region" in ${configured.source}` };
  const variable = ["AWS_REGION", "AWS_DEFAULT_REGION"].find((name) => process.env[name]);
  const region = variable && process.env[variable];
  return { ...(region && { region }), source: `${variable} in the environment` };
}

function checkAws(project: Project, settings: Settings): { mistakes: string[]; warnings: string[] } {
  const own = Object.entries(settings).filter(([key]) => key.startsWith("aws:"));
  const config = Object.fromEntries(own.map(([key, { text }]) => [key.slice("aws:".length), text]));
  const { region, source } = regionOf(settings);
  const failures = checkAwsConfig({ ...config, region }, project.workingDirectory);
  const messages = (refused: boolean) =>
    failures
      .filter((failure) => failure.refused === refused)
      .map(({ property, reason }) => {
        const where = property === "region" ? source : `"aws:${property}" in ${settings[`aws:${property}`]?.source}`;
        return `${where} ${reason}`;
      });
  return { mistakes: messages(true), warnings: messages(false) };
}
