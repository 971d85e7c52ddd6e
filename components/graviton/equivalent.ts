import { architectureOf, type InstanceType, parseInstanceType } from "./architecture";
import { sizesOf, vcpusOf } from "./families";
import { type Replacement, replacementOf } from "./replacements";
import { type Service, serviceOf } from "./services";

/** What to write instead of an x86 type. */
export interface Equivalent {
  /** A Graviton type that exists, in the form of the x86 one. */
  type: string;
  /** What differs, for a person to judge; unless one says so, vCPUs are the same and memory is no less. */
  caveats: string[];
}

/**
 * The Graviton type that replaces an x86 one: the same class, vCPUs and disks, in the form of the same service
 * (`db.m5.large` → `db.m7g.large`), for a bare family a bare family, and for AWS Batch's `optimal` its `default_arm64`.
 * If Graviton lacks the size, it is the next larger one, with a caveat. Undefined if nothing replaces it, if the
 * service has no Graviton type, and for types that are arm64 already or unknown. GameLift uses EC2's names, so no type
 * is checked against its smaller choice.
 * @see AWS Graviton Technical Guide
 */
export function gravitonEquivalent(type: string): Equivalent | undefined {
  if (architectureOf(type) !== "x86_64") return undefined;
  const source = parseInstanceType(type);
  // Among x86 names, only Batch's words are not types.
  if (source === undefined) return { type: "default_arm64", caveats: ["Batch picks from m6g, c6g, r6g and c7g"] };
  const replacement = replacementOf(source.family);
  if (replacement === undefined) return undefined;
  const service = serviceOf(source.prefix, source.suffix);
  const managed = source.prefix !== "" || source.suffix !== "";
  const families = managed ? familiesOf(service, replacement) : replacement.families;
  const target = fit(source, { ...replacement, families }, managed);
  if (target === undefined) return undefined;
  const caveats = [
    ...(replacement.caveats ?? []),
    ...differences(source, target, replacement),
    ...(service?.caveat ? [service.caveat] : []),
  ];
  const size = target.size === undefined ? "" : `.${target.size}`;
  return { type: `${source.prefix}${target.family}${size}${source.suffix}`, caveats };
}

interface Target {
  family: string;
  size?: string;
  /** The family that has the sizes which this one lacks, for a bare family. */
  larger?: string;
}

function familiesOf(service: Service | undefined, replacement: Replacement): readonly string[] {
  const { class: name, disks } = replacement;
  if (service === undefined || name === undefined) return [];
  return (disks ? service.families[`${name}d`] : undefined) ?? service.families[name] ?? [];
}

/** The smallest size with enough vCPUs, of the first family that has it. Managed services have neither medium nor metal. */
function fit({ family, size }: InstanceType, replacement: Replacement, managed: boolean): Target | undefined {
  const { families, sameSize } = replacement;
  const [first, larger] = families;
  if (first === undefined) return undefined;
  if (size === undefined) return { family: first, larger };
  // Bare metal of one name differs in vCPUs and in GPUs.
  if (sameSize) return sizesOf(first).includes(size) && !isMetal(size) ? { family: first, size } : undefined;

  const wanted = vcpusOf(family, size);
  if (wanted === undefined) return undefined;
  return families
    .flatMap((candidate) => sizesOf(candidate).map((name) => ({ family: candidate, size: name })))
    .filter((candidate) => isMetal(candidate.size) === isMetal(size))
    .filter((candidate) => !managed || !/^(?:medium|metal)/.test(candidate.size))
    .map((candidate) => ({ ...candidate, vcpus: vcpusOf(candidate.family, candidate.size) ?? 0 }))
    .filter(({ vcpus }) => vcpus >= wanted)
    .sort((one, other) => one.vcpus - other.vcpus)[0];
}

function isMetal(size: string): boolean {
  return size.startsWith("metal");
}

function differences(source: InstanceType, target: Target, replacement: Replacement): string[] {
  const found: string[] = [];
  const { family, larger } = target;
  if (larger !== undefined) found.push(`sizes above 16xlarge are in ${larger}`);
  if (source.size !== undefined && target.size !== undefined && !replacement.sameSize) {
    const [before, after] = [vcpusOf(source.family, source.size), vcpusOf(family, target.size)];
    if (before !== after) found.push(`it has ${after} vCPUs, where ${source.family}.${source.size} has ${before}`);
  }
  if (replacement.disks && !/d$|^i/.test(family)) found.push("it has no disks of its own");
  if (/^[mcrx]\d/.test(source.family)) {
    if (lacks(source, family, "n")) found.push(`it has less network bandwidth than ${source.family}`);
    if (lacks(source, family, "b")) found.push(`it has less EBS bandwidth than ${source.family}`);
  }
  return found;
}

function lacks(source: InstanceType, family: string, attribute: "n" | "b"): boolean {
  return source.family.includes(attribute) && !family.includes(attribute);
}
