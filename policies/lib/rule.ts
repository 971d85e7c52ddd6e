import type { PolicyConfigSchema, PolicyResource, ResourceValidationArgs, Severity } from "@pulumi/policy";
import type { Practice } from "./practices";

/** A resource as a rule sees it: its inputs while it is registered, its outputs when the whole stack is checked. */
export type Subject = Pick<ResourceValidationArgs, "type" | "name" | "urn" | "props" | "opts">;

/** One thing that is wrong with a resource. */
export interface Finding {
  /** A sentence or two: which property, what it is, what to write instead. */
  message: string;
  /** Set when nobody can tell before the deployment: it is reported, but never forbids. @default false */
  isUncertain?: boolean;
}

export interface StackFinding extends Finding {
  subject: Subject;
}

/** What is demanded, apart from how CrossGuard is told of it: `toPolicies` makes policies of rules. */
export interface Rule {
  /** Unique in the pack, such as `lambda-arm64`. */
  name: string;
  /** What is demanded, one sentence. */
  description: string;
  /** @default "mandatory" */
  enforcementLevel?: "advisory" | "mandatory";
  severity: Severity;
  /** The best practice of the AWS Well-Architected Framework that it is of. */
  practice: Practice;
  tags: string[];
  /** Where to read more. */
  url: string;
  /** What to do about a violation. */
  remediationSteps: string;
  /** Settings in the policy's configuration, beside `exemptions`; each has a default. */
  settings?: PolicyConfigSchema["properties"];
}

/** A rule that judges each resource by itself. */
export interface ResourceRule extends Rule {
  checkResource(subject: Subject, settings: Settings): Finding[];
  /**
   * Mends the properties where that is safe, in place: to copy them would stop at an unknown one and lose the marks of
   * secrets. It is not asked for protected and exempt resources.
   * @returns whether it has changed them
   */
  remediate?(subject: Subject, settings: Settings): boolean | Promise<boolean>;
}

/** A rule for which resources must be seen together. */
export interface StackRule extends Rule {
  checkStack(resources: PolicyResource[], settings: Settings): StackFinding[];
}

export type Settings = Record<string, unknown>;
