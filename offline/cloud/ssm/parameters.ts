import type { Graph } from "../../engine/graph";
import { ownArn } from "../core/arns";
import { AwsError } from "../core/awsError";
import { compare } from "../core/changes";
import { asNumber, asStrings, asText, ownResources, type PlainResource } from "../core/resources";
import type { Change } from "../core/types";

/** A version of a parameter. */
export interface Parameter {
  name: string;
  arn: string;
  type: "String" | "StringList" | "SecureString";
  value: string;
  version: number;
  /** Milliseconds since 1970. */
  modifiedAt: number;
  tier: string;
  dataType: string;
  description?: string;
  allowedPattern?: string;
  keyId?: string;
  tags: Record<string, string>;
}

interface Definition extends Omit<Parameter, "modifiedAt"> {
  /** Of a write-only value: another value counts once this changes. */
  writeOnlyVersion?: number;
}

/** The newest versions that are kept, as AWS keeps them. */
const KEPT_VERSIONS = 100;

/** The program's parameters and those that were put, each with its versions, the newest last. */
export class Parameters {
  private readonly versions = new Map<string, Parameter[]>();
  private definitions: Definition[] = [];
  private region = "";

  /** The newest versions, by name. */
  get all(): Parameter[] {
    return [...this.versions.values()].flatMap((versions) => versions.slice(-1)).sort(byName);
  }

  /** What was put since the program gave a value stays until the program gives another one. */
  reconcile(graph: Graph): Change[] {
    const next = ownResources(graph, "aws:ssm/parameter:Parameter").map((resource) =>
      this.keepWriteOnly(readParameter(resource)),
    );
    const changes = compare("parameter", this.definitions, next);
    const old = new Map(this.definitions.map((one) => [one.name, JSON.stringify(one)]));
    const names = new Set(next.map(({ name }) => name));
    for (const name of old.keys()) if (!names.has(name)) this.versions.delete(name);
    for (const definition of next) {
      if (old.get(definition.name) !== JSON.stringify(definition)) this.add(definition);
    }
    this.definitions = next;
    this.region = graph.region;
    return changes;
  }

  /**
   * @param reference a name or ARN, perhaps with `:version`
   * @throws AwsError if there is no such parameter or version
   */
  find(reference: string): { parameter: Parameter; selector?: string } {
    const [, path = reference, selector] =
      /^(?:arn:[^:]*:ssm:[^:]*:[^:]*:parameter)?([^:]*)(:[^:]+)?$/.exec(reference) ?? [];
    const versions =
      this.versions.get(path) ?? (reference.startsWith("arn:") ? this.versions.get(path.slice(1)) : undefined);
    const newest = versions?.at(-1);
    if (!versions || !newest) throw new AwsError("ParameterNotFound", this.missing(reference));
    if (selector === undefined) return { parameter: newest };
    const parameter = versions.find(({ version }) => `:${version}` === selector);
    if (parameter) return { parameter, selector };
    const message = `Systems Manager could not find version ${selector.slice(1)} of ${path}. Verify the version and try again.`;
    throw new AwsError("ParameterVersionNotFound", message);
  }

  /** The newest version of a parameter by its plain name. */
  newest(name: string): Parameter | undefined {
    return this.versions.get(name)?.at(-1);
  }

  /** Adds a version. */
  put(parameter: Omit<Parameter, "arn" | "version" | "modifiedAt">): Parameter {
    const resource = `parameter/${parameter.name.replace(/^\//, "")}`;
    const arn = ownArn("ssm", this.region, resource);
    return this.add({ ...parameter, arn, version: 1 });
  }

  /** The definition with the value that a write-only parameter already has. */
  private keepWriteOnly(next: Definition): Definition {
    if (next.writeOnlyVersion === undefined) return next;
    const known = this.definitions.find(({ name }) => name === next.name);
    return known?.writeOnlyVersion === next.writeOnlyVersion ? { ...next, value: known.value } : next;
  }

  private add(definition: Definition): Parameter {
    const versions = this.versions.get(definition.name) ?? [];
    const version = versions.at(-1) ? Number(versions.at(-1)?.version) + 1 : definition.version;
    const parameter = { ...definition, version, modifiedAt: Date.now() };
    this.versions.set(definition.name, [...versions, parameter].slice(-KEPT_VERSIONS));
    return parameter;
  }

  /** AWS says nothing; names help whoever misspelt one. */
  private missing(name: string): string {
    const names = this.all.map((one) => one.name).join(", ") || "none";
    return `Parameter ${name} not found. The program has ${names}`;
  }
}

function byName(one: Parameter, other: Parameter): number {
  return one.name < other.name ? -1 : 1;
}

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/ssm/parameter/ */
function readParameter({ name, settings }: PlainResource): Definition {
  const writeOnly = asText(settings.valueWo);
  return {
    name: asText(settings.name) ?? name,
    // The name may begin with a slash.
    arn: (asText(settings.arn) ?? "").replace("parameter//", "parameter/"),
    type: (asText(settings.type) ?? "String") as Parameter["type"],
    value: asText(settings.value) || asText(settings.insecureValue) || writeOnly || "",
    ...(writeOnly && { writeOnlyVersion: asNumber(settings.valueWoVersion) ?? 0 }),
    version: asNumber(settings.version) || 1,
    tier: asText(settings.tier) || "Standard",
    dataType: asText(settings.dataType) || "text",
    description: asText(settings.description) || undefined,
    allowedPattern: asText(settings.allowedPattern) || undefined,
    keyId: settings.type === "SecureString" ? asText(settings.keyId) || DEFAULT_KEY : undefined,
    tags: asStrings(settings.tagsAll ?? settings.tags),
  };
}

export const DEFAULT_KEY = "alias/aws/ssm";
