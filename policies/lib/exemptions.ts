import type { PolicyConfigSchema } from "@pulumi/policy";
import type { Settings, Subject } from "./rule";
import { wildcard } from "./wildcard";

/** An exemption of resources from a policy, with a reason and an expiry date. */
export interface Exemption {
  /** The type token; `*` stands for any characters. */
  type: string;
  /** The resource's name; `*` stands for any characters. */
  match: string;
  reason: string;
  /** The last day on which it is valid (in UTC), such as 2027-03-31. */
  expires: string;
}

/** The schema of the exemptions in a policy's configuration. */
export const exemptionsSchema: PolicyConfigSchema["properties"][string] = {
  type: "array",
  description: "Resources that are exempt from this policy, each with a reason and an expiry date.",
  default: [],
  items: {
    type: "object",
    required: ["type", "match", "reason", "expires"],
    additionalProperties: false,
    properties: {
      type: { type: "string", minLength: 1 },
      match: { type: "string", minLength: 1 },
      reason: { type: "string", minLength: 1 },
      expires: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
    },
  },
};

/** The exemptions configured for a pack's policies, and which of them resources have needed so far. */
export class ExemptionLedger {
  private readonly given = new Map<string, Exemption[]>();
  private readonly needed = new Set<string>();

  /** Call this for each resource, because the configuration is known only then. */
  note(policy: string, settings: Settings): void {
    this.given.set(policy, exemptionsOf(settings));
  }

  /** The exemption that covers a resource, which is marked as needed. */
  use(policy: string, settings: Settings, subject: Subject): Exemption | undefined {
    const covering = exemptionsOf(settings).filter((exemption) => covers(exemption, subject));
    for (const exemption of covering) this.needed.add(keyOf(policy, exemption));
    return covering.find((exemption) => !problemOf(exemption));
  }

  /** What is wrong with the exemptions, once all resources have been checked. */
  problems(): string[] {
    return [...this.given].flatMap(([policy, exemptions]) =>
      exemptions.flatMap((exemption) => {
        const isNeeded = this.needed.has(keyOf(policy, exemption));
        const problem =
          problemOf(exemption) ?? (isNeeded ? undefined : "is not needed: no matching resource violates the policy");
        const { match, type } = exemption;
        return problem ? [`${policy}: the exemption of "${match}" (${type}) ${problem}.`] : [];
      }),
    );
  }
}

/** Whether a valid exemption covers the resource. */
export function isExempt(settings: Settings, subject: Subject): boolean {
  return exemptionsOf(settings).some((exemption) => covers(exemption, subject) && !problemOf(exemption));
}

function exemptionsOf(settings: Settings): Exemption[] {
  return (settings.exemptions as Exemption[] | undefined) ?? [];
}

function covers({ type, match }: Exemption, subject: Subject): boolean {
  return wildcard(type, subject.type) && wildcard(match, subject.name);
}

function problemOf({ expires }: Exemption): string | undefined {
  const text = `${expires}T23:59:59.999Z`;
  const end = new Date(text);
  const isDay = !Number.isNaN(end.getTime()) && end.toISOString() === text;
  if (!isDay) return `expires on ${expires}, which is not a date: write a date such as 2027-03-31`;
  return end < new Date() ? `expired on ${expires}: fix the resource, or write a later date` : undefined;
}

function keyOf(policy: string, exemption: Exemption): string {
  return JSON.stringify([policy, exemption]);
}
