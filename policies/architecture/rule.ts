import type { Finding, ResourceRule, Subject } from "../lib/rule";
import { note, unless, watch } from "../lib/unknowns";
import { holds, isGiven, type Reading, read } from "../lib/values";
import { judge, type Kind } from "./judge";

/** What leaving a property out means. */
interface MissingValue {
  /** What is selected then. @default "x86_64" */
  means?: string;
  /** Does not apply if there is a value at one of these paths, which then decides. */
  unless?: string[];
  /** Applies only if the value at that path (of any element) is one of these or, with `orMissing`, is missing too. */
  when?: { path: string; isOneOf: string[]; orMissing?: boolean };
  /** Applies only if there is a value at that path. */
  given?: string;
  write: string;
}

/** What distinguishes a property from others of its kind. */
interface Details {
  /**
   * Where it is: names joined by dots, with `[]` after a list (the path continues in each element), `{}` after a JSON
   * document in a string, and `*` for every key of a map, such as `architectures[]` or
   * `containerProperties{}.runtimePlatform.cpuArchitecture`.
   */
  path: string;
  /** Set if leaving the property out selects something other than Graviton. */
  missing?: MissingValue;
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

function inspect(property: ArchitectureProperty, { props }: Subject): Finding[] {
  return unless(
    () => hasNoGraviton(property, props),
    () => (property.isAnyEnough ? inspectAny(property, props) : inspectAll(property, props)),
  );
}

function inspectAll(property: ArchitectureProperty, props: object): Finding[] {
  return read(props, property.path).flatMap((reading) => inspectReading(property, reading, props));
}

/** Finds nothing if one element is right, or may be. */
function inspectAny(property: ArchitectureProperty, props: object): Finding[] {
  const { result: readings, unknowns } = watch(() => read(props, property.path));
  const findings = readings.flatMap((reading) => inspectReading(property, reading, props));
  if (findings.length + unknowns.length < readings.length) return [];
  note(unknowns);
  return unknowns.length > 0 ? [] : findings;
}

function inspectReading(property: ArchitectureProperty, reading: Reading, props: object): Finding[] {
  const { path } = reading;
  switch (reading.state) {
    case "unknown":
      return [];
    case "unreadable":
      return [{ message: `${path} ${reading.problem}.` }];
    case "missing":
      return unless(
        () => !property.missing || isDecidedElsewhere(property.missing, props),
        () => [{ message: missing(path, property) }],
      );
    case "known": {
      const fault = judge(property.kind, reading.value);
      return fault ? [{ message: `${path} ${fault.problem}`, ...(fault.isUncertain && { isUncertain: true }) }] : [];
    }
  }
}

function hasNoGraviton({ except }: ArchitectureProperty, props: object): boolean {
  if (!except) return false;
  const isExcepted = (value: unknown) =>
    except.prefixes.some((prefix) => String(value).toLowerCase().startsWith(prefix));
  return holds(props, except.path, isExcepted);
}

/** Whether leaving the property out selects nothing, because of other properties. */
function isDecidedElsewhere({ unless = [], when, given }: MissingValue, props: object): boolean {
  if (unless.some((path) => isGiven(props, path)) || (given && !isGiven(props, given))) return true;
  if (when === undefined || holds(props, when.path, (value) => when.isOneOf.includes(String(value)))) return false;
  return !(when.orMissing && read(props, when.path).some(({ state }) => state === "missing"));
}

function missing(path: string, { missing }: ArchitectureProperty): string {
  return `${path} is missing, which means ${missing?.means ?? "x86_64"}: write ${missing?.write}.`;
}
