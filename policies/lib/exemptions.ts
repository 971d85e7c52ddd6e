import type { PolicyConfigSchema } from "@pulumi/policy";
import type { Settings, Subject } from "./rule";

/** A resource that a policy lets be, for a reason and a time. */
export interface Exemption {
  /** The type token; `*` stands for any characters. */
  type: string;
  /** The resource's name; `*` stands for any characters. */
  match: string;
  reason: string;
  /** The last day that it holds (in UTC), such as 2027-03-31. */
  expires: string;
}

/** How a policy's configuration lists its exemptions. */
export const exemptionsSchema: PolicyConfigSchema["properties"][string] = {
  type: "array",
  description: "Resources that this policy lets be, each for a reason and until a day.",
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

/** The exemptions that the policies of a pack were given, and which of them resources have needed so far. */
export class ExemptionLedger {
  private readonly given = new Map<string, Exemption[]>();
  private readonly needed = new Set<string>();

  /** To be called for each resource, as the configuration is known only then. */
  note(policy: string, settings: Settings): void {
    this.given.set(policy, exemptionsOf(settings));
  }

  /** The exemption that lets a resource be, which is thereby needed. */
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
        const problem = problemOf(exemption) ?? (isNeeded ? undefined : "is for nothing: no such resource violates it");
        const { match, type } = exemption;
        return problem ? [`${policy}: the exemption of "${match}" (${type}) ${problem}.`] : [];
      }),
    );
  }
}

/** Whether a valid exemption lets the resource be. */
export function isExempt(settings: Settings, subject: Subject): boolean {
  return exemptionsOf(settings).some((exemption) => covers(exemption, subject) && !problemOf(exemption));
}

function exemptionsOf(settings: Settings): Exemption[] {
  return (settings.exemptions as Exemption[] | undefined) ?? [];
}

function covers({ type, match }: Exemption, subject: Subject): boolean {
  return matches(type, subject.type) && matches(match, subject.name);
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split(/\*+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}

function problemOf({ expires }: Exemption): string | undefined {
  const text = `${expires}T23:59:59.999Z`;
  const end = new Date(text);
  const isDay = !Number.isNaN(end.getTime()) && end.toISOString() === text;
  if (!isDay) return `expires on ${expires}, which is no day: write it as 2027-03-31`;
  return end < new Date() ? `has expired on ${expires}: mend the resource, or give it another day` : undefined;
}

function keyOf(policy: string, exemption: Exemption): string {
  return JSON.stringify([policy, exemption]);
}
