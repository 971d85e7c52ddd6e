import type { Policies } from "@pulumi/policy";
import { ignoredArchitecture } from "./architecture/ignoredChanges";
import { imageArchitecture } from "./architecture/images";
import { architectureRules } from "./architecture/rules";
import { ExemptionLedger } from "./lib/exemptions";
import { toPolicies } from "./lib/policy";
import type { ResourceRule, StackRule } from "./lib/rule";
import { qualityRules } from "./quality/rules";

/** What the pack demands, in the order of its documentation. */
export const rules: (ResourceRule | StackRule)[] = [
  ...architectureRules,
  imageArchitecture,
  ignoredArchitecture,
  ...qualityRules,
];

/**
 * The pack's policies, apart from the pack itself: making a `PolicyPack` starts a server, which a test must not.
 * They are made for one check of one stack, as they remember the exemptions that it needs.
 */
export function createPolicies(): Policies {
  const ledger = new ExemptionLedger();
  return [...toPolicies(rules, ledger), validExemptions(ledger)];
}

/** The last one, as the others must have seen every resource. */
function validExemptions(ledger: ExemptionLedger): Policies[number] {
  return {
    name: "valid-exemptions",
    description: "Exemptions in the policies' configuration are needed and have not expired.",
    severity: "medium",
    tags: ["exemptions"],
    url: "https://www.pulumi.com/docs/iac/crossguard/configuration/",
    enforcementLevel: "mandatory",
    remediationSteps: "Take the exemption out of the configuration, or give it another day.",
    validateStack: (_, report) => {
      for (const problem of ledger.problems()) report(problem);
    },
  };
}
