import type { Checked } from "../../helpers/policies/policies";

/** A stack that violates a rule, and a similar one that does not. */
export interface Example {
  rule: string;
  bad: Checked[];
  good: Checked[];
  settings?: Record<string, unknown>;
}

/** An example whose stacks are one resource each. */
export function of(rule: string, type: string, bad: object, good: object, settings?: Record<string, unknown>): Example {
  return { rule, bad: [{ type, props: bad }], good: [{ type, props: good }], settings };
}
