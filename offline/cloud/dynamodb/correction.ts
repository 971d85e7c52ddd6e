import type { Item, Store } from "dynalite/db";
import type { ParameterTypes } from "dynalite/validations";
import type { Validated } from "./expressions/updates";
import type { Transaction } from "./transaction";

/** How an operation takes effect, once its input is checked. */
export type Action = (transaction: Transaction, data: Validated) => Promise<Answer>;

/** The members of answers that corrections add to. */
interface Answer {
  Attributes?: Item;
  ItemCollectionMetrics?: object;
  ConsumedCapacity?: Capacity | Capacity[];
  Table?: object;
  TableDescription?: object;
}

/** What a request cost at one table. */
export interface Capacity extends Units {
  TableName: string;
  GlobalSecondaryIndexes?: Record<string, Units>;
  LocalSecondaryIndexes?: Record<string, Units>;
}

interface Units {
  CapacityUnits: number;
}

/** Why input is not valid, if it is not. */
export type Check<Input> = (input: Input, store: Store) => string | undefined;

/** Where AWS differs from one of dynalite's operations. Methods may be written for the input of their operation. */
export interface Correction {
  /** Constraints in place of, or beside, dynalite's; undefined lifts one. */
  types?: ParameterTypes;
  /** Looks at the whole input before dynalite does, and returns why it is not valid. */
  check?(input: object, store: Store): string | undefined;
  /** Whether to overlook a complaint of dynalite's. */
  overlooks?(message: string): boolean;
  /** The input as dynalite's own check should see it. @default as it is */
  view?(input: object): object;
  /** Runs before, after or in place of the operation. */
  effect?(next: Action): Action;
}

/** One topic's corrections, by operation. */
export type Corrections = Readonly<Record<string, Correction>>;

/** The same correction for several operations. */
export function forEach(operations: readonly string[], correction: Correction): Corrections {
  return Object.fromEntries(operations.map((operation) => [operation, correction]));
}
