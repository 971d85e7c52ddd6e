import { architectureOf, emrEquivalent, gravitonEquivalent, isGraviton } from "pulumi-graviton/graviton";
import { describe, show } from "../lib/messages";

/** What is wrong with a value, as the end of a sentence that begins with its path. */
export interface Fault {
  problem: string;
  isUncertain?: boolean;
}

type Judge = (value: string) => Fault | undefined;

/** The ways in which a property says which processor something runs on. */
const judges = {
  /** An EC2 instance type or family, or a word of AWS Batch such as `optimal`. */
  instanceType: (value) => {
    if (value.includes("*")) return judgePattern(value);
    return architectureOf(value) === "unknown" ? doubt(value) : judgeInstanceType(value, gravitonEquivalent);
  },
  /** An EC2 instance type on EMR, which has fewer of them. */
  emrInstanceType: (value) =>
    architectureOf(value) === "unknown" ? doubt(value) : judgeInstanceType(value, emrEquivalent),
  /** An instance type of a managed service, such as `db.m7g.large`; some names tell no architecture. */
  managedInstanceType: (value) =>
    architectureOf(value) === "unknown" ? undefined : judgeInstanceType(value, gravitonEquivalent),
  /** A word such as `arm64`, `ARM64`, `x86_64`, `X86_64`. */
  architecture: (value) => {
    if (/^(arm_?64|aarch64)$/i.test(value)) return undefined;
    return fault(value, /^[A-Z\d_]+$/.test(value) ? "ARM64" : "arm64");
  },
  /** The makers of processors that instances may be picked from: `amazon-web-services` makes Graviton. */
  cpuManufacturer: (value) => (value === "amazon-web-services" ? undefined : fault(value, "amazon-web-services")),
  /** EKS's kind of image, such as `AL2023_ARM_64_STANDARD`. A custom image says nothing: the instance types do. */
  amiType: (value) => {
    if (/ARM_?64/.test(value) || value === "CUSTOM") return undefined;
    return fault(
      value,
      equivalentOf(value, /(?<=^(AL2023|BOTTLEROCKET)_)x86_64(?!_NEURON)|(?<=^AL2_)x86_64$/, "ARM_64"),
    );
  },
  /** A node pool of EKS Auto Mode: `general-purpose` is for amd64. */
  nodePool: (value) =>
    value === "general-purpose" ? fault(value, "system, with an arm64 NodePool of your own,") : undefined,
  /** CodeBuild's kind of environment, such as `ARM_CONTAINER`. */
  buildEnvironment: (value) => {
    if (/^ARM_/.test(value)) return undefined;
    if (value === "MAC_ARM") return otherArm(value);
    return fault(value, equivalentOf(value, /^LINUX_(?=(LAMBDA_)?CONTAINER$|EC2$)/, "ARM_"));
  },
  /**
   * CodeBuild's image, such as `aws/codebuild/amazonlinux-aarch64-standard:3.0`. Images that are not its own are built for
   * the architecture of the environment.
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

/** Judges one value of a property that says which processor something runs on; undefined when that is Graviton. */
export function judge(kind: Kind, value: unknown): Fault | undefined {
  if (typeof value !== "string") return { problem: `must be a text, but is ${describe(value)}.` };
  return judges[kind](value);
}

/** CodeBuild's images for Lambda and for EC2 differ from the others in their names and versions. */
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

/** `m7g.*` and `m7g*` are Graviton only; `m7*` is not, nor `*`. */
function judgePattern(value: string): Fault | undefined {
  const [family = ""] = value.split(/[.*]/);
  if (isGraviton(family)) return undefined;
  return { problem: `is ${show(value)}, which lets other than Graviton in: name its families, such as m7g.*.` };
}

function otherArm(value: string): Fault {
  return { problem: `is ${show(value)}, which is arm64 but not Graviton: ${exemption}.` };
}

function doubt(value: string): Fault {
  return { problem: `is ${show(value)}: no architecture can be told from it.`, isUncertain: true };
}

const exemption = "write another, or exempt it in the policy's configuration";

/** @param instead What to write, where something on Graviton takes the value's place. */
export function fault(value: string, instead: string | undefined, caveats: string[] = []): Fault {
  const advice = instead ? `write ${instead} instead` : `nothing on Graviton is its equal, so ${exemption}`;
  const notes = caveats.length > 0 ? ` (${caveats.join("; ")})` : "";
  return { problem: `is ${show(value)}, which is not arm64: ${advice}${notes}.` };
}

function equivalentOf(value: string, pattern: RegExp, replacement: string): string | undefined {
  return pattern.test(value) ? value.replace(pattern, replacement) : undefined;
}
