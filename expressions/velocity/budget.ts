import { BudgetExceededError } from "./failures";

/** The longest text that a template may make, in UTF-16 units: an API's largest payload. */
export const MOST_CHARACTERS = 10 * 2 ** 20;

/** How many items a list or a map may have. */
export const MOST_ITEMS = 100_000;

const MOST_STEPS = 1_000_000;

/** For methods that take long on large values, in milliseconds. */
const MOST_TIME = 900;

/** How deep macros, blocks and `#evaluate` may call each other. */
const MOST_CALLS = 20;

/** What a template may use. Loops and texts that grow without end are over before a second is. */
export class Budget {
  private readonly end = Date.now() + MOST_TIME;
  private steps = 0;
  private calls = 0;

  /** @throws BudgetExceededError when the template has done too much */
  spend(steps = 1): void {
    this.steps += steps;
    if (this.steps > MOST_STEPS || Date.now() > this.end) {
      throw new BudgetExceededError("the template takes too long: it loops too often");
    }
  }

  /** Text that was made costs time by its length. */
  made(text: string): void {
    if (text.length > MOST_CHARACTERS) {
      throw new BudgetExceededError(`the template makes a text of more than ${MOST_CHARACTERS} characters`);
    }
    this.spend(text.length >> 7);
  }

  within<Result>(what: string, run: () => Result): Result {
    if (this.calls >= MOST_CALLS)
      throw new BudgetExceededError(`${what} is nested more than ${MOST_CALLS} levels deep`);
    this.calls++;
    try {
      return run();
    } finally {
      this.calls--;
    }
  }
}
