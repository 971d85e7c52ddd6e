import type { Diagnostic } from "./graph";

/**
 * A program, its configuration or its project files are wrong. The message is complete: it says what, where and what to
 * write instead, and is printed as it is.
 */
export class ProgramError extends Error {
  override readonly name = "ProgramError";

  constructor(
    message: string,
    readonly diagnostics: Diagnostic[] = [],
  ) {
    super(message);
  }
}
