import { distance } from "fastest-levenshtein";

/** The known names that a misspelt or incomplete name may stand for, the nearest first. */
export function nearest(name: string, known: string[]): string[] {
  const most = name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 4));
  const word = name.toLowerCase();
  const farness = (candidate: string) => (candidate.startsWith(`${word}.`) ? 0 : distance(word, candidate));
  return known
    .map((candidate) => ({ candidate, far: farness(candidate.toLowerCase()) }))
    .filter(({ far }) => far <= most)
    .sort((one, other) => one.far - other.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
