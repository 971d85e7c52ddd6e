import type { Answer } from "../../core/answer";
import { headerPairs } from "../../core/headerPairs";
import { valueAt } from "../../core/inputTemplate";
import { NotServable } from "../definition/document";
import { type HttpRequest, httpContextOf } from "./request";

interface Scope {
  request: HttpRequest;
  /** The integration's. */
  response?: Answer;
}

/** Undefined if the request, or the response, does not have the value. */
type Value = (scope: Scope) => string | undefined;

/** Headers that no mapping may change. */
const RESERVED =
  /^(?:access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade|x-amz-.*|x-amzn-.*|x-forwarded-(?:for|host|proto)|via)$/i;

/**
 * A value of a mapping: a reference such as `$request.header.name`, text with references in braces, or plain text.
 * @throws NotServable for a reference that AWS does not know
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export function compileValue(text: string): Value {
  if (/^\$\w[^{}]*$/.test(text)) return compileReference(text.slice(1));
  const parts = text.split(/\$\{([^}]*)\}/);
  if (parts.length === 1) return () => text;
  const values = parts.map((part, index): Value => (index % 2 === 1 ? compileReference(part) : () => part));
  return (scope) => values.map((value) => value(scope) ?? "").join("");
}

function compileReference(reference: string): Value {
  const [, root = "", place = "", name = ""] =
    /^(context|stageVariables|request|response)\.?(?:(header|querystring|path|body)(?![\w-]))?\.?(.*)$/.exec(
      reference,
    ) ?? [];
  const compile = Object.hasOwn(places, `${root} ${place}`) ? places[`${root} ${place}`] : undefined;
  const whole = place === "path" || place === "body";
  if (!compile || (name === "" && !whole))
    throw new NotServable(`its mapping of $${reference} is not one that AWS knows`);
  return compile(name, reference);
}

const places: Record<string, (name: string, reference: string) => Value> = {
  "request header": (name) => headerOfRequest(name.toLowerCase()),
  "request querystring":
    (name) =>
    ({ request: { query } }) =>
      query.has(name) ? query.getAll(name).join(",") : undefined,
  "request path":
    (name) =>
    ({ request }) =>
      name === "" ? request.path : request.pathParameters[name],
  "request body": (name, reference) => bodyValue(name, reference, ({ request }) => request.body.toString()),
  "response header":
    (name) =>
    ({ response }) => {
      const values = (response?.headers ?? []).filter(([one]) => one.toLowerCase() === name.toLowerCase());
      return values.length > 0 ? values.map(([, value]) => value).join(",") : undefined;
    },
  "response body": (name, reference) => bodyValue(name, reference, ({ response }) => String(response?.body ?? "")),
  "context ": (name, reference) => {
    const path = pathOf(name, reference);
    return ({ request }) => textOf(valueAt(path, { ...httpContextOf(request), routeKey: request.routeKey }));
  },
  "stageVariables ":
    (name) =>
    ({ request }) =>
      request.stage.variables[name],
};

function headerOfRequest(name: string): Value {
  return ({ request }) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(",") : value;
  };
}

function bodyValue(name: string, reference: string, bodyOf: (scope: Scope) => string): Value {
  if (name === "") return bodyOf;
  const path = pathOf(name, reference);
  return (scope) => {
    try {
      return textOf(valueAt(path, JSON.parse(bodyOf(scope))));
    } catch {
      return undefined;
    }
  };
}

/** @throws NotServable for recursive descents and filters, which AWS refuses, and for wildcards */
function pathOf(name: string, reference: string): string {
  const path = name.startsWith("[") ? `$${name}` : `$.${name}`;
  try {
    valueAt(path, undefined);
    return path;
  } catch {
    throw new NotServable(`its mapping of $${reference} has more than names and indexes`);
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

interface Mapping {
  action: string;
  place: string;
  name: string;
  value: Value;
}

/** Such as `append:header.name` and its value. */
function compileMappings(parameters: Record<string, string>, fixed: string): Mapping[] {
  return Object.entries(parameters).map(([key, text]) => {
    const [, action = "", place = "", name = ""] = /^(append|overwrite|remove):(\w+)\.?(.*)$/.exec(key) ?? [];
    const isNamed = (place === "header" || (place === "querystring" && fixed === "path")) && name !== "";
    if (!isNamed && key !== `overwrite:${fixed}`) {
      throw new NotServable(`its mapping ${key} is not one that AWS knows, such as overwrite:header.name`);
    }
    if (place === "header" && RESERVED.test(name))
      throw new NotServable(`AWS refuses its mapping ${key}: ${name} is reserved`);
    return { action, place, name, value: compileValue(text) };
  });
}

/** Changes a request before it is passed on. @throws NotServable for a mapping that AWS refuses */
export function compileRequestMapping(parameters: Record<string, string>): (request: HttpRequest) => HttpRequest {
  const mappings = compileMappings(parameters, "path");
  if (mappings.length === 0) return (request) => request;
  return (request) => {
    let headers = headerPairs(request.rawHeaders);
    const query = new URLSearchParams(request.query);
    let newPath: string | undefined;
    for (const { action, place, name, value } of mappings) {
      const text = action === "remove" ? undefined : value({ request });
      if (action !== "remove" && text === undefined) continue;
      if (place === "path") newPath = text;
      else if (place === "header") headers = changed(headers, action, name, text);
      else {
        if (action !== "append") query.delete(name);
        if (text !== undefined) query.append(name, text);
      }
    }
    return {
      ...request,
      ...withHeaders(headers),
      query,
      rawQuery: String(query),
      ...(newPath !== undefined && { newPath }),
    };
  };
}

/** Changes an integration's response. @throws NotServable for a mapping that AWS refuses */
export function compileResponseMapping(
  parameters: Record<string, Record<string, string>>,
): (response: Answer, request: HttpRequest) => Answer {
  const byStatus = new Map(
    Object.entries(parameters).map(([status, one]) => [Number(status), compileMappings(one, "statuscode")]),
  );
  return (response, request) => {
    const mappings = byStatus.get(response.status);
    if (!mappings) return response;
    let { status, headers } = response;
    for (const { action, place, name, value } of mappings) {
      const text = action === "remove" ? undefined : value({ request, response });
      if (action !== "remove" && text === undefined) continue;
      if (place === "header") headers = changed(headers, action, name, text);
      else status = Number(text);
    }
    return { ...response, status, headers };
  };
}

function changed(
  headers: Answer["headers"],
  action: string,
  name: string,
  text: string | undefined,
): Answer["headers"] {
  const others = action === "append" ? headers : headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase());
  return text === undefined ? others : [...others, [name, text]];
}

function withHeaders(pairs: Answer["headers"]): Pick<HttpRequest, "headers" | "rawHeaders"> {
  const headers: Map<string, string> = new Map();
  for (const [name, value] of pairs) {
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
  }
  return { headers: Object.fromEntries(headers), rawHeaders: pairs.flat() };
}
