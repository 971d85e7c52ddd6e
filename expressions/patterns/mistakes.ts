/** What is wrong with a pattern. */
export interface Mistake {
  /** The field's path in the pattern, such as `detail.state[0]`; empty for the whole pattern. */
  path: string;
  /** The problem, in AWS's words where AWS refuses the pattern. */
  reason: string;
  /** What to write instead. */
  advice: string;
}

/** Thrown where a pattern is refused. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

/** @throws Refusal always */
export function refuse(reason: string, advice: string): never {
  throw new Refusal(reason, advice);
}

/** A mistake in one line: where it is, what is wrong, and what to write instead. */
export function describeMistake({ path, reason, advice }: Mistake): string {
  return `${path === "" ? "" : `${path}: `}${reason.replace(/\.$/, "")}. ${advice}`;
}
