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
  ...remediations[name],
  checkResource: (subject) => propertiesOf(name, subject.type).flatMap((property) => inspect(property, subject)),
}));

function propertiesOf(policy: string, type: string): ArchitectureProperty[] {
  return architectureProperties.filter((property) => property.policy === policy && property.type === type);
}

function inspect(property: ArchitectureProperty, subject: Subject): Finding[] {
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

function isX86WhenMissing({ missing }: ArchitectureProperty, props: object): boolean {
  if (!missing) return false;
  const { unless = [], when } = missing;
  if (unless.some((path) => isGiven(props, path))) return false;
  return when === undefined || known(props, when.path).includes(when.equals);
}

function missing(path: string, { missing }: ArchitectureProperty): string {
  return `${path} is missing, which means x86_64: write ${missing?.write}.`;
}
