import { escapePattern, sourceOf } from "../wildcards";

/** What is known of a request, by the names of condition keys in lower case, such as `aws:sourceip`. */
export type Facts = Readonly<Record<string, string | undefined>>;

/** @param name of a condition key, whatever the case of letters */
export function factOf(facts: Facts, name: string): string | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(facts, key) ? facts[key] : undefined;
}

/** Such as `${aws:username}`, `${aws:username, 'nobody'}` or `${*}`. */
const VARIABLE = /\$\{([^}]*)\}/;
const LITERALS = ["*", "?", "$"];

/**
 * Whether a text matches a pattern, in which policy variables stand for what is known of a request.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function matchesPattern(pattern: string, text: string, facts: Facts): boolean {
  const source = expand(pattern, facts, sourceOf, escapePattern);
  return source !== undefined && new RegExp(`^${source}$`, "s").test(text);
}

/** A text with the values of its policy variables; undefined if one of them has none. */
export function substitute(text: string, facts: Facts): string | undefined {
  const same = (part: string) => part;
  return expand(text, facts, same, same);
}

function expand(text: string, facts: Facts, plain: (part: string) => string, value: (part: string) => string) {
  // The captured names of variables are at the odd places.
  const parts = text.split(VARIABLE).map((part, index) => {
    if (index % 2 === 0) return plain(part);
    const known = variableIn(part, facts);
    return known === undefined ? undefined : value(known);
  });
  return parts.includes(undefined) ? undefined : parts.join("");
}

function variableIn(variable: string, facts: Facts): string | undefined {
  if (LITERALS.includes(variable)) return variable;
  const [, name = "", fallback] = /^\s*([^,\s]+)\s*(?:,\s*'(.*)'\s*)?$/.exec(variable) ?? [];
  return factOf(facts, name) ?? fallback;
}
