/** A value that a rule wanted to read, but that is known only after deployment. */
export interface Unknown {
  /** The object in which it was looked up: a resource's properties, or part of them. */
  within: object;
  /** Its path in the resource's properties. */
  path: string;
}

/** What a check returned, and the unknown values that it tried to read. */
export interface Watched<Result> {
  result: Result;
  unknowns: Unknown[];
}

/** The unknown values that the running check has tried to read; undefined outside `watch`. */
let noted: Unknown[] | undefined;

/** Says that the outcome may depend on these values. */
export function note(unknowns: Unknown[]): void {
  noted?.push(...unknowns);
}

/** Runs a check. The unknown values go to the caller, who decides whether they matter, and not to an outer `watch`. */
export function watch<Result>(check: () => Result): Watched<Result> {
  const outer = noted;
  const unknowns: Unknown[] = [];
  noted = unknowns;
  try {
    return { result: check(), unknowns };
  } finally {
    noted = outer;
  }
}

/**
 * Whether one of the conditions is met. If one certainly is, unknown values in the others do not matter;
 * otherwise a condition that depends on an unknown value counts as met, and the value is noted.
 */
export function anyOf(...conditions: (() => boolean)[]): boolean {
  const unknowns: Unknown[] = [];
  for (const condition of conditions) {
    const watched = watch(condition);
    if (watched.result && watched.unknowns.length === 0) return true;
    unknowns.push(...watched.unknowns);
  }
  note(unknowns);
  return unknowns.length > 0;
}

/**
 * The findings, unless the condition is met. If it may be met, there are no findings, and the unknown values on which
 * it depends matter only if there would have been some.
 */
export function unless<Found>(condition: () => boolean, check: () => Found[]): Found[] {
  const excuse = watch(condition);
  const isUncertain = excuse.unknowns.length > 0;
  if (excuse.result && !isUncertain) return [];
  const { result, unknowns } = watch(check);
  note(unknowns);
  if (!isUncertain) return result;
  if (result.length > 0) note(excuse.unknowns);
  return [];
}
