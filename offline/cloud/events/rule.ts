import type { RuleDefinition, Target } from "./definitions";
import type { Matcher } from "./pattern";

/** An event bus, with its rules by their names. */
export interface Bus {
  name: string;
  arn: string;
  region: string;
  description?: string;
  /** A policy document, in JSON. */
  policy?: string;
  tags: Record<string, string>;
  /** Milliseconds since 1970. */
  createdAt: number;
  modifiedAt: number;
  readonly rules: Map<string, Rule>;
}

/** A rule, with its targets by their ids. */
export interface Rule extends Omit<RuleDefinition, "targets" | "bus"> {
  bus: Bus;
  readonly targets: Map<string, Target>;
  /** Whether an event matches its pattern. */
  matches: Matcher;
}

export function isEnabled({ state }: Pick<Rule, "state">): boolean {
  return state !== "DISABLED";
}
