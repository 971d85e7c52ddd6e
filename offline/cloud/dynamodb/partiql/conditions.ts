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
  get attributes(): { ExpressionAttributeNames?: object; ExpressionAttributeValues?: object } {
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

  private operand(expression: Expression, operator = ""): string {
    if (expression.type === "path") return this.path(expression.steps);
    if (isConstant(expression)) return this.value(comparable(readValue(expression, this.parameters), operator));
    if (expression.type === "call" && expression.name === "size") return this.call(expression);
    throw validationError(`Unsupported operand at ${expression.position}: write an attribute, a value or size()`);
  }

  /**
   * The text of a condition.
   * @param outer the operator that it is an operand of
   * @throws AwsError for what is no condition
   */
  condition(expression: Expression, outer?: string): string {
    if (expression.type === "call") return this.call(expression);
    if (expression.type === "operation") return this.operation(expression, outer);
    throw validationError(`Expected a condition at ${expression.position}`);
  }

  private operation({ operator, operands, position }: Operation, outer?: string): string {
    const [first, second, third] = operands as [Expression, Expression, Expression];
    switch (operator) {
      case "AND":
      case "OR": {
        const text = operands.map((operand) => this.condition(operand, operator)).join(` ${operator} `);
        // DynamoDB refuses parentheses that change nothing.
        return outer === "NOT" || (outer === "AND" && operator === "OR") ? `(${text})` : text;
      }
      case "NOT":
        return outer === "NOT" ? `(NOT ${this.condition(first, operator)})` : `NOT ${this.condition(first, operator)}`;
      case "IS MISSING":
        return `attribute_not_exists(${this.path(pathOf(first, "attribute_not_exists").steps)})`;
      case "IS NULL":
        return `attribute_type(${this.path(pathOf(first, "attribute_type").steps)}, ${this.value({ S: "NULL" })})`;
      case "BETWEEN":
        return `${this.operand(first, operator)} BETWEEN ${this.operand(second, operator)} AND ${this.operand(third, operator)}`;
      case "IN":
        return this.choice(first, operands.slice(1));
      case "+":
      case "-":
        throw validationError(`Unsupported operator at ${position}: a condition has no arithmetic`);
      default:
        return `${this.operand(first, operator)} ${operator} ${this.operand(second, operator)}`;
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

/** @throws AwsError for a value that is neither more nor less than others */
function comparable(value: Value, operator: string): Value {
  const [type = ""] = Object.keys(value);
  if (["S", "N", "B"].includes(type) || ["=", "<>", ""].includes(operator)) return value;
  const found = `operator or function: ${operator}, operand type: ${type}`;
  throw validationError(`Incorrect operand type for operator or function; ${found}`);
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
  return [...new Set(expression.operands.flatMap(attributesOf))];
}
