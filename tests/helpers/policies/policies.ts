import {
  type Policies,
  type PolicyResource,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";
import { type Exemption, ExemptionLedger } from "../../../policies/lib/exemptions";
import { toPolicies } from "../../../policies/lib/policy";
import type { ResourceRule, StackRule } from "../../../policies/lib/rule";

/** The string that stands for an unknown value in a policy's input. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Violation {
  policy: string;
  level: string;
  message: string;
  urn?: string;
}

export interface Checked {
  type: string;
  /** @default "it" */
  name?: string;
  /** The type of the component that it is a part of. @default none */
  within?: string;
  props: object;
  opts?: Partial<PolicyResource["opts"]>;
  /** Names of other resources that a property depends on, for checks of a stack. */
  propertyDependencies?: Record<string, string[]>;
}

type Policy = ResourceValidationPolicy & StackValidationPolicy;

/** Settings by policy name. A policy whose `enforcementLevel` is `disabled` does not run. */
type Settings = Record<string, Record<string, unknown>>;

/** A valid exemption, of all resources by default. */
export function exemption(changes: Partial<Exemption> = {}): Exemption {
  return { type: "*", match: "*", reason: "its vendor is gone", expires: "2999-12-31", ...changes };
}

/** The findings of rules about one resource, in this process, with settings by rule name. */
export async function violations(
  rules: (ResourceRule | StackRule)[],
  resource: Checked,
  settings: Settings = {},
): Promise<Violation[]> {
  const { args, report, found } = prepare(resource);
  for (const policy of toPolicies(rules, new ExemptionLedger()) as Policy[]) {
    if (typeof policy.validateResource !== "function") continue;
    await policy.validateResource({ ...args, getConfig: () => configOf(policy, settings) } as never, report(policy));
  }
  return found;
}

/** The findings about a whole stack, including those of stack rules and, at the end, of exemptions. */
export async function stackViolations(
  policies: Policies,
  resources: Checked[],
  settings: Settings = {},
): Promise<Violation[]> {
  const found: Violation[] = [];
  const prepared = resources.map(prepare);
  const inStack: PolicyResource[] = prepared.map(({ args }) => ({ ...args, propertyDependencies: {} }) as never);
  const byName = new Map(inStack.map((resource) => [resource.name, resource]));
  for (const [index, resource] of inStack.entries()) {
    for (const [key, names] of Object.entries(resources[index]?.propertyDependencies ?? {})) {
      resource.propertyDependencies[key] = names.flatMap((name) => byName.get(name) ?? []);
    }
  }
  for (const policy of policies as Policy[]) {
    if (settings[policy.name]?.enforcementLevel === "disabled") continue;
    const getConfig = () => configOf(policy, settings);
    for (const { args, report, found: own } of prepared) {
      if (typeof policy.validateResource !== "function") continue;
      await policy.validateResource({ ...args, getConfig } as never, report(policy));
      found.push(...own.splice(0));
    }
    const report = reporter(policy, found);
    await policy.validateStack?.({ resources: inStack, getConfig } as never, report);
  }
  return found;
}

/** The properties after the rule's remediation, or undefined if it changes nothing. */
export async function remediated(
  rule: ResourceRule,
  resource: Checked,
  settings: Settings = {},
): Promise<object | undefined> {
  const [policy] = toPolicies([rule], new ExemptionLedger()) as Policy[];
  if (!policy) throw new Error("the rule has no policy");
  const { args, props } = prepare(resource);
  const result = await policy.remediateResource?.({ ...args, getConfig: () => configOf(policy, settings) } as never);
  if (result !== undefined && result !== args.props)
    throw new Error("the remediation returned a new object instead of its input");
  return result ? props : undefined;
}

/** The settings over the schema's defaults, merged as the engine does. */
function configOf(policy: Policy, settings: Settings): Record<string, unknown> {
  const schema = policy.configSchema?.properties ?? {};
  const defaults = Object.entries(schema).flatMap(([name, property]) =>
    typeof property === "object" && "default" in property ? [[name, property.default]] : [],
  );
  return { ...Object.fromEntries(defaults), ...settings[policy.name] };
}

function prepare({ type, name = "it", within, props: given, opts }: Checked) {
  const urn = `urn:pulumi:dev::project::${within ? `${within}$` : ""}${type}::${name}`;
  const options = { protect: false, ignoreChanges: [], aliases: [], additionalSecretOutputs: [], ...opts };
  const props = copy(given) as object;
  const args = { type, name, urn, props: unknownCheckingProxy(props), opts: options };
  const found: Violation[] = [];
  return { args, props, found, report: (policy: Policy) => reporter(policy, found, urn) };
}

/** A deep copy, except for archives and other instances of classes. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  const isMap = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isMap ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)])) : value;
}

function reporter(policy: Policy, found: Violation[], own?: string) {
  const level = policy.enforcementLevel ?? "mandatory";
  return (said: string | { message: string; urn?: string; enforcementLevel?: string }, at?: string) => {
    const { message, urn = at, enforcementLevel = level } = typeof said === "string" ? { message: said } : said;
    found.push({ policy: policy.name, level: enforcementLevel, message, ...((urn ?? own) && { urn: urn ?? own }) });
  };
}
