import { compareValues, Double, isEqual, MethodFailure, textOf, type Value } from "../../../../expressions/velocity";

/** Whether an element is found by `[?(…)]`. */
export type Filter = (element: Value, root: Value) => boolean;

/** One step of a path. Steps that may find several values make the path's result a list. */
export type Step =
  | { kind: "names"; names: string[]; isDeep: boolean }
  | { kind: "indexes"; indexes: number[]; isDeep: boolean }
  | { kind: "slice"; from?: number; to?: number; isDeep: boolean }
  | { kind: "all"; isDeep: boolean }
  | { kind: "filter"; holds: Filter; isDeep: boolean }
  | { kind: "length" };

/** Undefined for what is not there. */
type Operand = (element: Value, root: Value) => Value | undefined;

/** Finds what a path within a filter leads to. */
type Follow = (from: Value, steps: Step[]) => Value | undefined;

const MOST_LEVELS = 50;

const COMPARISONS: Record<string, (left: Value | undefined, right: Value | undefined) => boolean> = {
  "==": (left, right) => same(left, right),
  "!=": (left, right) => !same(left, right),
  "<": (left, right) => order(left, right) < 0,
  "<=": (left, right) => order(left, right) <= 0,
  ">": (left, right) => order(left, right) > 0,
  ">=": (left, right) => order(left, right) >= 0,
  in: (left, right) => Array.isArray(right) && right.some((one) => same(left, one)),
  nin: (left, right) => Array.isArray(right) && !right.some((one) => same(left, one)),
};

function same(left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return isEqual(left, right) || compareValues(left, right) === 0;
}

function order(left: Value | undefined, right: Value | undefined): number {
  return compareValues(left ?? null, right ?? null) ?? Number.NaN;
}

/** Reads a JSONPath, and the filters in it. */
export class PathReader {
  private position = 0;
  private levels = 0;
  private follow: Follow = () => undefined;

  constructor(private readonly text: string) {}

  /** @throws MethodFailure for a path that cannot be read */
  path(follow: Follow): Step[] {
    this.follow = follow;
    const start = this.read(/\s*[$@]?/y);
    const isBare = start.trim() === "";
    const steps = isBare && /[\w]/.test(this.text[this.position] ?? "") ? [this.name(false)] : [];
    steps.push(...this.steps());
    if (this.read(/\s*/y) && this.position < this.text.length) this.fail();
    if (this.position < this.text.length || this.text.trim() === "") this.fail();
    return steps;
  }

  private fail(): never {
    throw new MethodFailure(`${JSON.stringify(this.text)} is not a JSONPath (see its character ${this.position + 1})`);
  }

  private read(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.position += found.length;
    return found;
  }

  private expect(pattern: RegExp): string {
    return this.read(pattern) || this.fail();
  }

  private steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      const dots = this.read(/\.{1,2}(?=[^.\s])|(?=\[)/y);
      const isBracket = this.text[this.position] === "[";
      if (dots === "" && !isBracket) return steps;
      if (this.read(/(?:length|size)\(\)/y)) steps.push({ kind: "length" });
      else steps.push(isBracket ? this.bracket(dots === "..") : this.name(dots === ".."));
    }
  }

  private name(isDeep: boolean): Step {
    const name = this.expect(/\*|[^.[\]()\s,&|=!<>~]+/y);
    return name === "*" ? { kind: "all", isDeep } : { kind: "names", names: [name], isDeep };
  }

  private bracket(isDeep: boolean): Step {
    this.expect(/\[\s*/y);
    const step = this.inBracket(isDeep);
    this.expect(/\s*\]/y);
    return step;
  }

  private inBracket(isDeep: boolean): Step {
    if (this.read(/\*/y)) return { kind: "all", isDeep };
    if (this.read(/\?\(/y)) {
      const holds = this.or();
      this.expect(/\s*\)/y);
      return { kind: "filter", holds, isDeep };
    }
    const next = this.text[this.position];
    if (next === "'" || next === '"') return { kind: "names", names: this.list(() => this.quoted()), isDeep };
    const [, from, to] = /^(-?\d*):(-?\d*)$/.exec(this.read(/-?\d*:-?\d*/y)) ?? [];
    if (from !== undefined && to !== undefined) {
      return { kind: "slice", from: from ? Number(from) : undefined, to: to ? Number(to) : undefined, isDeep };
    }
    return { kind: "indexes", indexes: this.list(() => Number(this.expect(/-?\d+/y))), isDeep };
  }

  private list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.read(/\s*,\s*/y)) items.push(item());
    return items;
  }

  private quoted(): string {
    const image = this.expect(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/sy);
    return image.slice(1, -1).replace(/\\(.)/gs, "$1");
  }

  private or(): Filter {
    const terms = [this.and()];
    while (this.read(/\s*\|\|/y)) terms.push(this.and());
    return (element, root) => terms.some((term) => term(element, root));
  }

  private and(): Filter {
    const terms = [this.not()];
    while (this.read(/\s*&&/y)) terms.push(this.not());
    return (element, root) => terms.every((term) => term(element, root));
  }

  private not(): Filter {
    if (++this.levels > MOST_LEVELS) this.fail();
    try {
      this.read(/\s*/y);
      if (this.read(/!/y)) {
        const term = this.not();
        return (element, root) => !term(element, root);
      }
      if (!this.read(/\(/y)) return this.comparison();
      const term = this.or();
      this.expect(/\s*\)/y);
      return term;
    } finally {
      this.levels--;
    }
  }

  private comparison(): Filter {
    const left = this.operand();
    this.read(/\s*/y);
    const operator = this.read(/==|!=|<=|>=|=~|<|>|n?in\b/y);
    if (operator === "") return (element, root) => left(element, root) !== undefined;
    this.read(/\s*/y);
    if (operator === "=~") {
      const [, source = "", flags] = /^\/(.*)\/([a-z]*)$/s.exec(this.expect(/\/(?:[^/\\]|\\.)*\/[a-z]*/sy)) ?? [];
      const pattern = this.pattern(source, flags);
      return (element, root) => pattern.test(textOf(left(element, root) ?? null));
    }
    const right = this.operand();
    const compare = COMPARISONS[operator];
    return (element, root) => compare?.(left(element, root), right(element, root)) ?? false;
  }

  private pattern(source: string, flags: string | undefined): RegExp {
    try {
      return new RegExp(`^(?:${source})$`, flags);
    } catch {
      return this.fail();
    }
  }

  private operand(): Operand {
    const start = this.read(/[@$]/y);
    if (start !== "") {
      const steps = this.steps();
      return (element, root) => this.follow(start === "@" ? element : root, steps);
    }
    const value = this.literal();
    return () => value;
  }

  private literal(): Value {
    const next = this.text[this.position];
    if (next === "'" || next === '"') return this.quoted();
    if (this.read(/\[\s*/y)) {
      const items = this.read(/(?=\])/y) || this.text[this.position] === "]" ? [] : this.list(() => this.literal());
      this.expect(/\s*\]/y);
      return items;
    }
    const word = this.expect(/true|false|null|-?\d+(?:\.\d+)?/y);
    if (word === "null") return null;
    if (word === "true" || word === "false") return word === "true";
    return word.includes(".") ? new Double(Number(word)) : BigInt(word);
  }
}
