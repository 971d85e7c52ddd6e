/** How the value of a property says which processor something runs on. */
export const Kind = {
  /** An EC2 instance type or family, or a word of AWS Batch such as `optimal`. */
  InstanceType: "instanceType",
  /** An EC2 instance type on EMR, which has fewer of them. */
  EmrInstanceType: "emrInstanceType",
  /** An instance type of a managed service, such as `db.m7g.large`; some names tell no architecture. */
  ManagedInstanceType: "managedInstanceType",
  /** A word such as `arm64`, `ARM64`, `x86_64`, `X86_64`. */
  Architecture: "architecture",
  /** The makers of processors that instances may be picked from: `amazon-web-services` makes Graviton. */
  CpuManufacturer: "cpuManufacturer",
  /** EKS's kind of image, such as `AL2023_ARM_64_STANDARD`. */
  AmiType: "amiType",
  /** A node pool of EKS Auto Mode: `general-purpose` is for amd64. */
  NodePool: "nodePool",
  /** CodeBuild's kind of environment, such as `ARM_CONTAINER`. */
  BuildEnvironment: "buildEnvironment",
  /** CodeBuild's image, such as `aws/codebuild/amazonlinux-aarch64-standard:3.0`. */
  BuildImage: "buildImage",
  /** A container platform, such as `linux/arm64`. */
  Platform: "platform",
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

/** One property of one resource type that says which processor something runs on. */
export interface ArchitectureProperty {
  /** The policy that judges it, such as `lambda-arm64`. */
  policy: string;
  /** The resource's type token, such as `aws:lambda/function:Function`. */
  type: string;
  /**
   * Where it is: names joined by dots, `[]` after the name of a list (the path goes on in each element), `{}` after that of
   * a JSON document in a string, `*` for every key of a map. `architectures[]`,
   * `containerProperties{}.runtimePlatform.cpuArchitecture`.
   */
  path: string;
  kind: Kind;
  /**
   * Present where AWS takes x86_64 when the property is not given. `unless`: paths one of which, when given, decides
   * instead; `when`: only if the value at that path (of any element) is one of those, or missing too; `write`: what to
   * write.
   */
  missing?: { unless?: string[]; when?: { path: string; isOneOf: string[]; orMissing?: boolean }; write: string };
  /** Present where a part of the service has no Graviton: nothing is demanded where the value at that path begins so. */
  except?: { path: string; prefixes: string[] };
  /** True for a list of what something is made for, not of what it may run on: one arm64 among others will do. */
  isAnyEnough?: boolean;
  /** The page of AWS's documentation that says so. */
  source: string;
}
