/** A template takes too long, or makes too much. */
export class BudgetExceededError extends Error {}

/** A method of a value fails, as one of Java throws an exception: the template ends. */
export class MethodFailure extends Error {}

/** A template fails while it runs: a method of Java's that throws an exception, such as an index that is not there. */
export class TemplateFailure extends Error {}
