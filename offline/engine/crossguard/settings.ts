import type { Ajv, ValidateFunction } from "ajv";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { messageOf } from "../errors";
import type { PolicyFailure } from "../graph";

export const levels = ["advisory", "mandatory", "disabled", "remediate"] as const;
export type Level = (typeof levels)[number];

type Properties = Record<string, JavaScriptValue>;

export interface PolicySettings {
  level: Level;
  properties: Properties;
}

/** One of a pack's policies, as the pack describes it. */
export interface Policy {
  name: string;
  level: Level;
  severity?: "low" | "medium" | "high" | "critical";
  /** JSON schemas of its configuration. */
  schema?: { properties: Properties; required: string[] };
}

export interface GivenSettings {
  level?: Level;
  properties: Properties;
}

/** The valid part of a pack's configuration file, and the mistakes in the rest. */
export interface FileSettings {
  /** Absent if there is no file. */
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
 * Each policy's settings: its own level and its schema's defaults, overridden by the pack's author, and then by the file.
 * Each of the two may have a level for "all", which one for the policy overrides. If the schema refuses a policy's
 * configuration, the file's properties are ignored and the level is kept.
 * @see https://www.pulumi.com/docs/insights/policy/policy-packs/configuration/
 */
export function mergeSettings(policies: Policy[], author: Map<string, GivenSettings>, file: FileSettings): Merged {
  const settings = new Map<string, PolicySettings>();
  const mistakes: PolicyFailure[] = [];
  for (const policy of policies) {
    const own = { level: policy.level, properties: defaultsOf(policy) };
    const before = apply(own, policy.name, author);
    const merged = apply(before, policy.name, file.policies);
    const isConfigured = [author, file.policies].some(
      (given) => Object.keys(given.get(policy.name)?.properties ?? {}).length,
    );
    const isComplete = (policy.schema?.required ?? []).every((key) => key in merged.properties);
    // Compiling a schema takes milliseconds, and a pack has dozens: its own defaults need no check.
    const refused = isConfigured || !isComplete ? refusals(policy, merged.properties) : [];
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

/** The errors that the policy's schema finds in the properties. */
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
    return [`the pack's schema for its configuration is invalid: ${messageOf(error)}`];
  }
}

let ajv: Ajv | undefined;
/** By schema: a pack's policies often share one. */
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
