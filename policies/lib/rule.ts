import type { PolicyConfigSchema, PolicyResource, ResourceValidationArgs, Severity } from "@pulumi/policy";
import type { Practice } from "./practices";

/** A resource as a rule sees it: with its inputs on registration, with its outputs when the whole stack is checked. */
export type Subject = Pick<ResourceValidationArgs, "type" | "name" | "urn" | "props" | "opts">;

/** A problem with a resource. */
export interface Finding {
  /** One or two sentences: the property, what is wrong with it, and what to write instead. */
  message: string;
  /** True if only the deployment will tell: the finding is then reported as an advisory. @default false */
  isUncertain?: boolean;
}

export interface StackFinding extends Finding {
  subject: Subject;
}

/** A requirement, independent of CrossGuard: `toPolicies` turns rules into policies. */
export interface Rule {
  /** Unique in the pack, such as `lambda-arm64`. */
  name: string;
  /** The requirement, in one sentence. */
  description: string;
  /** @default "mandatory" */
  enforcementLevel?: "advisory" | "mandatory";
  severity: Severity;
  /** The best practice of the AWS Well-Architected Framework that the rule checks. */
  practice: Practice;
  tags: string[];
  /** The page of AWS's documentation with more about it. */
  url: string;
  /** How to fix a violation. */
  remediationSteps: string;
  /** The policy's settings besides `exemptions`; each has a default. */
  settings?: PolicyConfigSchema["properties"];
}

/** A rule that checks each resource separately. */
export interface ResourceRule extends Rule {
  checkResource(subject: Subject, settings: Settings): Finding[];
  /**
   * Fixes the properties where that is safe. It changes them in place, because copying would throw at an unknown value
   * and lose the marks of secrets. It is not called for protected and exempt resources.
   * @returns whether it has changed them
   */
  remediate?(subject: Subject, settings: Settings): boolean | Promise<boolean>;
}

/** A rule that compares resources with one another. */
export interface StackRule extends Rule {
  checkStack(resources: PolicyResource[], settings: Settings): StackFinding[];
}

export type Settings = Record<string, unknown>;
