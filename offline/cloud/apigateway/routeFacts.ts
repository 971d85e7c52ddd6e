import type { ServedRoute } from "../core/served";
import type { Tokens } from "./authorizers/tokens";

/** A route as lists of routes show it. */
export interface RouteFacts extends ServedRoute {
  /** The name of the function behind it, if there is one. */
  readonly target?: string;
  /** The tokens that it accepts, if any. */
  readonly tokens?: Tokens;
  /** Why the route answers 501. */
  readonly problem?: string;
}
