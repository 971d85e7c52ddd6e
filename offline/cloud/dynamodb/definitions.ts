import { setTimeout } from "node:timers/promises";
import type { Callback, Store } from "dynalite/db";
import type { Custom, ParameterTypes } from "dynalite/validations";
import { checkTypes, toLowerFirst } from "dynalite/validations";
import { isMap } from "../core/resources";
import { settle } from "./callbacks";
import type { Action, Correction } from "./correction";
import { refusalOf, validationError } from "./errors";
import { EXPIRIES } from "./expiry";
import { orderSections, type Validated } from "./expressions/updates";
import { correctFunctions } from "./functions";
import { SEVERAL_KEYS } from "./indexes/severalKeys";
import { INDEXES } from "./indexes/updates";
import { BATCHES } from "./items/batches";
import { ITEM_COLLECTIONS } from "./items/collections";
import { PAGES } from "./items/pages";
import { WRITE_CAPACITY } from "./items/writeCapacity";
import { WRITES } from "./items/writes";
import { TOO_DEEP } from "./limits";
import { NAMES } from "./names";
import { STREAMS } from "./streams/settings";
import { TABLES } from "./tables/operations";
import { TAGS } from "./tables/tags";
import type { Transaction } from "./transaction";
import { violationsOf } from "./violations";

/** The last topic is the outermost: it sees input first and the answer last. */
const TOPICS = [
  ...[NAMES, PAGES, WRITES, BATCHES, ITEM_COLLECTIONS, WRITE_CAPACITY, TAGS, SEVERAL_KEYS, INDEXES],
  ...[EXPIRIES, STREAMS, TABLES],
];

/** One of dynalite's operations, corrected where AWS differs. */
export interface Definition {
  types: ParameterTypes;
  /** What the types cannot say. */
  custom: Custom;
  action: Action;
}

/** They write again after a simulated delay. */
const DELAYED = new Set(["CreateTable", "DeleteTable", "UpdateTable"]);

correctFunctions();

const definitions = new Map<string, Definition>();

/** An operation's definition. It is loaded when first used: all of them together take longer than everything else at start. */
export function definitionOf(operation: string): Definition {
  let definition = definitions.get(operation);
  if (!definition) {
    definition = load(operation);
    definitions.set(operation, definition);
  }
  return definition;
}

/** The members of input that have these types. @throws AwsError when they do not meet the types' constraints */
export function checkMembers<Input extends object>(types: ParameterTypes, input: object): Input {
  const data = readTypes(types, input);
  const missing = Object.entries(types).find(([name, type]) => isMap(type) && type.required && data[name] == null);
  if (missing) throw validationError(`The parameter '${missing[0]}' is required but was not present in the request`);
  const violations = violationsOf(data, types);
  if (violations.length === 0) return data as Input;
  const count = `${violations.length} validation error${violations.length > 1 ? "s" : ""} detected`;
  throw validationError(`${count}: ${violations.join("; ")}`);
}

function readTypes(types: ParameterTypes, input: object): Record<string, unknown> {
  try {
    return withProtoMembers(checkTypes(input, types) as Record<string, unknown>);
  } catch (error) {
    // The stack ends long after the levels that values may have.
    throw error instanceof RangeError ? validationError(TOO_DEEP) : refusalOf(error);
  }
}

/** Input whose maps have members called `__proto__`, which dynalite makes their prototypes as it copies them. */
function withProtoMembers<Input extends object>(input: Input): Input {
  const prototype: unknown = Object.getPrototypeOf(input);
  if (isMap(input) && prototype !== Object.prototype) {
    Object.assign(Object.setPrototypeOf(input, null) as object, { ["__proto__"]: prototype });
  }
  for (const member of Object.values(input)) {
    if (member && typeof member === "object") withProtoMembers(member as object);
  }
  return input;
}

/** Input that an operation accepts, as far as that needs no table. @throws AwsError when it does not */
export function checkInput(operation: string, input: object, store: Store): Validated {
  const { types, custom } = definitionOf(operation);
  const data = checkMembers<Validated>(types, input);
  const message = custom(data, store);
  if (message) throw validationError(message);
  orderSections(data);
  return data;
}

function load(operation: string): Definition {
  const name = toLowerFirst(operation);
  const { types, custom } = require(`dynalite/validations/${name}`) as { types: ParameterTypes; custom?: Custom };
  const run = require(`dynalite/actions/${name}`) as (store: Transaction, data: object, done: Callback<object>) => void;
  const action: Action = async (transaction, data) => {
    const answer = await settle((callback) => run(transaction, data, callback));
    if (!DELAYED.has(operation)) return answer;
    // The answer describes the table as it is at first, with a status such as CREATING; only its final state is stored.
    const first = structuredClone(answer);
    await setTimeout(0);
    return first;
  };
  return TOPICS.map((topic) => topic[operation])
    .filter((correction) => correction !== undefined)
    .reduce(correct, { types, custom: custom ?? (() => undefined), action });
}

function correct({ types, custom, action }: Definition, correction: Correction): Definition {
  const { view = (data: object) => data, overlooks = () => false, effect = (next: Action) => next } = correction;
  return {
    types: merge(types, correction.types ?? {}),
    custom: (data, store) => {
      const own = correction.check?.(data, store);
      if (own) return own;
      const message = custom(view(data), store);
      return message && overlooks(message) ? undefined : message;
    },
    action: effect(action),
  };
}

/** Members of the second take the place of those of the first, or change them if both are structures. */
function merge<Members extends Record<string, unknown>>(one: Members, other: Members): Members {
  const merged = Object.entries(other).map(([name, value]) => {
    const before = one[name];
    return [name, isMap(before) && isMap(value) ? merge(before, value) : value];
  });
  return { ...one, ...Object.fromEntries(merged) };
}
