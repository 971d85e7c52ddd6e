import { architectureOf, emrEquivalent, gravitonEquivalent, isGraviton } from "pulumi-graviton/graviton";
import { describe, show } from "../lib/messages";

/** What is wrong with a value. `problem` completes a sentence that begins with the value's path. */
export interface Fault {
  problem: string;
  isUncertain?: boolean;
}

type Judge = (value: string) => Fault | undefined;

/** The ways in which a property selects the processor. */
const judges = {
  /** An EC2 instance type or family, or a word of AWS Batch such as `optimal`. */
  instanceType: (value) => {
    if (value.includes("*")) return judgePattern(value);
    return architectureOf(value) === "unknown" ? doubt(value) : judgeInstanceType(value, gravitonEquivalent);
  },
  /** An EC2 instance type on EMR, which has fewer of them. */
  emrInstanceType: (value) =>
    architectureOf(value) === "unknown" ? doubt(value) : judgeInstanceType(value, emrEquivalent),
  /** An instance type of a managed service, such as `db.m7g.large`; some names do not reveal the architecture. */
  managedInstanceType: (value) =>
    architectureOf(value) === "unknown" ? undefined : judgeInstanceType(value, gravitonEquivalent),
  /** The name of an architecture, such as `arm64`, `ARM64`, `x86_64` or `X86_64`. */
  architecture: (value) => {
    if (/^(arm_?64|aarch64)$/i.test(value)) return undefined;
    return fault(value, /^[A-Z\d_]+$/.test(value) ? "ARM64" : "arm64");
  },
  /** An allowed CPU manufacturer: `amazon-web-services` makes Graviton. */
  cpuManufacturer: (value) => (value === "amazon-web-services" ? undefined : fault(value, "amazon-web-services")),
  /** An EKS AMI type, such as `AL2023_ARM_64_STANDARD`. For a custom AMI, the instance types decide. */
  amiType: (value) => {
    if (/ARM_?64/.test(value) || value === "CUSTOM") return undefined;
    return fault(
      value,
      equivalentOf(value, /(?<=^(AL2023|BOTTLEROCKET)_)x86_64(?!_NEURON)|(?<=^AL2_)x86_64$/, "ARM_64"),
    );
  },
  /** A node pool of EKS Auto Mode: `general-purpose` is for amd64. */
  nodePool: (value) =>
    value === "general-purpose" ? fault(value, "system, with your own arm64 NodePool,") : undefined,
  /** A CodeBuild environment type, such as `ARM_CONTAINER`. */
  buildEnvironment: (value) => {
    if (/^ARM_/.test(value)) return undefined;
    if (value === "MAC_ARM") return otherArm(value);
    return fault(value, equivalentOf(value, /^LINUX_(?=(LAMBDA_)?CONTAINER$|EC2$)/, "ARM_"));
  },
  /**
   * A CodeBuild image, such as `aws/codebuild/amazonlinux-aarch64-standard:3.0`. Images from elsewhere are assumed to
   * be built for the environment's architecture.
   */
  buildImage: (value) => {
    if (!value.startsWith("aws/codebuild/")) return undefined;
    if (value.includes("/macos-arm-")) return otherArm(value);
    if (/aarch64|-arm-/.test(value)) return undefined;
    const [pattern, replacement] = buildImages.find(([pattern]) => pattern.test(value)) ?? [];
    return fault(value, pattern && replacement && value.replace(pattern, replacement));
  },
  /** A container platform, such as `linux/arm64`. */
  platform: (value) => (/^linux\/arm64(\/v8)?$/.test(value) ? undefined : fault(value, "linux/arm64")),
} satisfies Record<string, Judge>;

export type Kind = keyof typeof judges;

/** Judges one value of a property that selects the processor; undefined if it selects Graviton. */
export function judge(kind: Kind, value: unknown): Fault | undefined {
  if (typeof value !== "string") return { problem: `must be a string, but is ${describe(value)}.` };
  return judges[kind](value);
}

/** CodeBuild's images for Lambda and EC2 have names and versions that differ from the others. */
const buildImages: [RegExp, string][] = [
  [/x86_64(?=-lambda-)/, "aarch64"],
  [/x86_64(?=-base)/, "arm"],
  [/^aws\/codebuild\/(?!windows).*/, "aws/codebuild/amazonlinux-aarch64-standard:3.0"],
];

function judgeInstanceType(value: string, equivalent: typeof gravitonEquivalent): Fault | undefined {
  if (isGraviton(value)) return undefined;
  if (architectureOf(value) === "arm64") return otherArm(value);
  const { type, caveats = [] } = equivalent(value) ?? {};
  return fault(value, type, caveats);
}

/** `m7g.*` and `m7g*` match only Graviton; `m7*` and `*` also match other processors. */
function judgePattern(value: string): Fault | undefined {
  const [family = ""] = value.split(/[.*]/);
  if (isGraviton(family)) return undefined;
  return { problem: `is ${show(value)}, which allows more than Graviton: write Graviton families, such as m7g.*.` };
}

function otherArm(value: string): Fault {
  return { problem: `is ${show(value)}, which is arm64 but not Graviton: ${exemption}.` };
}

function doubt(value: string): Fault {
  return { problem: `is ${show(value)}, which does not reveal the architecture.`, isUncertain: true };
}

const exemption = "choose another or add an exemption to the policy's configuration";

/** @param instead What to write instead; undefined if Graviton has no equivalent. */
export function fault(value: string, instead: string | undefined, caveats: string[] = []): Fault {
  const advice = instead ? `write ${instead} instead` : `Graviton has no equivalent, so ${exemption}`;
  const notes = caveats.length > 0 ? ` (${caveats.join("; ")})` : "";
  return { problem: `is ${show(value)}, which is not arm64: ${advice}${notes}.` };
}

function equivalentOf(value: string, pattern: RegExp, replacement: string): string | undefined {
  return pattern.test(value) ? value.replace(pattern, replacement) : undefined;
}
