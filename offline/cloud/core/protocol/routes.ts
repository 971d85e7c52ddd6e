import type { IncomingHttpHeaders } from "node:http";
import type { Model, Operation } from "../model";
import { queryOf } from "../signature/signature";

/** How a REST operation is addressed: `GET /{Bucket}/{Key+}?tagging`. */
interface Route {
  name: string;
  method: string;
  path: RegExp;
  /** What the query must have, as names or `name=value`. */
  query: string[];
  /** The names of the query parameters and headers that its input must have. */
  needs: { query: string[]; headers: string[] };
  /** How much of it is fixed text. */
  literals: number;
}

const routes = new WeakMap<Model, Route[]>();

/** The operation that a request addresses: of those that fit, the one that demands most. */
export function route(model: Model, method: string, url: string, headers: IncomingHttpHeaders): string | undefined {
  const all = routes.get(model) ?? Object.entries(model.operations).flatMap(toRoute);
  routes.set(model, all);
  const [path = ""] = url.split("?");
  const query = queryOf(url);
  const has = (wanted: string) => {
    const [name = "", value] = wanted.split("=");
    return query.has(name) && (value === undefined || query.get(name) === value);
  };
  let best: { name: string; rank: number } | undefined;
  for (const one of all) {
    if (one.method !== method || !one.path.test(path) || !one.query.every(has)) continue;
    const { query: parameters, headers: names } = one.needs;
    const isWhole = parameters.every((name) => query.has(name)) && names.every((name) => headers[name] !== undefined);
    const needed = isWhole ? parameters.length + names.length : -1;
    const rank = one.literals * 1000 + one.query.length * 100 + needed;
    if (!best || rank > best.rank) best = { name: one.name, rank };
  }
  return best?.name;
}

function toRoute([name, { http }]: [string, Operation]): Route[] {
  if (!http) return [];
  const { method, requestUri, query = [], headers = [] } = http;
  const [template = "", search = ""] = requestUri.split("?");
  const literals = template.split("/").filter((part) => part !== "" && !part.startsWith("{")).length;
  return [
    {
      name,
      method,
      path: patternOf(template),
      query: search.split("&").filter(Boolean),
      needs: { query, headers },
      literals,
    },
  ];
}

/** Matches paths with and without a slash at their end, except where it may belong to the last label. */
function patternOf(template: string): RegExp {
  const source = template
    .replace(/\/$/, "")
    .replace(/[.*()|[\]\\^$]/g, "\\$&")
    .replace(/\{(\w+)\+\}/g, "(?<$1>.+)")
    .replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return new RegExp(`^${source}${template.endsWith("+}") ? "" : "/?"}$`, "s");
}

/** The labels in a path, by their names. @throws URIError */
export function labelsOf(template: string, url: string): Record<string, string> {
  const [path = ""] = url.split("?");
  const { groups = {} } = patternOf(template.split("?")[0] ?? "").exec(path) ?? {};
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
}
