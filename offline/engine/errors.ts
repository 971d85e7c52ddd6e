import type { Diagnostic } from "./graph";

/**
 * An error in a program, its configuration or its project files. Its message is printed as it is: it says what is wrong,
 * where, and what to write instead.
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

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
