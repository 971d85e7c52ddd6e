import { Budget } from "./budget";
import { Evaluator } from "./evaluate";
import { TemplateFailure } from "./failures";
import { Loop, MacroScope, NullScope, type Scope, Variables } from "./scopes";
import { InvalidTemplateError, type TemplateMistake } from "./syntax/mistakes";
import type { Macro, MacroCall, Reference, Statement } from "./syntax/nodes";
import { parse } from "./syntax/parser";
import { type Bean, isBean, textOf, type Value } from "./values/values";

/** What a reference without a value is, and how long loops are. */
export interface RenderOptions {
  /** What a reference without a value stands for. @default none: it is printed as it is written */
  missing?: string;
  /** After how many elements `#foreach` ends. @default when the list does */
  mostIterations?: number;
}

/** How deep `#define` may contain itself. */
const MOST_DEFINITIONS = 2;

/** Ends what surrounds it: the next thing that can end, a certain loop, or the template. */
class Stop {
  constructor(private readonly what: "next" | "template" | Loop) {}

  ends(what: "block" | "template" | Loop): boolean {
    return this.what === "next" || this.what === what;
  }
}

/** What `#define` makes: it is rendered each time it is read. */
class Block implements Bean {
  readonly isBean = true;
  private depth = 0;

  constructor(
    private readonly most: number,
    private readonly textIn: (scope: Scope) => string,
    private readonly scope: Scope,
  ) {}

  /** Null within itself, if it contains itself too often. */
  textFor(scope: Scope): string | null {
    if (this.depth >= this.most) return null;
    this.depth++;
    try {
      return this.textIn(scope);
    } finally {
      this.depth--;
    }
  }

  toString(): string | null {
    return this.textFor(this.scope);
  }
}

/** Runs a template once. */
export class Renderer {
  private output = "";
  private readonly budget = new Budget();
  private readonly evaluator: Evaluator;

  constructor(
    private readonly macros: Map<string, Macro>,
    private readonly options: RenderOptions,
  ) {
    const textOfTemplate = (body: Statement[], scope: Scope) => this.capture(() => this.all(body, scope));
    this.evaluator = new Evaluator(this.budget, options.missing ?? null, textOfTemplate);
  }

  run(body: Statement[], variables: Map<string, Value>): string {
    return this.capture(() => this.until("template", () => this.all(body, new Variables(variables))));
  }

  private all(body: Statement[], scope: Scope): void {
    for (const statement of body) this.statement(statement, scope);
  }

  private statement(statement: Statement, scope: Scope): void {
    this.budget.spend();
    switch (statement.kind) {
      case "text":
        this.write(statement.text);
        break;
      case "reference":
        this.reference(statement, scope);
        break;
      case "set": {
        const value = this.evaluator.value(statement.value, scope);
        if (value !== null) this.evaluator.assign(statement.target, value, scope);
        break;
      }
      case "if": {
        const branch = statement.branches.find(({ test }) => !test || this.evaluator.test(test, scope));
        this.all(branch?.body ?? [], scope);
        break;
      }
      case "foreach":
        this.foreach(statement, scope);
        break;
      case "define":
        scope.put(statement.name, this.block(statement.body, scope, MOST_DEFINITIONS));
        break;
      case "evaluate":
        this.evaluate(this.evaluator.value(statement.source, scope), scope);
        break;
      case "stop":
        throw new Stop("template");
      case "break": {
        const target = statement.scope ? this.evaluator.value(statement.scope, scope) : "next";
        if (target === "next" || target instanceof Loop) throw new Stop(target);
        throw new TemplateFailure(`${statement.literal.trim()} fails: only $foreach and its parents can be ended`);
      }
      case "call":
        this.call(statement, scope);
    }
  }

  private write(text: string): void {
    this.output += text;
    this.budget.made(text);
  }

  /** What is written meanwhile. */
  private capture(run: () => void): string {
    const before = this.output;
    this.output = "";
    try {
      run();
      this.budget.made(this.output);
      return this.output;
    } finally {
      this.output = before;
    }
  }

  private until(what: "block" | "template" | Loop, run: () => void): boolean {
    try {
      run();
      return false;
    } catch (stop) {
      if (!(stop instanceof Stop) || !stop.ends(what)) throw stop;
      return true;
    }
  }

  private reference(reference: Reference, scope: Scope): void {
    const { backslashes, prefix } = reference;
    const value = this.evaluator.read(reference, scope);
    const missing = scope.literal(reference.missing) ?? reference.missing;
    const text = value instanceof Block ? value.textFor(scope) : isBean(value) ? value.toString() : value;
    if (reference.isName) this.write(reference.root ?? "");
    else if (reference.escaped) this.write(backslashes + (value === null ? "\\" : "") + missing);
    else if (text === null) this.write(backslashes + backslashes + prefix + missing);
    else this.write(backslashes + prefix + textOf(text));
  }

  private block(body: Statement[], scope: Scope, most: number): Block {
    const textIn = (inner: Scope) => this.capture(() => this.until("block", () => this.all(body, inner)));
    return new Block(most, (inner) => this.budget.within("#define", () => textIn(inner)), scope);
  }

  private foreach({ item, list, body }: Extract<Statement, { kind: "foreach" }>, scope: Scope): void {
    const values = this.evaluator.value(list, scope);
    const elements = elementsOf(values);
    if (!elements) return;
    const names = [item, "velocityCount", "velocityHasNext"];
    const saved = names.map((name) => scope.get(name));
    const loop = new Loop(scope.get("foreach"));
    scope.put("foreach", loop);
    const most = this.options.mostIterations ?? elements.length;
    try {
      for (const value of elements.slice(0, most)) {
        if (!isBean(values) && sizeOf(values) !== elements.length) {
          throw new TemplateFailure(`#foreach($${item} in …) fails: it changes the list that it goes through`);
        }
        loop.index++;
        loop.hasNext = loop.index < elements.length - 1;
        scope.put("velocityCount", loop.index + 1);
        scope.put("velocityHasNext", loop.hasNext);
        scope.put(item, value);
        const inner = value === null ? new NullScope(item, scope) : scope;
        if (this.until(loop, () => this.all(body, inner))) break;
      }
    } finally {
      for (const [index, name] of names.entries()) restore(scope, name, saved[index] ?? null);
      if (scope.get("foreach") === loop) restore(scope, "foreach", loop.replaced);
    }
  }

  private evaluate(source: Value, scope: Scope): void {
    const mistakes: TemplateMistake[] = [];
    const { body } = parse(source === null ? "" : textOf(source), mistakes, this.macros);
    if (mistakes.length > 0)
      throw new TemplateFailure(`#evaluate fails: ${new InvalidTemplateError(mistakes).message}`);
    this.budget.within("#evaluate", () => this.until("template", () => this.all(body, scope)));
  }

  private call({ name, arguments: given, literal, word, body }: MacroCall, scope: Scope): void {
    const macro = this.macros.get(name);
    if (!macro) {
      this.write(literal);
      return;
    }
    if (word) throw new TemplateFailure(`#${name} does not take the word ${word}: write a reference or a string`);
    const inner = new MacroScope(scope, this.evaluator.value);
    for (const [index, parameter] of macro.parameters.entries()) {
      const argument = given[index];
      if (argument) inner.pass(parameter, argument);
    }
    if (body) inner.set("bodyContent", this.block(body, scope, Number.POSITIVE_INFINITY));
    this.budget.within(`#${name}`, () => this.until("block", () => this.all(macro.body, inner)));
  }
}

function restore(scope: Scope, name: string, value: Value): void {
  if (value === null) scope.remove(name);
  else scope.put(name, value);
}

function sizeOf(value: Value): number | undefined {
  return value instanceof Map ? value.size : Array.isArray(value) ? value.length : undefined;
}

/** What `#foreach` goes through: the elements of a list, the values of a map, or what is left of an iterator. */
function elementsOf(value: Value): Value[] | undefined {
  if (Array.isArray(value)) return [...value];
  if (value instanceof Map) return [...value.values()];
  if (isBean(value) && Symbol.iterator in value) return [...(value as Iterable<Value>)];
  return undefined;
}
