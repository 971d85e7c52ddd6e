import { ExemptionLedger } from "../../../policies/lib/exemptions";
import { toPolicies } from "../../../policies/lib/policy";
import { qualityRules } from "../../../policies/quality/rules";
import { type Checked, stackViolations, type Violation } from "../../helpers/policies/policies";

type Settings = Record<string, Record<string, unknown>>;

/** What the quality rules report about the resources of a whole stack. */
export function check(resources: Checked[], settings: Settings = {}): Promise<Violation[]> {
  type Policies = Parameters<typeof stackViolations>[0];
  return stackViolations(toPolicies(qualityRules, new ExemptionLedger()) as Policies, resources, settings);
}

/** What one of the quality rules reports about the resources of a whole stack, besides what it could not check yet. */
export async function said(rule: string, resources: Checked | Checked[], settings: object = {}): Promise<string[]> {
  const messages = await messagesOf(rule, resources, settings);
  return messages.filter((message) => !undecided.test(message));
}

/** The paths that one of the quality rules could not check yet, because they are unknown. */
export async function unsaid(rule: string, resources: Checked | Checked[], settings: object = {}): Promise<string[]> {
  const messages = await messagesOf(rule, resources, settings);
  return messages.flatMap((message) => undecided.exec(message)?.[1] ?? []);
}

const undecided = /^(.*) is known only after deployment, so it cannot be checked yet\.$/;

async function messagesOf(rule: string, resources: Checked | Checked[], settings: object): Promise<string[]> {
  const violations = await check([resources].flat(), { [rule]: { ...settings } });
  return violations.filter(({ policy }) => policy === rule).map(({ message }) => message);
}

/** The only message of a rule. */
export async function onlySaid(...args: Parameters<typeof said>): Promise<string> {
  const [message, ...others] = await said(...args);
  if (message === undefined || others.length > 0)
    throw new Error(`${others.length + (message ? 1 : 0)} messages were reported`);
  return message;
}
