import { asMap, isMap } from "../../cloud/core/resources";
import { tryJson } from "../../engine/documents";

/** The smallest part of a policy: one action on one resource for one principal, as patterns with `*` and `?`. */
export interface Grant {
  effect: "Allow" | "Deny";
  /** `*`, an account's or a role's ARN, a service, …; empty in a policy that belongs to a principal. */
  principal: string;
  action: string;
  /** Empty in a trust policy. */
  resource: string;
  /** Operators with their keys and values; empty if it always applies. */
  condition: Condition;
}

export type Condition = Record<string, Record<string, string[]>>;

/**
 * The grants of a policy document; none if it is not one.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function grantsOf(document: unknown): Grant[] {
  const parsed = asMap(typeof document === "string" ? tryJson(document) : document);
  return listOf(parsed.Statement).flatMap((statement) => (isMap(statement) ? grantsOfStatement(statement) : []));
}

function grantsOfStatement(statement: Record<string, unknown>): Grant[] {
  const effect = statement.Effect === "Deny" ? "Deny" : "Allow";
  const condition = conditionOf(statement.Condition);
  const principals = principalsOf(statement.Principal, statement.NotPrincipal);
  const actions = valuesOf(statement.Action, statement.NotAction);
  const resources = valuesOf(statement.Resource, statement.NotResource);
  return principals.flatMap((principal) =>
    actions.flatMap((action) => resources.map((resource) => ({ effect, principal, action, resource, condition }))),
  );
}

/** All but some values are one pattern that covers only itself. */
function valuesOf(given: unknown, except: unknown): string[] {
  if (except !== undefined) return [`all except ${listOf(except).map(String).toSorted().join(", ")}`];
  return given === undefined ? [""] : listOf(given).map(String);
}

function principalsOf(given: unknown, except: unknown): string[] {
  if (except !== undefined) return [`all except ${JSON.stringify(except)}`];
  if (!isMap(given)) return valuesOf(given, undefined);
  return Object.entries(given).flatMap(([, names]) => listOf(names).map((name) => accountOf(String(name))));
}

/** An account's number and the ARN of its root are the same principal. */
function accountOf(principal: string): string {
  return /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal;
}

export function conditionOf(given: unknown): Condition {
  const operators = Object.entries(asMap(given)).map(([operator, keys]) => {
    const fields = Object.entries(asMap(keys)).map(([key, values]) => [
      key.toLowerCase(),
      listOf(values).map(String).toSorted(),
    ]);
    return [operator, Object.fromEntries(fields.toSorted(byName))] as [string, Record<string, string[]>];
  });
  return Object.fromEntries(operators.toSorted(byName));
}

function byName([one]: [string, ...unknown[]] | unknown[], [other]: [string, ...unknown[]] | unknown[]): number {
  return String(one) < String(other) ? -1 : 1;
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** True when a grant applies to all that the other does. */
export function covers(wide: Grant, narrow: Grant): boolean {
  return (
    wide.effect === narrow.effect &&
    (wide.principal === "*" || wide.principal === narrow.principal) &&
    matches(wide.action.toLowerCase(), narrow.action.toLowerCase()) &&
    matches(wide.resource, narrow.resource) &&
    isNarrower(narrow.condition, wide.condition)
  );
}

/** True when a condition holds in no case in which the other does not. */
function isNarrower(narrow: Condition, wide: Condition): boolean {
  return Object.entries(wide).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      const given = narrow[operator]?.[key];
      if (!given) return false;
      if (/Not|Null|^ForAll/.test(operator)) return given.join("\n") === values.join("\n");
      const holds = /Like|Arn/.test(operator) ? matches : (one: string, other: string) => one === other;
      return given.every((value) => values.some((other) => holds(other, value)));
    }),
  );
}

const patterns = new Map<string, RegExp>();

/** True when all that a pattern stands for is covered by the other. */
function matches(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === "*") return true;
  if (!/[*?]/.test(wide) || wide.startsWith("all except ")) return false;
  let pattern = patterns.get(wide);
  if (!pattern) {
    const escaped = wide.replace(/[\\^$.+()[\]{}|]/g, "\\$&");
    pattern = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", "[^*]")}$`, "s");
    patterns.set(wide, pattern);
  }
  return pattern.test(narrow);
}
