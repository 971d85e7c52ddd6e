import { SyntaxMistake } from "./mistakes";
import { ANY, type Kind, type Lexer, type LexicalState, RULES, type Rule } from "./rules";

export interface Token {
  kind: Kind | "end of text";
  image: string;
  /** `$`, `#` and backslashes that turned out to be text; they belong in front of the image. */
  special: string;
  /** Offset in the text. */
  at: number;
}

interface Saved {
  state: LexicalState;
  opened: number;
  closed: number;
}

/**
 * Cuts a template into tokens as the lexer of Velocity 1.7 does, whose states depend on each other: what `)` ends, for
 * instance, depends on what was opened, and spaces before `#set` vanish where a token begins with them.
 */
export class TemplateLexer implements Lexer {
  state: LexicalState = "text";
  opened = 0;
  closed = 0;
  inSet = false;
  inComment = false;
  position = 0;
  private readonly stack: Saved[] = [];

  constructor(readonly text: string) {}

  /** Goes on somewhere else, as if the template began there. */
  restart(position: number): void {
    this.stack.length = 0;
    this.pop();
    this.closed = 0;
    this.inSet = false;
    this.inComment = false;
    this.position = position;
  }

  push(): void {
    this.stack.push({ state: this.state, opened: this.opened, closed: this.closed });
    this.opened = 0;
  }

  pop(): boolean {
    const saved = this.stack.pop();
    this.state = saved?.state ?? "text";
    this.opened = saved?.opened ?? 0;
    if (saved) this.closed = saved.closed;
    return saved !== undefined;
  }

  /** Whether the next character that is not white space is `(`. */
  get isBeforeParenthesis(): boolean {
    return matchAt(/[ \t\r\n]*\(/y, this.text, this.position) !== undefined;
  }

  next(): Token {
    let special = "";
    let begin = this.position;
    while (begin < this.text.length) {
      const found = this.longest();
      if (!found) {
        const near = JSON.stringify(this.text.slice(this.position, this.position + 10));
        throw new SyntaxMistake(`${near} cannot stand here`, this.position);
      }
      const [rule, length] = found;
      this.position += length;
      const image = this.text.slice(begin, this.position);
      const changed = rule.action?.(this, image);
      if (rule.role === "token") return { kind: rule.kind, image: changed ?? image, special, at: begin };
      if (rule.role === "special") special += specialIn(image);
      if (rule.role !== "more") begin = this.position;
      else if (this.position >= this.text.length) {
        const reason = "the template ends within this: for a plain $ or #, assign it with #set and use the variable";
        throw new SyntaxMistake(reason, begin);
      }
    }
    return { kind: "end of text", image: "", special, at: begin };
  }

  /** The longest match; of several, the rule that comes first. */
  private longest(): [Rule, number] | undefined {
    let best: [Rule, number] | undefined;
    for (const rule of RULES[this.state]) {
      const length = rule.pattern === ANY ? 1 : (matchAt(rule.pattern, this.text, this.position)?.length ?? 0);
      if (length > (best?.[1] ?? 0)) best = [rule, length];
    }
    return best;
  }
}

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}

/** What of characters that began a reference or a directive, and did not become one, is text. */
function specialIn(image: string): string {
  let text = "";
  for (let index = 0; index < image.length; index++) {
    const character = image[index];
    if (character === "#" || character === "$") text += character;
    if (character === "\\") {
      const [escaped] = /^\\+\$/.exec(image.slice(index)) ?? [];
      if (escaped === undefined) continue;
      text += escaped;
      index += escaped.length;
    }
  }
  return text;
}
