import { validationError } from "../errors";
import type { Call, Expression, Operation, Path, Steps } from "./syntax";
import { isConstant, readValue, type Value } from "./values";

/** How many operands each function takes. */
const FUNCTIONS = new Map([
  ["attribute_exists", 1],
  ["attribute_not_exists", 1],
  ["attribute_type", 2],
  ["begins_with", 2],
  ["contains", 2],
  ["size", 1],
]);
/** `IN` takes no more operands. */
const MOST_CHOICES = 100;

/** The texts of an operation's expressions, whose names and values are placeholders. */
export class Expressions {
  private readonly names = new Map<string, string>();
  private readonly values: Value[] = [];

  constructor(readonly parameters: readonly Value[]) {}

  /** What an operation's input says of the placeholders. */
  get attributes(): { ExpressionAttributeNames?: object; ExpressionAttributeValues?: Record<string, object> } {
    return {
      ...(this.names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries([...this.names].map(([name, placeholder]) => [placeholder, name])),
      }),
      ...(this.values.length > 0 && {
        ExpressionAttributeValues: Object.fromEntries(this.values.map((value, index) => [`:v${index}`, value])),
      }),
    };
  }

  path(steps: Steps): string {
    const texts = steps.map((step) => (typeof step === "number" ? `[${step}]` : `.${this.name(step)}`));
    return texts.join("").slice(1);
  }

  value(value: Value): string {
    return `:v${this.values.push(value) - 1}`;
  }

  private operand(expression: Expression): string {
    if (expression.type === "path") return this.path(expression.steps);
    if (isConstant(expression)) return this.value(readValue(expression, this.parameters));
    if (expression.type === "call" && expression.name === "size") return this.call(expression);
    throw validationError(`Unsupported operand at ${expression.position}: write an attribute, a value or size()`);
  }

  /**
   * The text of a condition.
   * @param negated whether it is the opposite that holds
   * @param within the operator that it is an operand of
   * @throws AwsError for what is no condition
   */
  condition(expression: Expression, negated = false, within?: "AND" | "OR"): string {
    if (expression.type !== "operation" && expression.type !== "call") {
      throw validationError(`Expected a condition at ${expression.position}`);
    }
    const { operator } = { operator: "", ...expression };
    const { operands } = expression;
    if (operator === "NOT") return this.condition(operands[0] as Expression, !negated, within);
    if (operator === "AND" || operator === "OR") {
      const joined = (operator === "AND") === negated ? "OR" : "AND";
      const text = operands.map((operand) => this.condition(operand, negated, joined)).join(` ${joined} `);
      // DynamoDB refuses redundant parentheses.
      return joined === "OR" && within === "AND" ? `(${text})` : text;
    }
    const text = expression.type === "call" ? this.call(expression) : this.comparison(expression);
    return negated ? `NOT ${text}` : text;
  }

  private comparison({ operator, operands, position }: Operation): string {
    const [first, second, third] = operands as [Expression, Expression, Expression];
    switch (operator) {
      case "IS MISSING":
        return `attribute_not_exists(${this.path(pathOf(first, "attribute_not_exists").steps)})`;
      case "IS NULL":
        return `attribute_type(${this.path(pathOf(first, "attribute_type").steps)}, ${this.value({ S: "NULL" })})`;
      case "BETWEEN":
        return `${this.operand(first)} BETWEEN ${this.operand(second)} AND ${this.operand(third)}`;
      case "IN":
        return this.choice(first, operands.slice(1));
      case "+":
      case "-":
        throw validationError(`Unsupported operator at ${position}: a condition has no arithmetic`);
      default:
        return `${this.operand(first)} ${operator} ${this.operand(second)}`;
    }
  }

  private choice(operand: Expression, choices: Expression[]): string {
    if (choices.length > MOST_CHOICES) {
      const count = `number of operands: ${choices.length}`;
      throw validationError(`The IN operator is provided with too many operands; ${count}`);
    }
    return `${this.operand(operand)} IN (${choices.map((choice) => this.operand(choice)).join(", ")})`;
  }

  private call({ name, operands, position }: Call): string {
    const count = FUNCTIONS.get(name);
    if (count === undefined) throw validationError(`Unrecognized function: ${name} at ${position}`);
    if (operands.length !== count) {
      const found = `operator or function: ${name}, number of operands: ${operands.length}`;
      throw validationError(`Incorrect number of operands for operator or function; ${found}`);
    }
    if (count === 1) return `${name}(${this.path(pathOf(operands[0] as Expression, name).steps)})`;
    return `${name}(${operands.map((operand) => this.operand(operand)).join(", ")})`;
  }

  private name(name: string): string {
    const placeholder = this.names.get(name) ?? `#n${this.names.size}`;
    this.names.set(name, placeholder);
    return placeholder;
  }
}

function pathOf(expression: Expression, name: string): Path {
  if (expression.type === "path") return expression;
  throw validationError(`Operator or function requires a document path; operator or function: ${name}`);
}

/** The parts of a condition that `AND` joins. */
export function conjuncts(condition: Expression | undefined): Expression[] {
  if (!condition) return [];
  if (condition.type !== "operation" || condition.operator !== "AND") return [condition];
  return condition.operands.flatMap(conjuncts);
}

/** The first names of all paths in an expression, in the order in which they are written. */
export function attributesOf(expression: Expression): string[] {
  if (expression.type === "path") return [String(expression.steps[0])];
  if (expression.type !== "operation" && expression.type !== "call") return [];
  return expression.operands.flatMap(attributesOf);
}

/** Whether an expression has a path that begins with one of the names. */
export function mentions(expression: Expression, names: readonly string[]): boolean {
  if (expression.type === "path") return names.includes(String(expression.steps[0]));
  if (expression.type !== "operation" && expression.type !== "call") return false;
  return expression.operands.some((operand) => mentions(operand, names));
}
