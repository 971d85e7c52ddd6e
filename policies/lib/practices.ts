import type { PolicyComplianceFramework } from "@pulumi/policy";

/** The best practices of the AWS Well-Architected Framework that the policies check. */
const practices = {
  "COST04-BP04": "Decommission resources automatically",
  "COST04-BP05": "Enforce data retention policies",
  "PERF02-BP04": "Configure and right-size compute resources",
  "REL05-BP02": "Throttle requests",
  "REL05-BP03": "Control and limit retry calls",
  "REL05-BP04": "Fail fast and limit queues",
  "REL09-BP01": "Identify and back up all data that needs to be backed up, or reproduce the data from sources",
  "SEC03-BP02": "Grant least privilege access",
  "SEC03-BP07": "Analyze public and cross-account access",
  "SEC04-BP01": "Configure service and application logging",
  "SEC05-BP01": "Create network layers",
  "SEC06-BP01": "Perform vulnerability management",
  "SEC06-BP02": "Provision compute from hardened images",
  "SEC08-BP01": "Implement secure key management",
  "SEC08-BP02": "Enforce encryption at rest",
  "SEC08-BP04": "Enforce access control",
  "SUS05-BP02": "Use instance types with the least impact",
};

export type Practice = keyof typeof practices;

/**
 * The practice in the form of a policy's metadata.
 * @see https://docs.aws.amazon.com/wellarchitected/latest/framework/appendix.html
 */
export function frameworkOf(practice: Practice): PolicyComplianceFramework {
  return {
    name: "AWS Well-Architected Framework",
    version: "2024-11-06",
    reference: practice,
    specification: practices[practice],
  };
}
