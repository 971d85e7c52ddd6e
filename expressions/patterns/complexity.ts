import { refuse } from "./mistakes";
import { piecesOf } from "./texts";

/** How many places in a field's wildcard patterns a text may have reached at once. AWS does not document its own bound. */
const MAX_PLACES = 10;
/** How many sets of places are examined, so that the check ends soon. Patterns that have more are accepted. */
const MAX_SETS = 5000;

/** How much of a pattern a text has matched. */
interface Place {
  /** The operator and the part of the pattern that has been matched: patterns of one operator that begin alike share it. */
  key: string;
  /** The character that matches next. */
  character?: string;
  /** The place after that character. */
  next?: Place;
  /** The place after any character: in a wildcard that follows, or that has begun. */
  wildcard?: Place;
}

/**
 * Refuses wildcard patterns in which a text could reach too many places at once.
 * @param operators the patterns of each operator of a field
 * @throws Refusal
 * @see https://github.com/aws/event-ruler, whose `MachineComplexityEvaluator` counts the same
 */
export function checkComplexity(operators: readonly (readonly string[])[]): void {
  const starts = operators.flatMap((patterns, index) => patterns.map((pattern) => startOf(pattern, String(index))));
  const characters = new Set([...operators.flat().flatMap((pattern) => piecesOf(pattern).join("").split("")), '"', ""]);
  const seen = new Set<string>();
  const waiting = [starts];
  for (let places = waiting.pop(); places && seen.size < MAX_SETS; places = waiting.pop()) {
    for (const character of characters) {
      const reached = new Set<Place>();
      for (const { character: expected, next, wildcard } of places) {
        if (wildcard) reached.add(wildcard);
        if (next && expected === character) reached.add(next);
      }
      const keys = [...reached].map(({ key }) => key);
      if (new Set(keys).size > MAX_PLACES) tooComplex();
      const all = keys.sort().join("\n");
      if (reached.size === 0 || seen.has(all)) continue;
      seen.add(all);
      waiting.push([...reached]);
    }
  }
}

function tooComplex(): never {
  const reason =
    "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character";
  return refuse(reason, "Write out what is known of the text, or use a prefix or a suffix.");
}

/** The places of a pattern; AWS matches the quotation marks around a text too. */
function startOf(pattern: string, operator: string): Place {
  const tokens = piecesOf(pattern).flatMap((piece, index) => [...(index === 0 ? [] : [undefined]), ...piece.split("")]);
  return placeAt(['"', ...tokens, '"'], operator);
}

/** @param tokens the characters to come, undefined for each wildcard */
function placeAt([token, ...rest]: (string | undefined)[], key: string): Place {
  if (rest.length === 0) return { key, character: token, next: { key: `${key}${token}` } };
  if (token !== undefined) return { key, character: token, next: placeAt(rest, `${key}${token}`) };
  // A wildcard may be empty, so that what follows it can come at once.
  const after = placeAt(rest, `${key}*`);
  const wildcard: Place = { ...after, key: `${key}*` };
  wildcard.wildcard = wildcard;
  return { ...after, key, wildcard };
}
