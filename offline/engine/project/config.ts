import * as fs from "node:fs";
import * as path from "node:path";
import { ProgramError } from "../errors";
import type { Project } from "./project";
import { PassphraseDecrypter, readPassphrase } from "./secrets";
import { isYamlMap, readYaml, type YamlMap } from "./yaml";

/** A stack's configuration, as a program receives it. */
export interface StackConfig {
  stack: string;
  /** Full keys (`project:key`) to text; structured values are JSON. */
  values: Record<string, string>;
  secretKeys: string[];
  /** The encrypted texts themselves: a structured value may have several. */
  secretTexts: string[];
  /** What could not be honoured. */
  warnings: string[];
}

/**
 * Reads the stack's configuration: what the project says, then the stack's file, then `overrides`.
 * @param stack Default: `dev` if its file is there, else the only stack there is; `dev` when there is no stack file.
 * @param overrides Keys without a namespace belong to the project.
 * @throws ProgramError with every mistake there is.
 */
export function readConfig(
  project: Project,
  stack: string | undefined,
  overrides: Record<string, string>,
): StackConfig {
  const name = chooseStack(project, stack);
  const file = stackFile(project, name);
  const yaml = file ? readYaml(file) : {};
  const given = readGiven(project, overrides);
  const mistakes: string[] = [];
  const stored = { ...readDeclared(project, mistakes), ...readStack(project, yaml, given, mistakes) };
  for (const [key, setting] of Object.entries(given)) setting.secret ||= stored[key]?.secret ?? false;
  const found = { ...stored, ...given };
  checkTypes(project, found, mistakes);
  const missing = missingKeys(project, found);
  if (missing.length > 0) {
    const where = `Pulumi.${name}.yaml under "config:", or give --config KEY=VALUE`;
    mistakes.push(`missing configuration of stack "${name}" (write it in ${where}):`, ...missing);
  }
  if (mistakes.length > 0) {
    const lines = mistakes.map((mistake) => `  ${mistake}`);
    throw new ProgramError(`The configuration of ${file ?? project.file} is not right:\n${lines.join("\n")}`);
  }
  return {
    stack: name,
    values: Object.fromEntries(Object.entries(found).map(([key, { text }]) => [key, text])),
    secretKeys: Object.keys(found).filter((key) => found[key]?.secret),
    secretTexts: Object.values(found).flatMap(({ secret, text, opened }) => (secret ? (opened ?? [text]) : [])),
    warnings: yaml.environment ? [`${file}: "environment" is not read here; give its values with --config`] : [],
  };
}

interface Setting {
  text: string;
  secret: boolean;
  /** The texts within it that were encrypted. @default all of it, when it is secret */
  opened?: string[];
  /** Where it was written, for messages. */
  source: string;
}
type Settings = Record<string, Setting>;

function listStacks(project: Project): string[] {
  const files = fs.existsSync(project.stackDirectory) ? fs.readdirSync(project.stackDirectory) : [];
  return files.flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? []);
}

function chooseStack(project: Project, wanted: string | undefined): string {
  const stacks = listStacks(project);
  const [first = "dev", ...others] = stacks;
  if (wanted === undefined) {
    if (stacks.includes("dev") || stacks.length === 0) return "dev";
    if (others.length === 0) return first;
    throw new ProgramError(`Which stack? Give --stack with one of: ${stacks.join(", ")}.`);
  }
  // A stack's full name is organization/project/stack.
  const name = wanted.slice(wanted.lastIndexOf("/") + 1);
  if (stacks.length === 0 || stacks.includes(name)) return name;
  throw new ProgramError(`There is no stack "${name}" in ${project.stackDirectory}. There is: ${stacks.join(", ")}.`);
}

function stackFile(project: Project, stack: string): string | undefined {
  const candidates = [`Pulumi.${stack}.yaml`, `Pulumi.${stack}.yml`];
  return candidates.map((name) => path.join(project.stackDirectory, name)).find((file) => fs.existsSync(file));
}

function fullKey(project: Project, key: string): string {
  const named = key.replace(/^([^:]+):config:/, "$1:");
  return named.includes(":") ? named : `${project.name}:${named}`;
}

function readGiven(project: Project, overrides: Record<string, string>): Settings {
  const entries = Object.entries(overrides).map(([key, text]) => [
    fullKey(project, key),
    { text, secret: isDeclaredSecret(project, key), source: "--config" },
  ]);
  return Object.fromEntries(entries);
}

function isDeclaredSecret(project: Project, key: string): boolean {
  const declared = Object.entries(project.config).find(([name]) => fullKey(project, name) === fullKey(project, key));
  return isYamlMap(declared?.[1]) && declared[1].secret === true;
}

/** Values and defaults that Pulumi.yaml gives. A plain value, or one of another namespace's `value`, holds for every stack. */
function readDeclared(project: Project, mistakes: string[]): Settings {
  const settings: Settings = {};
  for (const [key, declared] of Object.entries(project.config)) {
    const isForeign = key.includes(":") && !key.startsWith(`${project.name}:`);
    if (isForeign && isYamlMap(declared) && (declared.type ?? declared.default) !== undefined) {
      mistakes.push(`"${key}" of Pulumi.yaml belongs to another namespace: give it a "value", not a type or default`);
    }
    const value = isYamlMap(declared) ? (declared.value ?? declared.default) : declared;
    const secret = isDeclaredSecret(project, key);
    if (value !== undefined && value !== null) {
      settings[fullKey(project, key)] = { text: toText(value), secret, source: "Pulumi.yaml" };
    }
  }
  return settings;
}

/** The stack file's values; one that `given` replaces is not decrypted. */
function readStack(project: Project, yaml: YamlMap, given: Settings, mistakes: string[]): Settings {
  const passphrase = readPassphrase(process.env);
  const salt = typeof yaml.encryptionsalt === "string" ? yaml.encryptionsalt : undefined;
  const decrypter = passphrase !== undefined && salt ? new PassphraseDecrypter(passphrase, salt) : undefined;
  const settings: Settings = {};
  const config = yaml.config ?? {};
  if (!isYamlMap(config)) mistakes.push(`"config" must be a map of keys`);
  for (const [name, value] of Object.entries(isYamlMap(config) ? config : {})) {
    const key = fullKey(project, name);
    if (value === null) continue;
    const opened: string[] = [];
    const plain = openSecrets(value, (sealed) => {
      const text = given[key]
        ? ""
        : decryptOr(decrypter, sealed, (reason) => {
            const shortKey = key.startsWith(`${project.name}:`) ? key.slice(project.name.length + 1) : key;
            mistakes.push(`"${key}" is encrypted and ${reason}: give it with --config ${shortKey}=VALUE`);
          });
      opened.push(text);
      return text;
    });
    const secret = opened.length > 0 || isDeclaredSecret(project, key);
    settings[key] = {
      text: toText(plain),
      secret,
      ...(opened.length > 0 && { opened }),
      source: "the stack's file",
    };
  }
  return settings;
}

function decryptOr(decrypter: PassphraseDecrypter | undefined, sealed: string, fail: (reason: string) => void): string {
  if (!decrypter) {
    fail("PULUMI_CONFIG_PASSPHRASE is not set (other secrets providers are not asked)");
    return "";
  }
  try {
    return decrypter.decrypt(sealed);
  } catch (error) {
    fail(`cannot be decrypted (${error instanceof Error ? error.message : error})`);
    return "";
  }
}

/** `{ secure: text }` stands for a secret, at any depth. */
function openSecrets(value: unknown, open: (sealed: string) => string): unknown {
  if (Array.isArray(value)) return value.map((element) => openSecrets(element, open));
  if (!isYamlMap(value)) return value;
  if (typeof value.secure === "string" && Object.keys(value).length === 1) return open(value.secure);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, openSecrets(inner, open)]));
}

function toText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function missingKeys(project: Project, found: Settings): string[] {
  return Object.entries(project.config)
    .filter(([key, declared]) => isYamlMap(declared) && !found[fullKey(project, key)])
    .map(([key, declared]) => {
      const { type = "string", description } = declared as YamlMap;
      return `  "${fullKey(project, key)}" (${type}${description ? `: ${description}` : ""})`;
    });
}

const typeChecks: Record<string, (text: string) => boolean> = {
  string: () => true,
  integer: (text) => /^[-+]?\d+$/.test(text),
  boolean: (text) => text === "true" || text === "false",
  array: (text) => Array.isArray(parseJson(text)),
  object: (text) => isYamlMap(parseJson(text)),
};

function checkTypes(project: Project, found: Settings, mistakes: string[]): void {
  for (const [name, declared] of Object.entries(project.config)) {
    if (!isYamlMap(declared) || declared.type === undefined) continue;
    const key = fullKey(project, name);
    const setting = found[key];
    const check = typeChecks[String(declared.type)];
    if (!check) mistakes.push(`"${key}" of Pulumi.yaml has the unknown type "${declared.type}"`);
    else if (setting && !check(setting.text)) {
      const shown = setting.secret ? "[secret]" : JSON.stringify(setting.text);
      mistakes.push(`"${key}" in ${setting.source} must be of type ${declared.type}, but is ${shown}`);
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
