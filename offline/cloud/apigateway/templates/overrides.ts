import type { Value } from "../../../../expressions/velocity";
import type { Answer } from "../../core/answer";

/** A map of `$context`, which prints nothing as a whole, as on AWS. */
export class ContextMap extends Map<Value, Value> {
  override toString(): string {
    return "";
  }
}

/**
 * What the templates of one request set in `$context.requestOverride` and `$context.responseOverride`. The request's
 * template and the response's see the same maps, and overrides win over parameters that the document maps.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
 */
export class ContextOverrides {
  /** What templates see as `$context.requestOverride`. */
  readonly request = mapsOf("path", "header", "querystring");
  /** What templates see as `$context.responseOverride`. */
  readonly response = mapsOf("header");

  /** Headers of the integration's request, by name. */
  get requestHeaders(): Answer["headers"] {
    return pairsIn(this.request, "header");
  }

  /** Values for `{name}` in the integration's URI. */
  get path(): Answer["headers"] {
    return pairsIn(this.request, "path");
  }

  /** Parameters of the integration's query. */
  get querystring(): Answer["headers"] {
    return pairsIn(this.request, "querystring");
  }

  /** Headers of the answer. */
  get responseHeaders(): Answer["headers"] {
    return pairsIn(this.response, "header");
  }

  /** The answer's status, if a template sets a number. */
  get status(): number | undefined {
    const status = Number(this.response.get("status") ?? Number.NaN);
    return Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
  }
}

function mapsOf(...names: string[]): ContextMap {
  return new ContextMap(names.map((name) => [name, new ContextMap()]));
}

/** A list gives a pair for each of its values. */
function pairsIn(parent: ContextMap, name: string): Answer["headers"] {
  const values = parent.get(name);
  if (!(values instanceof Map)) return [];
  return [...values].flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [String(key), String(one)]),
  );
}
