import { objectIn } from "../json";
import { asList, asMap, asTexts, type Settings } from "../resources";
import { covers } from "../wildcards";
import { holds } from "./conditions";
import { type Facts, matchesPattern } from "./variables";

export type Effect = "Allow" | "Deny";

/** A request as policies see it. */
export interface AccessRequest {
  /** Such as `execute-api:Invoke`. */
  action: string;
  /** The ARN of what the action is done to. */
  resource: string;
  /** The ARNs that name the caller: of a user, or of a role and its session. None for whoever has not signed. */
  names: readonly string[];
  facts: Facts;
}

/** The statements of a policy document, as JSON or an object; undefined if it is not one. */
export function statementsIn(document: unknown): Settings[] | undefined {
  const { Statement } = typeof document === "string" ? objectIn(document) : asMap(document);
  return Statement === undefined ? undefined : asList([Statement].flat());
}

/**
 * What statements say of a request: what one of them denies is denied, whatever the others allow; undefined if none is
 * about it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function effectOf(statements: readonly Settings[], request: AccessRequest): Effect | undefined {
  return strongest(
    ...statements
      .filter((statement) => {
        const { Effect: effect, Condition } = statement;
        return isAbout(statement, request) && isFor(statement, request) && holds(Condition, request.facts, effect);
      })
      .map(({ Effect: effect }) => (effect === "Allow" || effect === "Deny" ? effect : undefined)),
  );
}

/** What several policies say together. */
export function strongest(...effects: (Effect | undefined)[]): Effect | undefined {
  if (effects.includes("Deny")) return "Deny";
  return effects.includes("Allow") ? "Allow" : undefined;
}

/** Whether a statement is about an action on a resource, whoever does it and under whatever condition. */
export function isAbout(
  { Action, NotAction, Resource, NotResource }: Settings,
  { action, resource, facts }: Pick<AccessRequest, "action" | "resource" | "facts">,
): boolean {
  const includes = (patterns: unknown) =>
    asTexts([patterns].flat()).some((pattern) => matchesPattern(pattern, resource, facts));
  const isAction = NotAction === undefined ? covers(Action, action) : !covers(NotAction, action);
  return isAction && (NotResource === undefined ? includes(Resource) : !includes(NotResource));
}

/** Whether a statement is for the caller. One that names no principal, as in the policies of roles, is for all. */
function isFor({ Effect: effect, Principal, NotPrincipal }: Settings, { names }: AccessRequest): boolean {
  if (NotPrincipal !== undefined) return !isNamed(NotPrincipal, names, true);
  return Principal === undefined || isNamed(Principal, names, effect === "Deny");
}

/**
 * @param withAccount whether naming an account names everybody in it. A statement that allows something to an account only
 * leaves it to the account's own policies.
 */
function isNamed(principal: unknown, names: readonly string[], withAccount: boolean): boolean {
  const given = principal === "*" ? ["*"] : asTexts([asMap(principal).AWS ?? []].flat());
  const accounts = withAccount ? names.map((name) => name.split(":")[4]) : [];
  return given.some((one) => {
    if (one === "*" || names.includes(one)) return true;
    const [, account] = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(one) ?? [];
    return account !== undefined && accounts.includes(account);
  });
}
