import type { Ajv, ValidateFunction } from "ajv";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { PolicyFailure } from "../graph";

export const levels = ["advisory", "mandatory", "disabled", "remediate"] as const;
export type Level = (typeof levels)[number];

type Properties = Record<string, JavaScriptValue>;

export interface PolicySettings {
  level: Level;
  properties: Properties;
}

/** What a pack says of one of its policies. */
export interface Policy {
  name: string;
  level: Level;
  severity?: "low" | "medium" | "high" | "critical";
  /** JSON schemas of what it can be configured with. */
  schema?: { properties: Properties; required: string[] };
}

export interface GivenSettings {
  level?: Level;
  properties: Properties;
}

/** What a pack's configuration file says, without what is wrong in it. */
export interface FileSettings {
  /** Absent when there is none. */
  path?: string;
  policies: Map<string, GivenSettings>;
  mistakes: PolicyFailure[];
  warnings: string[];
}

export interface Merged {
  settings: Map<string, PolicySettings>;
  mistakes: PolicyFailure[];
}

/**
 * Each policy's settings: its own, the defaults of its schema, then what the pack's author and the file say; what either
 * says of "all" goes before what it says of the policy. A policy whose configuration its schema refuses does without the
 * file's; its level stays.
 * @see https://www.pulumi.com/docs/insights/policy/policy-packs/configuration/
 */
export function mergeSettings(policies: Policy[], author: Map<string, GivenSettings>, file: FileSettings): Merged {
  const settings = new Map<string, PolicySettings>();
  const mistakes: PolicyFailure[] = [];
  for (const policy of policies) {
    const own = { level: policy.level, properties: defaultsOf(policy) };
    const before = apply(own, policy.name, author);
    const merged = apply(before, policy.name, file.policies);
    const refused = refusals(policy, merged.properties);
    const where = file.path ? `${file.path}: ` : "";
    for (const why of refused) mistakes.push({ policy: policy.name, message: `${where}"${policy.name}": ${why}` });
    settings.set(policy.name, refused.length > 0 ? { ...merged, properties: before.properties } : merged);
  }
  return { settings, mistakes };
}

function defaultsOf({ schema }: Policy): Properties {
  const entries = Object.entries(schema?.properties ?? {}).map(([key, property]) => [
    key,
    (property as Properties | null)?.default,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function apply(before: PolicySettings, name: string, given: Map<string, GivenSettings>): PolicySettings {
  const own = given.get(name);
  return {
    level: own?.level ?? given.get("all")?.level ?? before.level,
    properties: { ...before.properties, ...own?.properties },
  };
}

/** What the policy's schema has against the properties. */
function refusals({ schema }: Policy, properties: Properties): string[] {
  if (!schema) return [];
  try {
    const validate = compile(JSON.stringify({ type: "object", ...schema }));
    validate(properties);
    return (validate.errors ?? []).map(({ instancePath, message }) => {
      const property = instancePath.slice(1).replaceAll("/", ".");
      return property ? `"${property}" ${message}.` : `its configuration ${message}.`;
    });
  } catch (error) {
    return [`the pack's schema of its configuration is wrong: ${error instanceof Error ? error.message : error}`];
  }
}

let ajv: Ajv | undefined;
/** By schema: a pack's policies often have the same one. */
const validators = new Map<string, ValidateFunction>();

function compile(schema: string): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  ajv ??= createAjv();
  const validate = ajv.compile(JSON.parse(schema));
  validators.set(schema, validate);
  return validate;
}

/** Loaded when needed: few policies can be configured. */
function createAjv(): Ajv {
  const { Ajv } = require("ajv") as typeof import("ajv");
  return new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
}
