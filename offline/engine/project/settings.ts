import { isYamlMap, type YamlMap } from "../documents";
import { nearest } from "../nearest";
import { fullKey, type Project } from "./project";

/** A key's declaration in Pulumi.yaml. @see https://www.pulumi.com/docs/iac/concepts/projects/project-file/#config-options */
export interface Declaration {
  type?: string;
  items?: unknown;
  description?: string;
  secret: boolean;
  /** Its value for every stack, or its default. */
  value?: unknown;
}

const properties = ["type", "items", "description", "secret", "default", "value"];
const types = ["string", "integer", "boolean", "array", "object"];

/** The declarations in Pulumi.yaml, by full key. Plain values, and `value` in another namespace, apply to every stack. */
export function readDeclarations(project: Project): { declarations: Map<string, Declaration>; mistakes: string[] } {
  const declarations = new Map<string, Declaration>();
  const mistakes: string[] = [];
  for (const [name, given] of Object.entries(project.config)) {
    const key = fullKey(project, name);
    const declared: YamlMap = isYamlMap(given) ? given : { value: given };
    const { type, items, description, secret, value = declared.default } = declared;
    declarations.set(key, {
      ...(type !== undefined && { type: String(type) }),
      ...(description !== undefined && { description: String(description) }),
      items,
      secret: secret === true,
      value: value ?? undefined,
    });
    const why = isYamlMap(given) ? mistakesOf(given, !key.startsWith(`${project.name}:`)) : [];
    mistakes.push(...why.map((mistake) => `"${key}" in Pulumi.yaml ${mistake}`));
  }
  return { declarations, mistakes };
}

function mistakesOf(given: YamlMap, isForeign: boolean): string[] {
  const unknown = Object.keys(given).filter((name) => !properties.includes(name));
  const mistakes = unknown.map((name) => {
    const meant = nearest(name, properties);
    const instead = meant ? `did you mean "${meant}"?` : `the known ones are ${properties.join(", ")}`;
    return `has the unknown property "${name}": ${instead}`;
  });
  if (isForeign && (given.value === undefined || given.type !== undefined)) {
    mistakes.push('belongs to another namespace: give it a "value", not a type or default');
  }
  if (given.default !== undefined && given.value !== undefined) mistakes.push('has both a "default" and a "value"');
  if (given.type !== undefined && !types.includes(String(given.type))) {
    mistakes.push(`has the unknown type "${given.type}"`);
  }
  if (given.type === "array" && !isYamlMap(given.items)) {
    mistakes.push('is an array without "items": give the type of its elements, such as "items: { type: string }"');
  }
  return mistakes;
}

/** True when a value from YAML or JSON, or its text, is of the type. */
export function isOfType(type: unknown, items: unknown, value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return ["string", "number"].includes(typeof value) && /^[-+]?\d+$/.test(String(value));
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object":
      return isYamlMap(value);
    case "array":
      if (!Array.isArray(value)) return false;
      return !isYamlMap(items) || value.every((element) => isOfType(items.type, items.items, element));
    default:
      return true;
  }
}

/** Such as `array of integer`. */
export function typeName(type: unknown, items: unknown): string {
  return isYamlMap(items) ? `${type} of ${typeName(items.type, items.items)}` : String(type);
}

/** One value of the configuration. */
export interface Setting {
  /** What the program receives; a structured value is JSON. */
  text: string;
  /** The value as written, with its type. */
  value: unknown;
  /** Where it was written, for messages. */
  source: string;
  /** The secret texts in it, if any. */
  secrets: string[];
}

/** By full key, `project:key`. */
export type Settings = Record<string, Setting>;

/** @param secrets The secret texts in the value; true if all of it is secret */
export function settingOf(value: unknown, source: string, secrets: string[] | boolean): Setting {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return { text, value, source, secrets: secrets === true ? [text] : secrets || [] };
}

export function isSecret(setting: Setting | undefined): boolean {
  return setting !== undefined && setting.secrets.length > 0;
}

/** The value as messages show it. */
export function shown(setting: Setting): string {
  return isSecret(setting) ? "[secret]" : JSON.stringify(setting.text);
}
