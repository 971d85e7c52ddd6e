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
}

export interface Diagnostic {
  severity: "debug" | "info" | "warning" | "error";
  message: string;
  urn?: string;
}

/** All that one run of a program registered, in the order of registration. */
export interface Graph {
  project: string;
  stack: string;
  organization: string;
  /** The folder of Pulumi.yaml. */
  directory: string;
  /** The region of the default AWS provider. */
  region: string;
  resources: Resource[];
  /** The stack's outputs. */
  outputs: Properties;
  diagnostics: Diagnostic[];
}
