import type { AwsError } from "../../core/awsError";
import { validationError } from "../errors";
import { malformed } from "./refusals";
import { type Token, tokenize } from "./tokens";

/** How deep an expression may be nested. DynamoDB allows no more operators in one. */
const DEEPEST = 300;

/** Reads a statement token by token. */
export class Cursor {
  private readonly tokens: Token[];
  private index = 0;
  private depth = 0;
  private refusal: AwsError | undefined;
  /** How many parameters have been read. */
  parameters = 0;

  /** @throws AwsError as `tokenize` */
  constructor(statement: string) {
    this.tokens = tokenize(statement);
  }

  get token(): Token {
    return this.tokens[this.index] as Token;
  }

  get next(): Token {
    return this.tokens[this.index + 1] ?? this.token;
  }

  /** Whether the statement has no more to say. */
  get atEnd(): boolean {
    return this.token.kind === "end" || (this.is(";") && this.next.kind === "end");
  }

  /** Whether a symbol or a keyword comes next. */
  is(...texts: string[]): boolean {
    const { kind, text } = this.token;
    return (kind === "symbol" || kind === "keyword") && texts.includes(text);
  }

  /** Whether a name comes next, with or without quotes. */
  get isName(): boolean {
    return this.token.kind === "name" || this.token.kind === "quoted";
  }

  take(): Token {
    const { token } = this;
    if (token.kind !== "end") this.index += 1;
    return token;
  }

  /** Passes a symbol or a keyword if it comes next. */
  passes(text: string): boolean {
    const found = this.is(text);
    if (found) this.index += 1;
    return found;
  }

  /** Passes a symbol or a keyword. @throws AwsError with the reason if something else comes next */
  expect(text: string, reason: string): void {
    if (!this.passes(text)) throw malformed(reason);
  }

  /** Keeps what DynamoDB refuses about a statement that it can parse, to be said if it can. The first counts. */
  refuse(message: string): void {
    this.refusal ??= validationError(message);
  }

  /** @throws AwsError when something is left, or something was refused */
  finish(): void {
    if (!this.atEnd) throw malformed("Unexpected token after expression");
    if (this.refusal) throw this.refusal;
  }

  /** Reads something within something. @throws AwsError when it is too deep */
  nested<Result>(read: () => Result): Result {
    this.depth += 1;
    if (this.depth > DEEPEST) throw malformed("The expression is nested too deeply");
    const result = read();
    this.depth -= 1;
    return result;
  }
}
