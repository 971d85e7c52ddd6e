import { type Bean, textOf, type Value, type Walk } from "../../../../expressions/velocity";
import { headersReceived } from "../request/headers";
import type { GatewayRequest } from "../request/request";
import { jsonOf, readJson } from "./json";
import { findPath } from "./jsonPath";

/** A map whose names are found in any case. */
class HeaderMap extends Map<Value, Value> {
  override get(name: Value): Value | undefined {
    return super.get(name) ?? super.get(this.spelled(name));
  }

  override has(name: Value): boolean {
    return super.has(this.spelled(name));
  }

  private spelled(name: Value): Value {
    const lower = textOf(name).toLowerCase();
    return [...this.keys()].find((key) => textOf(key).toLowerCase() === lower) ?? name;
  }
}

/**
 * What a template sees as `$input`.
 * @param body the request's, or in the template of a response the integration's
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function inputOf(request: GatewayRequest, body: string, walk: Walk): Bean {
  let parsed: { value: Value } | undefined;
  const find = (path: Value): Value => {
    parsed ??= { value: readJson(body) };
    return findPath(parsed.value, textOf(path), walk);
  };
  return {
    isBean: true,
    property: (name) => (name === "body" ? body || "{}" : undefined),
    call: (name, given) => {
      const [path] = given;
      if (name === "params") return path === undefined ? paramsOf(request) : parameter(request, textOf(path));
      if (path === undefined || given.length > 1) return undefined;
      if (name === "path") return find(path);
      return name === "json" ? jsonAt(body, path, find, walk) : undefined;
    },
    toString: () => "",
  };
}

/** A body that is missing counts as an empty object, and a value that is missing as an empty text. */
function jsonAt(body: string, path: Value, find: (path: Value) => Value, walk: Walk): string {
  if (body === "" && path === "$") return "{}";
  return jsonOf(find(path) ?? "", { walk });
}

function paramsOf(request: GatewayRequest): Value {
  const headers = Object.entries(headersReceived(request)).map(([name, values]): [Value, Value] => [
    name,
    values.at(-1) ?? "",
  ]);
  return new Map<Value, Value>([
    ["path", new Map<Value, Value>(Object.entries(request.pathParameters))],
    ["querystring", new Map<Value, Value>([...request.query.keys()].map((name) => [name, request.query.get(name)]))],
    ["header", new HeaderMap(headers)],
  ]);
}

/** Looks in the path, then the query, then the headers. */
function parameter(request: GatewayRequest, name: string): Value {
  const lower = name.toLowerCase();
  const header = Object.entries(headersReceived(request)).find(([one]) => one.toLowerCase() === lower)?.[1];
  return request.pathParameters[name] ?? request.query.get(name) ?? header?.join(", ") ?? "";
}
