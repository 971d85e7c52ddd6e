import type { Budget } from "./budget";
import { MOST_ITEMS } from "./budget";
import { BudgetExceededError, MethodFailure, TemplateFailure } from "./failures";
import { callMethod, readProperty } from "./methods";
import { put } from "./methods/maps";
import type { Scope } from "./scopes";
import type { Expression, Member, Operator, Reference, Statement } from "./syntax/nodes";
import { calculate, compareNumbers, intOf } from "./values/numbers";
import { Double, isBean, isEqual, isNumber, textOf, type Value } from "./values/values";

type Binary = Extract<Expression, { kind: "binary" }>;

const COMPARISONS: Partial<Record<Operator, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  ">": (order) => order > 0,
  "<=": (order) => order <= 0,
  ">=": (order) => order >= 0,
};

/** Finds what expressions and references are. */
export class Evaluator {
  constructor(
    private readonly budget: Budget,
    /** What a reference without a value is. */
    private readonly missing: Value,
    private readonly textOfTemplate: (body: Statement[], scope: Scope) => string,
  ) {}

  readonly value = (expression: Expression, scope: Scope): Value => {
    this.budget.spend();
    switch (expression.kind) {
      case "reference":
        return expression.root === undefined ? null : this.read(expression, scope);
      case "constant":
        return expression.value;
      case "float":
        return new Double(expression.value);
      case "template": {
        const text = this.textOfTemplate(expression.body, scope);
        return expression.isPadded ? text.slice(0, -1) : text;
      }
      case "list":
        return expression.items.map((item) => this.value(item, scope));
      case "map":
        return new Map(expression.entries.map(([key, one]) => [this.value(key, scope), this.value(one, scope)]));
      case "range":
        return this.range(this.value(expression.from, scope), this.value(expression.to, scope));
      case "not":
        return this.test(expression, scope);
      case "binary":
        return this.binary(expression, scope);
    }
  };

  /** Whether a condition holds. Only references, comparisons, `true` and what joins them can hold. */
  test(expression: Expression, scope: Scope): boolean {
    this.budget.spend();
    switch (expression.kind) {
      case "reference": {
        const value = this.find(expression, scope);
        if (typeof value === "boolean" || value === null) return value === true;
        return !isBean(value) || value.toString() !== null;
      }
      case "constant":
        return expression.value === true;
      case "not":
        return !this.test(expression.operand, scope);
      case "binary":
        return this.compare(expression, scope) ?? false;
      default:
        return false;
    }
  }

  /** What a reference is, or what stands for one that is missing. */
  read(reference: Reference, scope: Scope): Value {
    return this.find(reference, scope) ?? this.missing;
  }

  private find({ root, isName, members, literal }: Reference, scope: Scope): Value {
    let value = isName || root === undefined ? null : scope.get(root);
    try {
      for (const member of members) {
        if (value === null) return null;
        value = this.member(value, member, scope) ?? null;
      }
    } catch (error) {
      if (!(error instanceof MethodFailure)) throw error;
      throw new TemplateFailure(`${literal} fails: ${error.message}`);
    }
    return value;
  }

  private member(value: Value, member: Member, scope: Scope): Value | undefined {
    this.budget.spend();
    if (member.kind === "property") return readProperty(value, member.name);
    if (member.kind === "index") return callMethod(value, "get", [this.index(value, member.index, scope)]);
    const given = member.arguments.map((argument) => this.value(argument, scope));
    for (const one of [value, ...given]) if (typeof one === "string") this.budget.made(one);
    const result = callMethod(value, member.name, given);
    if (typeof result === "string") this.budget.made(result);
    if (Array.isArray(result)) this.budget.spend(result.length);
    return result;
  }

  /** A negative index counts from the end. */
  private index(value: Value, expression: Expression, scope: Scope): Value {
    const index = this.value(expression, scope);
    if (typeof index !== "number" || index >= 0) return index;
    const size = callMethod(value, "size", []);
    if (typeof size !== "number") throw new MethodFailure(`${index} is no index of something without a size()`);
    return size + index;
  }

  /** Assigns to a variable, or to what a map, a list or an object of the host has under a name or an index. */
  assign(target: Reference, value: Value, scope: Scope): void {
    const { root, members, literal } = target;
    const last = members.at(-1);
    if (root !== undefined && !last) scope.put(root, value);
    if (root === undefined || !last) return;
    const parent = this.find({ ...target, members: members.slice(0, -1) }, scope);
    if (parent === null) return;
    try {
      if (last.kind === "index") {
        const index = this.index(parent, last.index, scope);
        if (callMethod(parent, "set", [index, value]) === undefined) callMethod(parent, "put", [index, value]);
      } else if (parent instanceof Map) put(parent, last.name, value);
      else if (isBean(parent)) parent.put?.(last.name, value);
    } catch (error) {
      if (!(error instanceof MethodFailure)) throw error;
      throw new TemplateFailure(`#set(${literal} = …) fails: ${error.message}`);
    }
  }

  private range(from: Value, to: Value): Value {
    if (!isNumber(from) || !isNumber(to)) return null;
    const [first, last] = [intOf(from), intOf(to)];
    const length = Math.abs(last - first) + 1;
    if (length > MOST_ITEMS) throw new BudgetExceededError(`a range has more than ${MOST_ITEMS} items`);
    this.budget.spend(length);
    const step = first >= last ? -1 : 1;
    return Array.from({ length }, (_, index) => first + index * step);
  }

  private binary(expression: Binary, scope: Scope): Value {
    const truth = this.compare(expression, scope);
    if (truth !== undefined) return truth;
    const { operator } = expression;
    const left = this.value(expression.left, scope);
    const right = this.value(expression.right, scope);
    if (operator === "+" && (typeof left === "string" || typeof right === "string")) {
      const text =
        textOf(left === null ? expression.left.literal : left) +
        textOf(right === null ? expression.right.literal : right);
      this.budget.made(text);
      return text;
    }
    return isNumber(left) && isNumber(right) ? calculate(operator, left, right) : null;
  }

  /** Undefined for an operator that computes. */
  private compare({ operator, left, right }: Binary, scope: Scope): boolean | undefined {
    if (operator === "&&") return this.test(left, scope) && this.test(right, scope);
    if (operator === "||") return this.test(left, scope) || this.test(right, scope);
    if (operator === "==" || operator === "!=") {
      return this.isSame(this.value(left, scope), this.value(right, scope)) === (operator === "==");
    }
    const holds = COMPARISONS[operator];
    if (!holds) return undefined;
    const [one, other] = [this.value(left, scope), this.value(right, scope)];
    return isNumber(one) && isNumber(other) && holds(compareNumbers(one, other));
  }

  /** Numbers are compared by their value, values of one type with `equals`, and others by their text. */
  private isSame(left: Value, right: Value): boolean {
    if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
    if (left === null || right === null) return left === right;
    const isAlike = (Array.isArray(left) && Array.isArray(right)) || (left instanceof Map && right instanceof Map);
    return isAlike ? isEqual(left, right) : textOf(left) === textOf(right);
  }
}
