import type { Policies } from "@pulumi/policy";
import { ignoredArchitecture } from "./architecture/ignoredChanges";
import { imageArchitecture } from "./architecture/images";
import { architectureRules } from "./architecture/rules";
import { ExemptionLedger } from "./lib/exemptions";
import { toPolicies } from "./lib/policy";
import type { ResourceRule, StackRule } from "./lib/rule";
import { qualityRules } from "./quality/rules";

/** The pack's rules, in the order of its documentation. */
export const rules: (ResourceRule | StackRule)[] = [
  ...architectureRules,
  imageArchitecture,
  ignoredArchitecture,
  ...qualityRules,
];

/**
 * The pack's policies, without the pack itself: creating a `PolicyPack` starts a server, which tests must not do.
 * Each set of policies is for one check of one stack, because it remembers which exemptions that check needed.
 */
export function createPolicies(): Policies {
  const ledger = new ExemptionLedger();
  return [...toPolicies(rules, ledger), validExemptions(ledger)];
}

/** This must be the last policy, because the others must have seen every resource. */
function validExemptions(ledger: ExemptionLedger): Policies[number] {
  return {
    name: "valid-exemptions",
    description: "Exemptions in the policies' configuration are needed and have not expired.",
    severity: "medium",
    tags: ["exemptions"],
    url: "https://www.pulumi.com/docs/iac/crossguard/configuration/",
    enforcementLevel: "mandatory",
    remediationSteps: "Remove the exemption from the configuration, or give it a later date.",
    validateStack: (_, report) => {
      for (const problem of ledger.problems()) report(problem);
    },
  };
}
