import type { Finding, ResourceRule, Subject } from "../lib/rule";
import { isGiven, known, type Reading, read } from "../lib/values";
import { judge, type Kind } from "./judge";

/** What a property does not share with others of its kind. */
interface Details {
  /**
   * Where it is: names joined by dots, `[]` after the name of a list (the path goes on in each element), `{}` after that of
   * a JSON document in a string, `*` for every key of a map. `architectures[]`,
   * `containerProperties{}.runtimePlatform.cpuArchitecture`.
   */
  path: string;
  /** Present if leaving the property out selects something other than Graviton. */
  missing?: {
    /** What that selects. @default "x86_64" */
    means?: string;
    /** Paths that decide instead if one of them is given. */
    unless?: string[];
    /** Only if the value at that path (of any element) is one of these, or is missing too. */
    when?: { path: string; isOneOf: string[]; orMissing?: boolean };
    /** Only if something is given at that path. */
    given?: string;
    write: string;
  };
  /** Present where a part of the service has no Graviton: nothing is demanded where the value at that path begins so. */
  except?: { path: string; prefixes: string[] };
  /** True for a list of what something is made for, not of what it may run on: one arm64 among others will do. */
  isAnyEnough?: boolean;
}

/** One property of one resource type that says which processor something runs on. */
export interface ArchitectureProperty extends Details {
  /** The policy that judges it, such as `lambda-arm64`. */
  policy: string;
  /** The resource's type token, such as `aws:lambda/function:Function`. */
  type: string;
  kind: Kind;
  /** The page of AWS's documentation that says so. */
  source: string;
}

/** Where a type of resource names the image of its machine, or leaves the choice of the machine to others. */
export interface Machine {
  /** Properties that name a machine image. */
  images?: string[];
  /** Properties that leave the choice of the machine to a launch template. */
  launchTemplates?: string[];
}

export interface ArchitectureRuleArgs extends Omit<ResourceRule, "practice" | "checkResource"> {
  /** A check of what no single property shows. */
  alsoCheck?(subject: Subject): Finding[];
  properties: Omit<ArchitectureProperty, "policy">[][];
  /** By resource type; see the policy image-architecture. */
  machines?: Record<string, Machine>;
}

/** A rule that finds x86 in the properties of resources that say which processor something runs on. */
export interface ArchitectureRule extends ResourceRule {
  properties: ArchitectureProperty[];
  machines: Record<string, Machine>;
}

export function architectureRule({
  properties,
  machines = {},
  alsoCheck,
  ...rule
}: ArchitectureRuleArgs): ArchitectureRule {
  const rows = properties.flat().map((property) => ({ policy: rule.name, ...property }));
  return {
    ...rule,
    practice: "SUS05-BP02",
    properties: rows,
    machines,
    checkResource: (subject) => [
      ...rows.filter(({ type }) => type === subject.type).flatMap((property) => inspect(property, subject)),
      ...(alsoCheck?.(subject) ?? []),
    ],
  };
}

/** By resource type: paths, alone or with what is particular to them. */
export type Paths = Record<string, (string | Details)[]>;

/** Properties that share a kind and a page of documentation. */
export function ofKind(kind: Kind, source: string, paths: Paths): ArchitectureRuleArgs["properties"][number] {
  return Object.entries(paths).flatMap(([type, ofType]) =>
    ofType.map((path) => ({ type, kind, source, ...(typeof path === "string" ? { path } : path) })),
  );
}

/** Whether a word for an architecture says x86_64, or says nothing where that means x86_64. */
export function isX86OrMissing(props: object, path: string): boolean {
  return read(props, path).every(
    (reading) => reading.state === "missing" || (reading.state === "known" && /^x86_64$/i.test(String(reading.value))),
  );
}

function inspect(property: ArchitectureProperty, subject: Subject): Finding[] {
  if (hasNoGraviton(property, subject.props)) return [];
  const readings = read(subject.props, property.path);
  const findings = readings.flatMap((reading) => inspectReading(property, reading, subject) ?? []);
  if (!property.isAnyEnough) return findings;
  if (findings.length < readings.length) return [];
  const uncertain = findings.filter(({ isUncertain }) => isUncertain);
  return uncertain.length > 0 ? uncertain : findings;
}

function inspectReading(property: ArchitectureProperty, reading: Reading, { props }: Subject): Finding | undefined {
  const { path } = reading;
  switch (reading.state) {
    case "unknown":
      return { message: `${path} is known only after the deployment.`, isUncertain: true };
    case "unreadable":
      return { message: `${path} ${reading.problem}.` };
    case "missing":
      return matters(property, props) ? { message: missing(path, property) } : undefined;
    case "known": {
      const fault = judge(property.kind, reading.value);
      return fault && { message: `${path} ${fault.problem}`, ...(fault.isUncertain && { isUncertain: true }) };
    }
  }
}

function hasNoGraviton({ except }: ArchitectureProperty, props: object): boolean {
  if (!except) return false;
  const [value = ""] = known(props, except.path);
  return except.prefixes.some((prefix) => String(value).toLowerCase().startsWith(prefix));
}

function matters({ missing }: ArchitectureProperty, props: object): boolean {
  if (!missing) return false;
  const { unless = [], when, given } = missing;
  if (unless.some((path) => isGiven(props, path)) || (given && !isGiven(props, given))) return false;
  if (when === undefined) return true;
  return read(props, when.path).some((reading) =>
    reading.state === "known"
      ? when.isOneOf.includes(String(reading.value))
      : reading.state === "missing" && when.orMissing,
  );
}

function missing(path: string, { missing }: ArchitectureProperty): string {
  return `${path} is missing, which means ${missing?.means ?? "x86_64"}: write ${missing?.write}.`;
}
