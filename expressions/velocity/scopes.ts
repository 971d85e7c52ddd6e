import type { Expression } from "./syntax/nodes";
import { type Bean, textOf, type Value } from "./values/values";

/** The variables that a template sees. */
export interface Scope {
  get(name: string): Value;
  put(name: string, value: Value): void;
  remove(name: string): void;
  /** How the caller of a macro wrote the argument that is printed like this. */
  literal(written: string): string | undefined;
}

/** The variables of the whole template. */
export class Variables implements Scope {
  constructor(private readonly values: Map<string, Value>) {}

  get(name: string): Value {
    return this.values.get(name) ?? null;
  }

  put(name: string, value: Value): void {
    this.values.set(name, value);
  }

  remove(name: string): void {
    this.values.delete(name);
  }

  literal(): undefined {
    return undefined;
  }
}

/** The arguments of a macro, which are evaluated each time they are read. What it sets is seen outside as well. */
export class MacroScope implements Scope {
  private readonly own = new Map<string, Value>();
  private readonly passed = new Map<string, Expression>();
  private readonly literals = new Map<string, string>();

  constructor(
    private readonly outer: Scope,
    private readonly evaluate: (expression: Expression, scope: Scope) => Value,
  ) {}

  pass(name: string, expression: Expression): void {
    const isConstant =
      expression.kind === "float" || (expression.kind === "constant" && typeof expression.value !== "string");
    if (isConstant) this.set(name, this.evaluate(expression, this.outer));
    else {
      this.passed.set(name, expression);
      this.literals.set(`$${name}`, expression.literal);
    }
  }

  /** Sets a variable that is seen only within. */
  set(name: string, value: Value): void {
    this.own.set(name, value);
  }

  get(name: string): Value {
    const own = this.own.get(name) ?? null;
    if (own !== null) return own;
    const passed = this.passed.get(name);
    return passed ? this.evaluate(passed, this.outer) : this.outer.get(name);
  }

  put(name: string, value: Value): void {
    this.own.set(name, value);
    this.outer.put(name, value);
  }

  remove(name: string): void {
    this.own.delete(name);
    this.passed.delete(name);
    this.outer.remove(name);
  }

  literal(written: string): string | undefined {
    return this.literals.get(written) ?? this.outer.literal(written);
  }
}

/** Hides a variable while a loop is at an element that is null. */
export class NullScope implements Scope {
  private isHidden = true;

  constructor(
    private readonly name: string,
    private readonly outer: Scope,
  ) {}

  get(name: string): Value {
    return this.isHidden && name === this.name ? null : this.outer.get(name);
  }

  put(name: string, value: Value): void {
    if (name === this.name && value === null) this.isHidden = true;
    this.outer.put(name, value);
  }

  remove(name: string): void {
    if (name === this.name) this.isHidden = false;
    this.outer.remove(name);
  }

  literal(written: string): string | undefined {
    return this.outer.literal(written);
  }
}

/** What `$foreach` is: where a loop is, and what the template keeps with `#set($foreach.name = …)`. */
export class Loop implements Bean {
  readonly isBean = true;
  index = -1;
  hasNext = false;
  private readonly kept = new Map<Value, Value>();
  readonly parent: Loop | undefined;

  constructor(
    /** What `$foreach` was before the loop. */
    readonly replaced: Value,
  ) {
    this.parent = replaced instanceof Loop ? replaced : undefined;
  }

  property(name: string): Value {
    const { index, hasNext, parent } = this;
    const values: Record<string, Value> = {
      index,
      count: index + 1,
      hasNext,
      first: index < 1,
      last: !hasNext,
      parent: parent ?? null,
      topmost: this.topmost,
    };
    return Object.hasOwn(values, name) ? (values[name] ?? null) : this.read(name);
  }

  call(name: string, given: Value[]): Value | undefined {
    const [key = null, value = null] = given;
    if (name === "get" && given.length === 1) return this.read(key);
    if (name === "put" && given.length === 2) {
      const before = this.kept.get(key) ?? null;
      this.kept.set(key, value);
      return before;
    }
    if (given.length > 0) return undefined;
    if (name === "hasNext") return this.hasNext;
    const [, getter] = /^(?:get|is)([A-Z]\w*)$/.exec(name) ?? [];
    return getter && (this.property(getter.charAt(0).toLowerCase() + getter.slice(1)) ?? undefined);
  }

  put(name: string, value: Value): void {
    this.kept.set(name, value);
  }

  toString(): string {
    return textOf(this.kept);
  }

  private get topmost(): Loop {
    return this.parent?.topmost ?? this;
  }

  private read(key: Value): Value {
    return this.kept.get(key) ?? this.parent?.read(key) ?? null;
  }
}
