import type { Finding, ResourceRule, Subject } from "../lib/rule";
import { isGiven, known, type Reading, read } from "../lib/values";
import { judge } from "./judge";
import { architecturePolicies } from "./metadata";
import type { ArchitectureProperty } from "./property";
import { remediations } from "./remediations";
import { architectureProperties } from "./table";

/** The rules that the table of architecture properties makes: one for each policy that it names. */
export const architectureRules: ResourceRule[] = Object.entries(architecturePolicies).map(([name, metadata]) => ({
  name,
  ...metadata,
  practice: "SUS05-BP02",
  ...remediations[name],
  checkResource: (subject) => propertiesOf(name, subject.type).flatMap((property) => inspect(property, subject)),
}));

function propertiesOf(policy: string, type: string): ArchitectureProperty[] {
  return architectureProperties.filter((property) => property.policy === policy && property.type === type);
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
      return isX86WhenMissing(property, props) ? { message: missing(path, property) } : undefined;
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

function isX86WhenMissing({ missing }: ArchitectureProperty, props: object): boolean {
  if (!missing) return false;
  const { unless = [], when } = missing;
  if (unless.some((path) => isGiven(props, path))) return false;
  if (when === undefined) return true;
  return read(props, when.path).some((reading) =>
    reading.state === "known"
      ? when.isOneOf.includes(String(reading.value))
      : reading.state === "missing" && when.orMissing,
  );
}

function missing(path: string, { missing }: ArchitectureProperty): string {
  return `${path} is missing, which means x86_64: write ${missing?.write}.`;
}
