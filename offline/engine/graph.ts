import type { KnownSecrets } from "./secrets";
import type { Properties } from "./values";

/** What the program said about a resource beyond its inputs. Absent means that the program did not say it. */
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
  /** The provider's id; components have none. */
  id?: string;
  /** The provider's reference, `URN::ID`. */
  provider?: string;
  inputs: Properties;
  outputs: Properties;
  /** URNs that it depends on, by `dependsOn` or through an input. */
  dependencies: string[];
  /** URNs that each input depends on. */
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
  options: ResourceOptions;
  /** The URN that its id, names and ARNs are made up from, where an alias says that it was another: see `previous` of a run. */
  madeFrom?: string;
}

export interface Diagnostic {
  severity: "debug" | "info" | "warning" | "error";
  message: string;
  urn?: string;
}

/** What a policy says against a resource, or against the stack as a whole. */
export interface PolicyViolation {
  policy: string;
  level: "advisory" | "mandatory";
  severity?: "low" | "medium" | "high" | "critical";
  /** What the policy demands. */
  description: string;
  message: string;
  /** The resource, or the stack. */
  urn: string;
}

/** A resource whose inputs a policy has changed. */
export interface PolicyRemediation {
  policy: string;
  urn: string;
  /** The names of the inputs that are other than before. */
  inputs: string[];
}

/** Something that could not be checked, and why. A pack with failures is never compliant. */
export interface PolicyFailure {
  /** Absent when it is the whole pack. */
  policy?: string;
  urn?: string;
  message: string;
}

/** What one CrossGuard policy pack says of a run. */
export interface PolicyPackResult {
  /** Its name; its folder's when it did not start. */
  name: string;
  /** Empty when it did not start. */
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

/** All that one run of a program registered, in the order of registration. */
export interface Graph {
  project: string;
  stack: string;
  organization: string;
  /** The folder of Pulumi.yaml. */
  directory: string;
  /** Where the program ran, which its relative paths start from. */
  workingDirectory: string;
  /** The region of the default AWS provider. */
  region: string;
  resources: Resource[];
  /** The stack's outputs. */
  outputs: Properties;
  diagnostics: Diagnostic[];
  /** One a policy pack, in the order in which they were given. */
  policyPacks: PolicyPackResult[];
  /** The texts of the stack's encrypted configuration, hidden wherever the graph is printed. */
  secrets: KnownSecrets;
}
