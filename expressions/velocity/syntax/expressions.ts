import type { Token } from "./lexer";
import { SyntaxMistake } from "./mistakes";
import type { Expression, Member, Operator, Reference, Statement } from "./nodes";
import { referenceOf } from "./reference";
import type { Tokens } from "./tokens";

const LEVELS: Operator[][] = [["||"], ["&&"], ["==", "!="], ["<", ">", "<=", ">="], ["+", "-"], ["*", "/", "%"]];

const VALUES = ["string", "integer", "float", "true", "false", "[", "{", "identifier", "reference{"];

/** What a string in a template may contain is a template again. */
export type ReadString = (text: string, at: number) => Statement[];

/** Reads expressions, which directives contain, and references. */
export class Expressions {
  constructor(
    private readonly tokens: Tokens,
    private readonly readString: ReadString,
  ) {}

  get beginsValue(): boolean {
    return this.tokens.is(...VALUES);
  }

  expression(level = 0): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.expression(level + 1);
    for (let operator = this.operator(operators); operator; operator = this.operator(operators)) {
      this.tokens.take();
      const from = this.tokens.taken.length;
      const right = this.expression(level + 1);
      left = { kind: "binary", operator, left, right, literal: this.tokens.literal(from) };
    }
    return left;
  }

  private operator(operators: Operator[]): Operator | undefined {
    return operators.find((operator) => operator === this.tokens.peek().kind);
  }

  private unary(): Expression {
    const { tokens } = this;
    const isNot = tokens.is("!") || (tokens.is("space") && tokens.peek(1).kind === "!");
    if (!isNot) return this.primary();
    tokens.skip("space");
    tokens.take();
    const from = tokens.taken.length;
    const operand = tokens.nested(() => this.unary());
    return { kind: "not", operand, literal: tokens.literal(from) };
  }

  private primary(): Expression {
    const { tokens } = this;
    tokens.skip("space");
    const value = tokens.is("(") ? this.parenthesized() : this.value();
    tokens.skip("space");
    return value;
  }

  private parenthesized(): Expression {
    const { tokens } = this;
    return tokens.nested(() => {
      tokens.take();
      const from = tokens.taken.length;
      const inner = this.expression();
      const literal = tokens.literal(from);
      tokens.expect(")", "a parenthesis is never closed: write )");
      return { ...inner, literal };
    });
  }

  /** A value with spaces around it, as in the arguments of a method. */
  private parameter(): Expression {
    this.tokens.skip("space");
    const value = this.value();
    this.tokens.skip("space");
    return value;
  }

  value(): Expression {
    const { tokens } = this;
    if (!this.beginsValue) {
      const { at, kind, image } = tokens.peek();
      const found = kind === "end of text" ? "the end of the template" : JSON.stringify(image.trim() || image);
      throw new SyntaxMistake(`a value is expected, not ${found}: write a reference, a string or a number`, at);
    }
    if (tokens.is("identifier", "reference{")) return this.reference();
    return tokens.nested(() => {
      if (tokens.is("[")) return this.list();
      if (tokens.is("{")) return this.map();
      return this.constant(tokens.take());
    });
  }

  private constant(token: Token): Expression {
    const { kind, image } = token;
    const literal = token.special + image;
    if (kind === "true" || kind === "false") return { kind: "constant", value: kind === "true", literal };
    if (kind === "float") return { kind: "float", value: Number(image), literal };
    if (kind === "string") return this.string(token);
    const value = BigInt.asIntN(32, BigInt(image)) === BigInt(image) ? Number(image) : BigInt(image);
    return { kind: "constant", value, literal };
  }

  /** Only double quotes take references, and `\uXXXX`; a doubled quote stands for one in both. */
  private string({ image, special, at }: Token): Expression {
    const quote = image.charAt(0);
    const written = image.slice(1, -1);
    const text = (quote === '"' ? this.unescape(written, at) : written).replaceAll(quote + quote, quote);
    const literal = special + image;
    if (quote === "'" || !/[$#]/.test(image)) return { kind: "constant", value: text, literal };
    const isPadded = !text.includes("##");
    const body = this.readString(isPadded ? `${text} ` : text, at + 1);
    return { kind: "template", body, isPadded, literal };
  }

  private unescape(text: string, at: number): string {
    return text.replace(/\\u(.{0,4})/gs, (_, code: string) => {
      if (!/^[0-9a-f]{4}$/i.test(code)) this.tokens.note(at, `\\u${code} is not a character: write four hex digits`);
      return String.fromCharCode(Number.parseInt(code, 16));
    });
  }

  private list(): Expression {
    const { tokens } = this;
    const from = tokens.taken.length;
    tokens.take();
    const items: Expression[] = [];
    if (!tokens.is("]")) {
      items.push(this.parameter());
      if (tokens.skip("..")) return this.range(from, items);
      while (tokens.skip(",")) items.push(this.parameter());
    }
    tokens.expect("]", "a list is never closed: write ] after its items, with a comma between two");
    return { kind: "list", items, literal: tokens.literal(from) };
  }

  private range(start: number, [from]: Expression[]): Expression {
    const { tokens } = this;
    const { at } = tokens.peek();
    const to = this.parameter();
    tokens.expect("]", "a range is never closed: write ]");
    for (const end of [from, to]) {
      const isNumber = end?.kind === "reference" || (end?.kind === "constant" && /^-?\d/.test(end.literal));
      if (!isNumber) throw new SyntaxMistake("a range goes from an integer or a reference to another", at);
    }
    return { kind: "range", from: from as Expression, to, literal: tokens.literal(start) };
  }

  private map(): Expression {
    const { tokens } = this;
    const from = tokens.taken.length;
    tokens.take();
    const entries: [Expression, Expression][] = [];
    const isEmpty = tokens.is("}", "reference}") || (tokens.is("space") && /}$/.test(tokens.peek(1).kind));
    if (isEmpty) tokens.skip("space");
    else {
      do {
        const key = this.parameter();
        tokens.expect(":", "a map has a colon after each key");
        entries.push([key, this.parameter()]);
      } while (tokens.skip(","));
    }
    if (!tokens.skip("reference}")) {
      tokens.expect("}", "a map is never closed: write } after its entries, with a comma between two");
    }
    return { kind: "map", entries, literal: tokens.literal(from) };
  }

  reference(): Reference {
    const { tokens } = this;
    const from = tokens.taken.length;
    const isBraced = tokens.skip("reference{");
    tokens.expect("identifier", "a reference is a $ and a name");
    const members = this.members();
    if (isBraced) tokens.expect("reference}", "a reference with ${ is never closed: write }");
    return referenceOf(tokens, from, members);
  }

  private members(): Member[] {
    const { tokens } = this;
    const members: Member[] = this.indexes();
    while (tokens.is("dot") && tokens.peek(1).kind === "identifier") {
      tokens.take();
      const { at, image: name } = tokens.take();
      const isMethod = tokens.is("(") && ["arguments)", "space", ...VALUES].includes(tokens.peek(1).kind);
      if (isMethod) members.push({ kind: "method", name, arguments: this.arguments(), at });
      else members.push({ kind: "property", name, at });
      members.push(...this.indexes());
    }
    return members;
  }

  private arguments(): Expression[] {
    const { tokens } = this;
    return tokens.nested(() => {
      tokens.take();
      const given: Expression[] = [];
      if (!tokens.is("arguments)")) {
        do given.push(this.parameter());
        while (tokens.skip(","));
      }
      const what =
        "a method's arguments are never closed: write ), and compute what is not a plain value with #set before";
      tokens.expect("arguments)", what);
      return given;
    });
  }

  private indexes(): Member[] {
    const { tokens } = this;
    const indexes: Member[] = [];
    while (tokens.is("index[")) {
      const { at } = tokens.take();
      indexes.push({ kind: "index", index: tokens.nested(() => this.parameter()), at });
      tokens.expect("index]", "an index is never closed: write ] after a string, an integer or a reference");
    }
    return indexes;
  }
}
