import type { IncomingMessage } from "node:http";
import type { Answer } from "../core/answer";
import type { Invoker } from "../core/invoker";
import type { CodeContext } from "../core/types";
import type { Guards } from "./authorizers/authorization";
import type { RouteFacts } from "./routeFacts";

/** A stage of an API of any kind, ready to answer. */
export interface Stage {
  /** Where its URLs begin, such as `/Prod`; empty for the stage `$default` of an HTTP API. */
  readonly path: string;
  /** In the order of the API's definition. */
  readonly routes: readonly RouteFacts[];
  /** What answers otherwise than it is defined, besides the problems of its routes; one sentence each. */
  readonly problems: readonly string[];
  /** Rejects only if the gateway itself fails. */
  serve(arrival: Arrival): Promise<Served>;
  /** Forgets what it keeps of the answers of functions, whose code may have changed. */
  forget?(): void;
}

/** A request that has arrived for a stage. */
export interface Arrival {
  /** A UUID. */
  id: string;
  message: IncomingMessage;
  /** As sent, without the stage, the query, and duplicate slashes at its beginning. */
  path: string;
  /** The stage and the path as sent, such as `/Prod//items`. */
  stagePath: string;
}

/** How a request was answered. */
export interface Served {
  answer: Answer;
  /** The headers with the request's ids. @default those of a REST API */
  ids?: Record<string, string>;
  /** The function that it was passed to. */
  invoked?: string;
}

/** An API as a program declares it. */
export interface Declaration {
  name: string;
  id: string;
  region: string;
  /** Everything that its behaviour depends on, but for the functions. */
  model: object;
  /** Prepares its stages. The first is the one that is shown. */
  compile(surroundings: Surroundings): Stage[];
  /** What its own endpoint answers if it is disabled, so that only its domains serve it. */
  refusal?: Answer;
  /** The stage of paths that name none. @default the first */
  isDefault?(stage: Stage): boolean;
}

/** What the stages of APIs need beyond their definitions. */
export interface Surroundings extends CodeContext, Guards {
  functions: Invoker;
  /** Where the requests of services are sent, by their signing names. */
  endpoints: Record<string, string>;
  /** False while debugging: a breakpoint must not end the request. */
  enforceTimeout: boolean;
}
