import type { Table } from "dynalite/db";
import { validationError } from "../errors";
import { Expressions } from "./conditions";
import { givenKey, keyAlone, keyOf } from "./keys";
import type { Call, Delete, Exists, Expression, Insert, Steps, Update } from "./syntax";
import { isConstant, readValue, type Value } from "./values";

export type Write = Insert | Update | Delete | Exists;

/** The input of the operation that a statement stands for. */
export interface WriteInput {
  TableName: string;
  Item?: Value;
  Key?: Record<string, Value>;
  ConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: object;
  ExpressionAttributeValues?: Record<string, object>;
}

/** DynamoDB's operations for statements, and a transaction's actions for them. */
export const KINDS = {
  insert: { operation: "PutItem", action: "Put" },
  update: { operation: "UpdateItem", action: "Update" },
  delete: { operation: "DeleteItem", action: "Delete" },
  exists: { operation: "DeleteItem", action: "ConditionCheck" },
} as const;

/**
 * Turns a statement that writes into an operation's input.
 * @param inTransaction whether an incomplete key is left to the operation, whose refusal cancels the transaction
 * @throws AwsError when DynamoDB would refuse the statement
 */
export function inputOf(write: Write, table: Table, parameters: readonly Value[], inTransaction = false): WriteInput {
  const { TableName, KeySchema } = table;
  const expressions = new Expressions(parameters);
  const [hash = ""] = KeySchema.map(({ AttributeName }) => AttributeName);
  if (write.type === "insert") {
    const Item = itemOf(write.item, parameters);
    const ConditionExpression = `attribute_not_exists(${expressions.path([hash])})`;
    return { TableName, Item, ConditionExpression, ...expressions.attributes };
  }
  const where = write.type === "exists" ? write.select.where : write.where;
  const isAlone = keyAlone(KeySchema, where, parameters) !== undefined;
  const given = givenKey(KeySchema, where, parameters);
  if (write.type === "exists" && (isAlone || Object.keys(given).length < KeySchema.length)) {
    throw validationError("EXISTS() must contain a single item read with additional condition");
  }
  const Key = inTransaction ? given : keyOf(KeySchema, where, parameters);
  if (write.type === "delete" && isAlone) return { TableName, Key };
  const UpdateExpression = write.type === "update" ? updateOf(write, expressions) : undefined;
  const condition = where && expressions.condition(where);
  // The key is part of the condition, so it demands that there is an item. A delete is content if there is none.
  const ConditionExpression =
    write.type === "delete" && condition
      ? `attribute_not_exists(${expressions.path([hash])}) OR ${condition}`
      : condition;
  return { TableName, Key, UpdateExpression, ConditionExpression, ...expressions.attributes };
}

/** The attributes of an item. A parameter can be the value of one, but not be within it. */
function itemOf(item: Expression, parameters: readonly Value[]): Value {
  if (item.type !== "map") throw validationError("The value of INSERT must be an item: write VALUE {'name': value, …}");
  const names = item.entries.map(([name]) => name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw validationError(`The item of INSERT has the attribute ${repeated} twice`);
  return Object.fromEntries(item.entries.map(([name, value]) => [name, readValue(value, parameters)]));
}

function updateOf({ changes }: Update, expressions: Expressions): string {
  const clauses = new Map<string, string[]>();
  const add = (clause: string, text: string) => clauses.set(clause, [...(clauses.get(clause) ?? []), text]);
  for (const change of changes) {
    const path = expressions.path(change.path.steps);
    if (change.type === "remove") add("REMOVE", path);
    else if (isSetFunction(change.value)) {
      const clause = change.value.name === "set_add" ? "ADD" : "DELETE";
      add(clause, `${path} ${expressions.value(membersOf(change.value, change.path.steps, expressions.parameters))}`);
    } else add("SET", `${path} = ${newValueOf(change.value, expressions)}`);
  }
  return [...clauses].map(([clause, texts]) => `${clause} ${texts.join(", ")}`).join(" ");
}

function newValueOf(value: Expression, expressions: Expressions): string {
  if (value.type === "path") return expressions.path(value.steps);
  if (isConstant(value)) return expressions.value(readValue(value, expressions.parameters));
  const isSum = value.type === "operation" && ["+", "-"].includes(value.operator);
  if (isSum && value.operands.every(({ type }) => type !== "operation")) {
    return value.operands.map((operand) => newValueOf(operand, expressions)).join(` ${value.operator} `);
  }
  if (value.type === "call" && ["list_append", "if_not_exists"].includes(value.name)) {
    return `${value.name}(${value.operands.map((operand) => newValueOf(operand, expressions)).join(", ")})`;
  }
  if (value.type === "call") throw validationError(`Unrecognized function: ${value.name} at ${value.position}`);
  throw validationError(`Unsupported value at ${value.position}: add or subtract, and only once`);
}

function isSetFunction(value: Expression): value is Call {
  return value.type === "call" && ["set_add", "set_delete"].includes(value.name);
}

/** What a call adds to the set at a path, or deletes from it. */
function membersOf({ name, operands, position }: Call, target: Steps, parameters: readonly Value[]): Value {
  const title = name.toUpperCase();
  const [set, members] = operands;
  if (!set || !members || operands.length > 2) {
    throw validationError(`${title} must have exactly two arguments at ${position}`);
  }
  if (set.type !== "path" || JSON.stringify(set.steps) !== JSON.stringify(target)) {
    throw validationError(`The first argument to ${title} must equal the assignment value at ${position}`);
  }
  const value = isConstant(members) ? readValue(members, parameters) : {};
  if ("SS" in value || "NS" in value || "BS" in value) return value;
  throw validationError(`The second argument to ${title} must be a value with type SET at ${set.position}`);
}
