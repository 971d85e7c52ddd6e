import { type Argument, checkArguments, DIRECTIVES } from "./directives";
import { Expressions } from "./expressions";
import type { Token } from "./lexer";
import { mistakeAt, SyntaxMistake, type TemplateMistake } from "./mistakes";
import type { Branch, Macro, Statement } from "./nodes";
import { Tokens } from "./tokens";

/** What a template says: its statements, and the macros that it defines. */
export interface Syntax {
  body: Statement[];
  macros: Map<string, Macro>;
}

const BLOCKS = new Set(["foreach", "macro", "literal", "define"]);
const CONTROL = new Set(["#if", "#elseif", "#else", "#end"]);
const ESCAPABLE = new Set([...DIRECTIVES, "if", "end", "set", "else", "elseif"]);

/** Reads a template and notes all its mistakes. */
export function parse(text: string, mistakes: TemplateMistake[], known: Syntax["macros"] = new Map()): Syntax {
  const parser = new Parser(new Tokens(text, mistakes), known);
  return { body: parser.template(), macros: parser.macros };
}

class Parser {
  private readonly expressions: Expressions;

  constructor(
    private readonly tokens: Tokens,
    readonly macros: Syntax["macros"],
  ) {
    this.expressions = new Expressions(tokens, (text, at) => this.string(text, at));
  }

  template(): Statement[] {
    const body: Statement[] = [];
    for (;;) {
      body.push(...this.statements());
      const { tokens } = this;
      if (tokens.is("end of text")) return body;
      tokens.recovering(() => {
        const { at, image } = tokens.peek();
        const what = CONTROL.has(tokens.peek().kind)
          ? "closes or continues nothing: no #if or block is open"
          : "cannot stand here";
        throw new SyntaxMistake(`${image.trim()} ${what}`, at);
      });
    }
  }

  /** A string in double quotes is a template of its own, which knows the same macros. */
  private string(text: string, at: number): Statement[] {
    const { tokens } = this;
    const place = (offset: number, reason: string) => mistakeAt(tokens.text, at + offset, reason);
    return tokens.nested(() => new Parser(new Tokens(text, tokens.mistakes, place), this.macros).template());
  }

  private statements(): Statement[] {
    const body: Statement[] = [];
    for (;;) {
      const statement = this.tokens.recovering(() => this.statement() ?? "none");
      if (statement === "none") return body;
      if (statement) body.push(statement);
    }
  }

  /** Undefined if the next token begins no statement. */
  private statement(): Statement | undefined {
    const { tokens } = this;
    const { kind } = tokens.peek();
    if (kind === "#if") return this.tokens.nested(() => this.ifStatement());
    if (kind === "identifier") return this.expressions.reference();
    if (kind === "reference{" && tokens.peek(1).kind === "identifier") return this.expressions.reference();
    if (kind === "##" || kind === "comment") return this.comment();
    if (kind === "#set(") return this.set();
    if (kind === "double escape") return this.escape();
    if (kind === "word" || kind === "bracketed word") return tokens.nested(() => this.directive());
    if (kind === "block") return { kind: "text", text: tokens.take().image.slice(3, -3) };
    if (kind === "escaped directive") {
      const token = tokens.take();
      token.image = this.unescaped(token.image);
      return { kind: "text", text: token.image };
    }
    if (!TEXTS.has(kind)) return undefined;
    const { special, image } = tokens.take();
    return { kind: "text", text: special + image };
  }

  private comment(): Statement {
    const { image } = this.tokens.take();
    this.tokens.skip("end of line comment");
    const at = image.includes("##") ? image.indexOf("##") : image.indexOf("#*");
    return { kind: "text", text: at === -1 ? "" : image.slice(0, at) };
  }

  private unescaped(image: string): string {
    const last = image.lastIndexOf("\\");
    const name = image.slice(last + 2).replace(/^\{(.*)\}$/, "$1");
    const isDirective = ESCAPABLE.has(name) || this.macros.has(name);
    return isDirective ? image.slice(0, Math.floor(last / 2)) + image.slice(last + 1) : image;
  }

  /** Pairs of backslashes count as one each before a directive only. */
  private escape(): Statement {
    const { tokens } = this;
    let count = 0;
    while (tokens.skip("double escape")) count++;
    const { kind, image } = tokens.peek();
    const name = image.slice(1);
    const isControl = CONTROL.has(kind) || DIRECTIVES.has(name) || this.macros.has(name);
    return { kind: "text", text: (isControl ? "\\" : "\\\\").repeat(count) };
  }

  private set(): Statement {
    const { tokens, expressions } = this;
    tokens.take();
    tokens.skip("space");
    const target = expressions.reference();
    tokens.skip("space");
    tokens.expect("=", "#set assigns with =");
    const value = expressions.expression();
    tokens.expect(")", "#set is never closed: write )");
    tokens.lexer.inSet = false;
    return { kind: "set", target, value };
  }

  private ifStatement(): Statement {
    const { tokens } = this;
    const opening = tokens.peek();
    const branches: Branch[] = [this.branch("#if")];
    while (tokens.is("#elseif")) branches.push(this.branch("#elseif"));
    if (tokens.skip("#else")) branches.push({ body: this.statements() });
    this.end("#if", opening);
    return { kind: "if", branches };
  }

  private branch(name: string): Branch {
    const { tokens } = this;
    const test = tokens.recovering(() => {
      tokens.take();
      tokens.skip("space");
      tokens.expect("(", `${name} has its condition in parentheses`);
      const condition = this.expressions.expression();
      tokens.expect(")", `the condition of ${name} is never closed: write )`);
      return condition;
    });
    return { test, body: this.statements() };
  }

  private end(name: string, { at }: Token): void {
    const { tokens } = this;
    if (tokens.skip("#end")) return;
    if (tokens.is("end of text")) tokens.note(at, `${name} is never closed: write #end`);
    else tokens.expect("#end", `${name} ends with #end`);
  }

  private directive(): Statement {
    const { tokens } = this;
    const from = tokens.taken.length;
    const opening = tokens.take();
    const { kind, image, at } = opening;
    const name = kind === "word" ? image.slice(1) : image.slice(2, -1);
    tokens.lexer.state = "directive";
    if (!tokens.lexer.isBeforeParenthesis) {
      tokens.lexer.pop();
      if (BLOCKS.has(name)) tokens.note(at, `#${name} needs its arguments in parentheses`);
      if (name.startsWith("@")) return { kind: "text", text: `#${name}` };
      return this.finish(name, [], from, opening);
    }
    const given = tokens.recovering(() => this.arguments()) ?? [];
    const isBlock = BLOCKS.has(name) || name.startsWith("@");
    const start = tokens.taken.length;
    const body = isBlock ? this.statements() : undefined;
    const literal = tokens.literal(start);
    if (isBlock) this.end(`#${name}`, opening);
    if (name === "literal") return { kind: "text", text: literal };
    return this.finish(name, given, from, opening, body);
  }

  private arguments(): Argument[] {
    const { tokens } = this;
    tokens.skip("space");
    tokens.take();
    const given: Argument[] = [];
    for (;;) {
      tokens.skip("space");
      if (tokens.skip(",")) tokens.skip("space");
      else if (!tokens.is("word") && !this.expressions.beginsValue) break;
      const token = tokens.peek();
      given.push(tokens.is("word") ? { token: tokens.take() } : { token, value: this.expressions.value() });
    }
    tokens.expect(
      ")",
      "the arguments are never closed: write ), and compute what is not a plain value with #set before",
    );
    return given;
  }

  private finish(name: string, given: Argument[], from: number, opening: Token, body: Statement[] = []): Statement {
    const { tokens } = this;
    checkArguments(name, given, opening, tokens);
    const values = given.flatMap(({ value }) => value ?? []);
    const [first] = values;
    const literal = tokens.literal(from, false);
    if (name === "foreach" && values[1]) {
      const item = first?.kind === "reference" ? (first.root ?? "") : (given[0]?.token.image.slice(1) ?? "");
      return { kind: "foreach", item, list: values[1], body };
    }
    if (name === "define") return { kind: "define", name: given[0]?.token.image.slice(1) ?? "", body };
    if (name === "evaluate" && first) return { kind: "evaluate", source: first };
    if (name === "stop") return { kind: "stop" };
    if (name === "break") return { kind: "break", scope: first, literal };
    if (name === "macro") {
      const [own = "", ...parameters] = given.map(({ token }) => token.image.replace(/^\$/, ""));
      if (!this.macros.has(own)) this.macros.set(own, { name: own, parameters, body });
    }
    if (DIRECTIVES.has(name)) return { kind: "text", text: "" };
    const word = given.find(({ value }) => value === undefined)?.token.image;
    const isBlock = name.startsWith("@");
    const common = { kind: "call", arguments: values, literal, word, at: opening.at } as const;
    return isBlock ? { ...common, name: name.slice(1), body } : { ...common, name };
  }
}

const TEXTS = new Set([
  "text",
  "dot",
  ")",
  "(",
  "integer",
  "float",
  "string",
  "escape",
  "reference{",
  "reference}",
  "empty reference",
]);
