import { TemplateLexer, type Token } from "./lexer";
import { mistakeAt, SyntaxMistake, type TemplateMistake } from "./mistakes";
import type { Kind } from "./rules";

const MOST_MISTAKES = 20;

/** How deep blocks, expressions and strings in strings may be nested. */
const MOST_LEVELS = 100;

/** The tokens of a template, read one after the other, and what is wrong with it so far. */
export class Tokens {
  readonly lexer: TemplateLexer;
  /** All that were taken. */
  readonly taken: Token[] = [];
  private readonly ahead: Token[] = [];
  private levels = 0;

  constructor(
    readonly text: string,
    readonly mistakes: TemplateMistake[],
    /** Says where an offset is; within a string, where the string is. */
    private readonly place = (at: number, reason: string) => mistakeAt(text, at, reason),
  ) {
    this.lexer = new TemplateLexer(text);
  }

  peek(distance = 0): Token {
    while (this.ahead.length <= distance) this.ahead.push(this.lexer.next());
    return this.ahead[distance] as Token;
  }

  is(...kinds: Kind[]): boolean {
    return kinds.includes(this.peek().kind);
  }

  take(): Token {
    const token = this.peek();
    this.ahead.shift();
    this.taken.push(token);
    return token;
  }

  skip(kind: Kind): boolean {
    if (!this.is(kind)) return false;
    this.take();
    return true;
  }

  /** @throws SyntaxMistake if the next token is of another kind */
  expect(kind: Kind, what: string): Token {
    const token = this.peek();
    if (token.kind !== kind) throw new SyntaxMistake(`${what}, but ${describe(token)} follows`, token.at);
    return this.take();
  }

  /** The text of the tokens taken since then, as Velocity repeats it. */
  literal(from: number, withSpecial = true): string {
    const images = this.taken.slice(from).map(({ kind, image, special }) => {
      if (kind === "comment") return withSpecial ? "" : image;
      return withSpecial ? special + image : image;
    });
    return images.join("");
  }

  note(at: number, reason: string): void {
    if (this.mistakes.length < MOST_MISTAKES) this.mistakes.push(this.place(at, reason));
  }

  /** Reads something; if it cannot be read, notes why and goes on with the next line. */
  recovering<Result>(read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SyntaxMistake)) throw error;
      this.note(error.at, error.message);
      const rest = /\r\n|\n|\r/g;
      rest.lastIndex = error.at;
      this.ahead.length = 0;
      this.lexer.restart(rest.exec(this.text) ? rest.lastIndex : this.text.length);
      return undefined;
    }
  }

  /** Reads something that may contain its like. */
  nested<Result>(read: () => Result): Result {
    if (this.levels >= MOST_LEVELS) {
      throw new SyntaxMistake(`this is nested more than ${MOST_LEVELS} levels deep`, this.peek().at);
    }
    this.levels++;
    try {
      return read();
    } finally {
      this.levels--;
    }
  }
}

function describe({ kind, image }: Token): string {
  if (kind === "end of text") return "the end of the template";
  const shown = image.trim() === "" ? image : image.trim();
  return JSON.stringify(shown.length > 20 ? `${shown.slice(0, 20)}…` : shown);
}
