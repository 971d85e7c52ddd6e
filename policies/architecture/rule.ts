import type { Finding, ResourceRule, Subject } from "../lib/rule";
import { isGiven, known, type Reading, read } from "../lib/values";
import { judge, type Kind } from "./judge";

/** What distinguishes a property from others of its kind. */
interface Details {
  /**
   * Where it is: names joined by dots, with `[]` after a list (the path continues in each element), `{}` after a JSON
   * document in a string, and `*` for every key of a map, such as `architectures[]` or
   * `containerProperties{}.runtimePlatform.cpuArchitecture`.
   */
  path: string;
  /** Set if leaving the property out selects something other than Graviton. */
  missing?: {
    /** What is selected then. @default "x86_64" */
    means?: string;
    /** Does not apply if there is a value at one of these paths, which then decides. */
    unless?: string[];
    /** Applies only if the value at that path (of any element) is one of these or, with `orMissing`, is missing too. */
    when?: { path: string; isOneOf: string[]; orMissing?: boolean };
    /** Applies only if there is a value at that path. */
    given?: string;
    write: string;
  };
  /** Set if part of the service does not offer Graviton: values at that path with these prefixes are not judged. */
  except?: { path: string; prefixes: string[] };
  /** True for a list of the platforms that something supports, of which one must be arm64. @default false */
  isAnyEnough?: boolean;
}

/** A property of a resource type that selects the processor. */
export interface ArchitectureProperty extends Details {
  /** The policy that judges it, such as `lambda-arm64`. */
  policy: string;
  /** The resource's type token, such as `aws:lambda/function:Function`. */
  type: string;
  kind: Kind;
  /** The page of AWS's documentation that describes the property. */
  source: string;
}

/** Where a resource type names its machine's image, or leaves the choice of the machine to a launch template. */
export interface Machine {
  /** Properties that name a machine image. */
  images?: string[];
  /** Properties that leave the choice of the machine to a launch template. */
  launchTemplates?: string[];
}

export interface ArchitectureRuleArgs extends Omit<ResourceRule, "practice" | "checkResource"> {
  /** A check that involves several properties. */
  alsoCheck?(subject: Subject): Finding[];
  properties: Omit<ArchitectureProperty, "policy">[][];
  /** By resource type, for the policy `image-architecture`. */
  machines?: Record<string, Machine>;
}

/** A rule that finds x86 in the properties that select the processor. */
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

/** By resource type: paths, with details where they have any. */
export type Paths = Record<string, (string | Details)[]>;

/** Properties of the same kind that are described on the same page. */
export function ofKind(kind: Kind, source: string, paths: Paths): ArchitectureRuleArgs["properties"][number] {
  return Object.entries(paths).flatMap(([type, ofType]) =>
    ofType.map((path) => ({ type, kind, source, ...(typeof path === "string" ? { path } : path) })),
  );
}

/** Whether an architecture is x86_64, or is missing, which means x86_64. */
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
      return { message: `${path} is not known until deployment.`, isUncertain: true };
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
