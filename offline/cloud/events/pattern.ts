import {
  BUS_EVENT,
  describeMistake,
  InvalidPatternError,
  type MatchableEvent,
  mistakesOf,
  parsePattern,
} from "../../../expressions/patterns";

/** Whether an event matches. */
export type Matcher = (event: MatchableEvent) => boolean;

const matchesNothing: Matcher = () => false;

/** The matcher of a pattern in JSON. It matches nothing without a pattern, or with one that AWS refuses. */
export function matcherOf(pattern: string | undefined): Matcher {
  if (pattern === undefined) return matchesNothing;
  const read = readPattern(pattern);
  return read instanceof InvalidPatternError ? matchesNothing : read;
}

/** Why AWS refuses a pattern, with what to write instead; undefined if it does not. */
export function patternMistake(pattern: string): string | undefined {
  const read = readPattern(pattern);
  return read instanceof InvalidPatternError ? read.explanations.join(" ") : undefined;
}

/** Why no event of a bus can match a pattern that AWS accepts; undefined if one can. */
export function whyNoMatch(pattern: string): string | undefined {
  return mistakesOf(pattern, BUS_EVENT).map(describeMistake).join(" ") || undefined;
}

/** The matcher of a pattern in JSON, or why AWS refuses it. */
export function readPattern(text: string): Matcher | InvalidPatternError {
  try {
    const pattern = parsePattern(text);
    return (event) => pattern.matches(event);
  } catch (error) {
    if (error instanceof InvalidPatternError) return error;
    throw error;
  }
}
