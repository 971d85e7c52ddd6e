import { type Alternative, Compiler } from "./compile";
import { joined, MatchableEvent, type Membership, readEvent } from "./event";
import { type Json, readJson } from "./json";
import { describeMistake, type Mistake } from "./mistakes";
import { ALL_OPERATORS, type Operators, type Test } from "./operators";

/** A pattern that AWS refuses. */
export class InvalidPatternError extends Error {
  override readonly name = "InvalidPatternError";
  /** AWS's error code. */
  readonly code = "InvalidEventPatternException";

  constructor(readonly mistakes: readonly Mistake[]) {
    super(`Event pattern is not valid. Reason: ${mistakes[0]?.reason}`);
  }

  /** One line for each mistake, with what to write instead. */
  get explanations(): string[] {
    return this.mistakes.map(describeMistake);
  }
}

/** The tests of a field that an event must pass. */
interface Field {
  path: string;
  tests: Test[];
  mayBeAbsent: boolean;
}

/**
 * A compiled event pattern, as EventBridge's rules, Lambda's event filters and EventBridge Pipes have them.
 *
 * An event is flattened first: its values are those that are neither objects nor arrays, by their dotted paths. So
 * `{"exists": false}` matches an object and an empty array too, and `{"a.b": [1]}` matches `{"a": {"b": 1}}`. Fields of
 * objects in an array match within the same element. Numbers are compared by their value, however they are spelled.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export class Pattern {
  private readonly alternatives: Field[][];

  constructor(alternatives: readonly Alternative[]) {
    this.alternatives = alternatives.map((alternative) =>
      [...alternative]
        // As AWS's matcher does: the order decides in which element of an array an absent field is looked for.
        .sort(([some], [other]) => (some < other ? -1 : 1))
        .map(([path, tests]) => ({ path, tests, mayBeAbsent: tests.some(({ kind }) => kind === "absent") })),
    );
  }

  /** Whether an event matches. What is not a JSON object never does. */
  matches(event: string | object | MatchableEvent): boolean {
    const matchable = matchableOf(event);
    return matchable !== undefined && this.alternatives.some((fields) => matchFrom(0, fields, matchable, []));
  }
}

/**
 * Compiles an event pattern.
 * @param pattern JSON, or what `JSON.stringify` makes JSON of
 * @throws InvalidPatternError with all mistakes; its message is AWS's
 */
export function parsePattern(pattern: string | object, operators: Operators = ALL_OPERATORS): Pattern {
  return new Pattern(compilePattern(pattern, operators));
}

/** @throws InvalidPatternError */
export function compilePattern(pattern: string | object, operators: Operators): Alternative[] {
  const json = jsonOf(pattern);
  const compiler = new Compiler(operators);
  const alternatives = compiler.compile(json);
  if (compiler.mistakes.length === 0) return alternatives;
  const withoutOr = new Compiler(operators, true);
  const others = withoutOr.compile(json);
  if (withoutOr.mistakes.length === 0) return others;
  throw new InvalidPatternError(compiler.mistakes);
}

function jsonOf(pattern: string | object): Json {
  try {
    return readJson(pattern);
  } catch (error) {
    const advice = 'Write a JSON object, such as {"source": ["aws.s3"]}.';
    throw new InvalidPatternError([{ path: "", reason: `It is not JSON: ${(error as Error).message}`, advice }]);
  }
}

function matchableOf(event: string | object): MatchableEvent | undefined {
  if (event instanceof MatchableEvent) return event;
  try {
    return readEvent(event);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether the fields from this one on match, all within the array elements that the ones before have matched in. */
function matchFrom(index: number, fields: Field[], event: MatchableEvent, membership: Membership): boolean {
  const field = fields[index];
  if (!field) return true;
  const { path, tests, mayBeAbsent } = field;
  const tried = new Set<string>();
  let isAbsent = true;
  for (const { leaf, membership: own } of event.at(path)) {
    const both = joined(membership, own);
    if (!both) continue;
    isAbsent = false;
    if (!tests.some((test) => test.passes(leaf))) continue;
    const key = both.map(({ array, index: element }) => `${array}:${element}`).join();
    if (tried.has(key)) continue;
    tried.add(key);
    if (matchFrom(index + 1, fields, event, both)) return true;
  }
  return isAbsent && mayBeAbsent && matchFrom(index + 1, fields, event, membership);
}
