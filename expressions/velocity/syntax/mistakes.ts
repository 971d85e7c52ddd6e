/** What is wrong with a template, and where. */
export interface TemplateMistake {
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units. */
  column: number;
  /** What is wrong, and what to write instead. */
  reason: string;
}

/** A template that cannot be read. */
export class InvalidTemplateError extends Error {
  constructor(readonly mistakes: TemplateMistake[]) {
    super(mistakes.map(describeTemplateMistake).join("; "));
    this.name = "InvalidTemplateError";
  }
}

/** A mistake in one line, such as `line 2, column 5: #foreach is never closed: write #end`. */
export function describeTemplateMistake({ line, column, reason }: TemplateMistake): string {
  return `line ${line}, column ${column}: ${reason}`;
}

/** Thrown where the text cannot be read on. */
export class SyntaxMistake extends Error {
  constructor(
    message: string,
    /** Offset in the text. */
    readonly at: number,
  ) {
    super(message);
  }
}

export function mistakeAt(text: string, at: number, reason: string): TemplateMistake {
  const lines = text.slice(0, at).split(/\r\n|\n|\r/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, reason };
}
