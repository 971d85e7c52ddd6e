/** The candidate that a misspelt text probably means; undefined if none is close. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  const [found] = [...candidates]
    .map((candidate) => ({ candidate, mistakes: distance(text.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ mistakes }) => mistakes <= Math.max(1, text.length / 3))
    .sort((one, other) => one.mistakes - other.mistakes);
  return found?.candidate;
}

/** The number of missing, added or different letters; two swapped neighbours count once. */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = one[i - 1] === other[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + changed,
          swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, row] = [row, next];
  }
  return row[other.length] ?? 0;
}
