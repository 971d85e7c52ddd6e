import { distance } from "fastest-levenshtein";

/** The known names that a name may have been meant for, the nearest first: misspelt, or only begun. */
export function nearest(name: string, known: string[]): string[] {
  const most = Math.max(2, Math.floor(name.length / 4));
  const word = name.toLowerCase();
  return known
    .map((candidate) => ({ candidate, far: distance(word, candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= most || candidate.startsWith(`${name}.`))
    .sort((one, other) => one.far - other.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
