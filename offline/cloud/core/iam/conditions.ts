import { isInNetwork } from "../networks";
import { asMap } from "../resources";
import { type Facts, factOf, matchesPattern, substitute } from "./variables";

type Test = (given: string, wanted: string, facts: Facts) => boolean;

/** Tests whose second operand may have variables, but no wildcards. */
function literal(test: (given: string, wanted: string) => boolean): Test {
  return (given, wanted, facts) => {
    const text = substitute(wanted, facts);
    return text !== undefined && test(given, text);
  };
}

function numbers(test: (given: number, wanted: number) => boolean): Test {
  return literal((given, wanted) => test(Number(given), Number(wanted)));
}

function dates(test: (given: number, wanted: number) => boolean): Test {
  return literal((given, wanted) => test(timeOf(given), timeOf(wanted)));
}

/** In milliseconds since 1970: of ISO 8601, or of seconds since 1970. */
function timeOf(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

/** Wildcards stay within the six parts of an ARN. */
const arn: Test = (given, wanted, facts) => {
  const texts = partsOf(given);
  return partsOf(wanted).every((part, index) => matchesPattern(part, texts[index] ?? "", facts));
};

/** The last part and the names of variables have colons of their own. */
function partsOf(text: string): string[] {
  const parts = text.split(/:(?![^{}]*\})/);
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** By the names of operators in lower case, without `Not`. */
const TESTS: Record<string, Test> = {
  stringequals: literal((given, wanted) => given === wanted),
  stringequalsignorecase: literal((given, wanted) => given.toLowerCase() === wanted.toLowerCase()),
  stringlike: (given, wanted, facts) => matchesPattern(wanted, given, facts),
  binaryequals: literal((given, wanted) => given === wanted),
  arnequals: arn,
  arnlike: arn,
  bool: literal((given, wanted) => given.toLowerCase() === wanted.toLowerCase()),
  ipaddress: literal(isInNetwork),
  numericequals: numbers((given, wanted) => given === wanted),
  numericlessthan: numbers((given, wanted) => given < wanted),
  numericlessthanequals: numbers((given, wanted) => given <= wanted),
  numericgreaterthan: numbers((given, wanted) => given > wanted),
  numericgreaterthanequals: numbers((given, wanted) => given >= wanted),
  dateequals: dates((given, wanted) => given === wanted),
  datelessthan: dates((given, wanted) => given < wanted),
  datelessthanequals: dates((given, wanted) => given <= wanted),
  dategreaterthan: dates((given, wanted) => given > wanted),
  dategreaterthanequals: dates((given, wanted) => given >= wanted),
};

/** No request here comes through a VPC: a condition on these keys neither refuses a call nor keeps it from being allowed. */
const OF_VPCS = new Set(["aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce", "aws:vpcsourceip"]);

/**
 * Whether the condition of a statement holds: all of its operators, for all of their keys. An operator that IAM does not
 * have never lets a request through.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function holds(condition: unknown, facts: Facts, effect: unknown): boolean {
  return Object.entries(asMap(condition)).every(([operator, keys]) => {
    const test = testOf(operator);
    return Object.entries(asMap(keys)).every(([key, values]) => {
      if (OF_VPCS.has(key.toLowerCase())) return effect === "Allow";
      return test === undefined ? effect !== "Allow" : test(factOf(facts, key), [values].flat().map(String), facts);
    });
  });
}

/** Decides about the value of a key, which may be absent. */
type Decision = (given: string | undefined, wanted: string[], facts: Facts) => boolean;

/** The keys that are known here have one value each, so quantifiers only matter for a key that is missing. */
function testOf(operator: string): Decision | undefined {
  const [, quantifier = "", name = "", optional] =
    /^(forallvalues:|foranyvalue:)?(.*?)(ifexists)?$/.exec(operator.toLowerCase()) ?? [];
  if (name === "null") return (given, wanted) => wanted.includes(String(given === undefined));
  const isNegated = /^(?:string|arn|numeric|date)not|^not/.test(name);
  const test = Object.hasOwn(TESTS, name.replace("not", "")) ? TESTS[name.replace("not", "")] : undefined;
  const isAny = quantifier === "foranyvalue:";
  const whenAbsent = optional !== undefined || quantifier === "forallvalues:" || (isNegated && !isAny);
  return (
    test &&
    ((given, wanted, facts) =>
      given === undefined ? whenAbsent : wanted.some((one) => test(given, one, facts)) !== isNegated)
  );
}
