import type { Answer } from "../../core/answer";

type Values = Map<unknown, unknown>;

/**
 * What the templates of one request set in `$context.requestOverride` and `$context.responseOverride`. The request's
 * template and the response's see the same maps, and overrides win over parameters that the document maps.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
 */
export class ContextOverrides {
  /** What templates see as `$context.requestOverride`. */
  readonly request: Values = mapsOf("path", "header", "querystring");
  /** What templates see as `$context.responseOverride`. */
  readonly response: Values = mapsOf("header");

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

function mapsOf(...names: string[]): Values {
  return new Map(names.map((name) => [name, new Map()]));
}

/** A list gives a pair for each of its values. */
function pairsIn(parent: Values, name: string): Answer["headers"] {
  const values = parent.get(name);
  if (!(values instanceof Map)) return [];
  return [...values].flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [String(key), String(one)]),
  );
}
