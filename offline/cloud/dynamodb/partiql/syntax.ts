/** A name, then names of a map's entries and indexes of a list's elements. */
export type Steps = (string | number)[];

interface Node {
  /** Where it stands in the statement, as in DynamoDB's messages. */
  position: string;
}

export interface Path extends Node {
  type: "path";
  steps: Steps;
}

export interface Call extends Node {
  type: "call";
  /** In lower case. */
  name: string;
  operands: Expression[];
}

/** Operands joined by `AND`, `OR`, `NOT`, `=`, `<>`, `<`, `<=`, `>`, `>=`, `IN`, `BETWEEN`, `IS NULL`, `IS MISSING`, `+` or `-`. */
export interface Operation extends Node {
  type: "operation";
  operator: string;
  operands: Expression[];
}

export type Literal = Node &
  (
    | { type: "string" | "number"; text: string }
    | { type: "boolean"; value: boolean }
    | { type: "null" | "missing" }
    | { type: "list" | "bag"; elements: Expression[] }
    | { type: "map"; entries: [string, Expression][] }
    /** The value at this index of the request's parameters. */
    | { type: "parameter"; index: number }
  );

export type Expression = Path | Call | Operation | Literal;

export interface Select {
  type: "select";
  table: string;
  index?: string;
  /** Undefined for all. */
  columns?: Path[];
  where?: Expression;
  order: { path: Path; descending: boolean }[];
}

export interface Insert {
  type: "insert";
  table: string;
  item: Expression;
}

export type Change = { type: "set"; path: Path; value: Expression } | { type: "remove"; path: Path };

/** As in an UpdateItem's ReturnValues. */
export type Returning = "ALL_OLD" | "ALL_NEW" | "UPDATED_OLD" | "UPDATED_NEW";

export interface Update {
  type: "update";
  table: string;
  changes: Change[];
  where?: Expression;
  returning?: Returning;
}

export interface Delete {
  type: "delete";
  table: string;
  where?: Expression;
  returning?: Returning;
}

/** A condition on an item that a transaction does not write. */
export interface Exists {
  type: "exists";
  select: Select;
}

export type Statement = Select | Insert | Update | Delete | Exists;
