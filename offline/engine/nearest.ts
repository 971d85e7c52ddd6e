import { distance } from "fastest-levenshtein";

/** The candidate that a misspelt text probably means; undefined if none is close. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  const written = [text.toLowerCase(), ...swaps(text.toLowerCase())];
  const [found] = [...candidates]
    .map((candidate) => ({ candidate, mistakes: mistakesIn(written, candidate.toLowerCase()) }))
    .filter(({ mistakes }) => mistakes <= Math.max(1, text.length / 3))
    .sort((one, other) => one.mistakes - other.mistakes);
  return found?.candidate;
}

/** Two swapped neighbours are one mistake. */
function mistakesIn([text = "", ...swapped]: string[], meant: string): number {
  return Math.min(distance(text, meant), ...swapped.map((other) => 1 + distance(other, meant)));
}

function swaps(text: string): string[] {
  return [...text.slice(1)].map((letter, at) => text.slice(0, at) + letter + text[at] + text.slice(at + 2));
}
