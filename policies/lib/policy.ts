import {
  type Policies,
  type Policy,
  type PolicyConfigSchema,
  type ReportViolation,
  UnknownValueError,
} from "@pulumi/policy";
import { type ExemptionLedger, exemptionsSchema, isExempt } from "./exemptions";
import { frameworkOf } from "./practices";
import type { Finding, ResourceRule, Rule, Settings, StackRule, Subject } from "./rule";
import { type Unknown, type Watched, watch } from "./unknowns";

/** The rules as CrossGuard policies. An exemption in use is reported as an advisory on the resource that it covers. */
export function toPolicies(rules: (ResourceRule | StackRule)[], ledger: ExemptionLedger): Policies {
  return rules.map((rule) => ("checkStack" in rule ? stackPolicy(rule, ledger) : resourcePolicy(rule, ledger)));
}

function stackPolicy(rule: StackRule, ledger: ExemptionLedger): Policies[number] {
  return {
    ...metadataOf(rule),
    validateStack: ({ resources, getConfig }, report) => {
      const settings = getConfig<Settings>();
      ledger.note(rule.name, settings);
      const { result, unknowns } = attempt(() => rule.checkStack(resources, settings));
      const uncertain = unknowns.map((unknown) => ({
        ...undecided(unknown),
        subject: resources.find(({ props }) => props === unknown.within),
      }));
      reportFindings(rule, [...result, ...uncertain], settings, ledger, report);
    },
  };
}

function resourcePolicy(rule: ResourceRule, ledger: ExemptionLedger): Policies[number] {
  const { remediate } = rule;
  return {
    ...metadataOf(rule),
    validateResource: (args, report) => {
      const settings = args.getConfig<Settings>();
      ledger.note(rule.name, settings);
      const { result, unknowns } = attempt(() => rule.checkResource(args, settings));
      const findings = [...result, ...unknowns.map(undecided)].map((finding) => ({ ...finding, subject: args }));
      reportFindings(rule, findings, settings, ledger, report);
    },
    ...(remediate && {
      remediateResource: async (args) => {
        const settings = args.getConfig<Settings>();
        if (args.opts.protect || isExempt(settings, args)) return undefined;
        return (await remediate(args, settings)) ? args.props : undefined;
      },
    }),
  };
}

function metadataOf(rule: Rule): Policy {
  const { practice, settings, enforcementLevel = "mandatory" } = rule;
  const { name, description, severity, tags, url, remediationSteps } = rule;
  const framework = frameworkOf(practice);
  const configSchema: PolicyConfigSchema = { properties: { ...settings, exemptions: exemptionsSchema } };
  return { name, description, severity, framework, tags, url, remediationSteps, enforcementLevel, configSchema };
}

/** Runs a rule. One that throws must neither let resources pass nor stop the other rules. */
function attempt<Found extends Finding>(check: () => Found[]): Watched<(Found | Finding)[]> {
  return watch(() => {
    try {
      return check();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof UnknownValueError) return [{ message, isUncertain: true }];
      return [{ message: `The check failed because of a bug in the policy: ${message}` }];
    }
  });
}

function undecided({ path }: Unknown): Finding {
  return { message: `${path} is known only after deployment, so it cannot be checked yet.`, isUncertain: true };
}

function reportFindings(
  { name }: Rule,
  findings: (Finding & { subject?: Subject })[],
  settings: Settings,
  ledger: ExemptionLedger,
  report: ReportViolation,
): void {
  // A document that cannot be parsed fails each check of its content, with the same message.
  const distinct = new Map(findings.map((finding) => [`${finding.subject?.urn} ${finding.message}`, finding]));
  for (const { message, isUncertain, subject } of distinct.values()) {
    const exemption = subject && ledger.use(name, settings, subject);
    if (exemption) advise(report, subject, `Exempt until ${exemption.expires} (${exemption.reason}): ${message}`);
    else if (isUncertain) advise(report, subject, message);
    else report(message, subject?.urn);
  }
}

/** Reports a violation at a lower level than the policy's, which the SDK accepts although its types do not allow it. */
function advise(report: ReportViolation, subject: Subject | undefined, message: string): void {
  const reportObject = report as unknown as (violation: Record<string, string | undefined>) => void;
  reportObject({ message, urn: subject?.urn, enforcementLevel: "advisory" });
}
