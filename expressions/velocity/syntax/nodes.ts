/** What a template says, in the order in which it says it. */
export type Statement =
  | { kind: "text"; text: string }
  | Reference
  | { kind: "set"; target: Reference; value: Expression }
  | { kind: "if"; branches: Branch[] }
  | { kind: "foreach"; item: string; list: Expression; body: Statement[] }
  | { kind: "define"; name: string; body: Statement[] }
  | { kind: "evaluate"; source: Expression }
  | { kind: "stop" }
  | { kind: "break"; scope?: Expression; literal: string }
  | MacroCall;

export interface Branch {
  /** None for `#else`. */
  test?: Expression;
  body: Statement[];
}

export interface Macro {
  name: string;
  parameters: string[];
  body: Statement[];
}

export interface MacroCall {
  kind: "call";
  name: string;
  arguments: Expression[];
  /** What is printed if there is no such macro. */
  literal: string;
  /** A word among the arguments, which a macro does not take. */
  word?: string;
  /** What `#@name() … #end` encloses, for `$!bodyContent`. */
  body?: Statement[];
  at: number;
}

export interface Reference {
  kind: "reference";
  /** The variable's name. Undefined if the reference never has a value, as `$\!name`. */
  root?: string;
  members: Member[];
  /** Text in front of the value, such as the first `$` of `$$price`. */
  prefix: string;
  /** What is printed instead of a value that is missing. */
  missing: string;
  /** The reference as written. */
  literal: string;
  /** Whether a backslash makes the reference text if it has a value. */
  escaped: boolean;
  /** Half of the backslashes before it. */
  backslashes: string;
  /** A name without `$`, which has no value and prints itself. */
  isName: boolean;
  at: number;
}

export type Member =
  | { kind: "property"; name: string; at: number }
  | { kind: "method"; name: string; arguments: Expression[]; at: number }
  | { kind: "index"; index: Expression; at: number };

export type Operator = "||" | "&&" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "+" | "-" | "*" | "/" | "%";

export type Expression =
  | Reference
  | { kind: "constant"; value: string | number | bigint | boolean; literal: string }
  | { kind: "float"; value: number; literal: string }
  | { kind: "template"; body: Statement[]; isPadded: boolean; literal: string }
  | { kind: "list"; items: Expression[]; literal: string }
  | { kind: "range"; from: Expression; to: Expression; literal: string }
  | { kind: "map"; entries: [key: Expression, value: Expression][]; literal: string }
  | { kind: "not"; operand: Expression; literal: string }
  | { kind: "binary"; operator: Operator; left: Expression; right: Expression; literal: string };
