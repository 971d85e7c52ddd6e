import type { KnownSecrets } from "./secrets";
import type { Properties } from "./values";

/** The options that the program gave a resource. Absent means that it gave none. */
export interface ResourceOptions {
  additionalSecretOutputs?: string[];
  aliases?: string[];
  customTimeouts?: { create?: string; update?: string; delete?: string };
  deleteBeforeReplace?: boolean;
  deletedWith?: string;
  ignoreChanges?: string[];
  import?: string;
  replaceOnChanges?: string[];
  retainOnDelete?: boolean;
  version?: string;
}

/** One resource of the program, as registered. */
export interface Resource {
  urn: string;
  /** Its type token, such as `aws:lambda/function:Function`. */
  type: string;
  name: string;
  /** The parent's URN; the stack has none. */
  parent?: string;
  /** True for a resource with a provider, false for a component. */
  custom: boolean;
  /** True when the program read it (`Type.get`) and does not own it. */
  external: boolean;
  /** The id that its provider gave it; components have none. */
  id?: string;
  /** The provider's reference, `URN::ID`. */
  provider?: string;
  inputs: Properties;
  outputs: Properties;
  /** URNs that it depends on, through `dependsOn` or an input. */
  dependencies: string[];
  /** URNs that each input depends on. */
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
  options: ResourceOptions;
  /** The URN that its id, names and ARNs are made up from, if it has been renamed since: see `previous` of a run. */
  madeFrom?: string;
}

export interface Diagnostic {
  severity: "debug" | "info" | "warning" | "error";
  message: string;
  urn?: string;
}

/** A resource's violation of a policy, or that of the stack as a whole. */
export interface PolicyViolation {
  policy: string;
  level: "advisory" | "mandatory";
  severity?: "low" | "medium" | "high" | "critical";
  /** What the policy requires. */
  description: string;
  message: string;
  /** The resource's, or the stack's. */
  urn: string;
}

/** A resource whose inputs a policy has changed. */
export interface PolicyRemediation {
  policy: string;
  urn: string;
  /** The names of the inputs that changed. */
  inputs: string[];
}

/** Something that could not be checked, and why. A pack with failures is never compliant. */
export interface PolicyFailure {
  /** Absent when the whole pack failed. */
  policy?: string;
  urn?: string;
  message: string;
}

/** The findings of one CrossGuard policy pack. */
export interface PolicyPackResult {
  /** Its name, or its folder's if it did not start. */
  name: string;
  /** Empty if it did not start. */
  version: string;
  directory: string;
  /** The configuration file that was used. */
  config?: string;
  /** How many policies were enabled. */
  policies: number;
  violations: PolicyViolation[];
  remediations: PolicyRemediation[];
  failures: PolicyFailure[];
}

/** Everything that one run of a program registered. */
export interface Graph {
  project: string;
  stack: string;
  organization: string;
  /** The folder of Pulumi.yaml. */
  directory: string;
  /** Where the program ran; its relative paths start there. */
  workingDirectory: string;
  /** The region of the default AWS provider. */
  region: string;
  /** True when neither the configuration nor the environment names a region. */
  isDefaultRegion?: boolean;
  /** In the order of registration. */
  resources: Resource[];
  /** The stack's outputs. */
  outputs: Properties;
  diagnostics: Diagnostic[];
  /** One for each policy pack, in the order given. */
  policyPacks: PolicyPackResult[];
  /** The texts of the stack's encrypted configuration, hidden wherever the graph is printed. */
  secrets: KnownSecrets;
}
