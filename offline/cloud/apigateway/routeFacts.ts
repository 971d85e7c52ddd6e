import type { Tokens } from "./authorizers/tokens";
import type { Auth, Parameter } from "./definition/document";

/** A route as lists of routes show it. */
export interface RouteFacts {
  /** In upper case, or `ANY`. */
  readonly method: string;
  /** Such as `/items/{id}`, or `$default`. */
  readonly path: string;
  readonly auth: Auth;
  /** The parameters that a request must have. */
  readonly required: readonly Pick<Parameter, "name" | "in">[];
  /** The name of the function behind it, if there is one. */
  readonly target?: string;
  /** The tokens that it accepts, if any. */
  readonly tokens?: Tokens;
  /** Why the route answers 501. */
  readonly problem?: string;
}
