import type { Answer } from "../../core/answer";
import { contextOf, type GatewayRequest } from "../request/request";
import type { ContextOverrides } from "./overrides";

/** The part of a gateway response's context that describes the error. */
export interface ErrorContext {
  message: string;
  responseType: string;
  validationErrorString?: string;
}

/** What a template sees besides the request. */
export interface TemplateScope {
  /** What `$input` reads: in the template of an integration's response, the integration's body. @default the request's */
  body?: Buffer | string;
  /** What `$context.error` describes, in a gateway response. */
  error?: ErrorContext;
  /** What `$context.requestOverride` and `$context.responseOverride` set. @default nothing that outlives the template */
  overrides?: ContextOverrides;
}

/** @throws TemplateError if the template cannot be evaluated to its end */
export type Template = (request: GatewayRequest, scope?: TemplateScope) => string;

/** A template has mistakes, or takes too long. The route answers 501 in the first case, and 500 in the second. */
export class TemplateError extends Error {}

type Part = (scope: Scope) => unknown;

interface Scope {
  request: GatewayRequest;
  body: Buffer | string;
  context: Record<string, unknown>;
}

const DIRECTIVE = /#(?:set|if|elseif|else|end|foreach|include|parse|stop|break|evaluate|define|macro)\b|#\[\[|#\*/;
const EXPRESSION = [
  String.raw`(?:context|stageVariables)(?:\.[\w-]+)+`,
  String.raw`input\.(?:body|params\(\))(?:\.[\w-]+)+`,
  String.raw`(?:input|util)\.\w+(?:\((?:'[^']*'|"[^"]*"|[^()]*)\))?`,
].join("|");
const REFERENCE = new RegExp(String.raw`\\?\$!?(?:\{(${EXPRESSION})\}|(${EXPRESSION}))`, "g");

/**
 * Compiles the part of API Gateway's mapping templates that is emulated: text, `##` comments, `$context.…`,
 * `$stageVariables.…`, `$input.body`, `$input.json('$')`, `$input.params('name')`, `$input.params().path.name`.
 * @throws TemplateError that names the first unsupported part
 */
export function compileTemplate(text: string): Template {
  const directive = DIRECTIVE.exec(text);
  if (directive) throw new TemplateError(`the template directive ${directive[0]} is not emulated offline`);
  const source = text.replace(/^[ \t]*##.*\n?/gm, "");
  const parts: (string | Part)[] = [];
  let end = 0;
  for (const match of source.matchAll(REFERENCE)) {
    // A backslash makes a reference plain text.
    const escaped = match[0].startsWith("\\");
    parts.push(
      source.slice(end, match.index),
      escaped ? match[0].slice(1) : compileReference(match[1] ?? match[2] ?? ""),
    );
    end = match.index + match[0].length;
  }
  parts.push(source.slice(end));
  if (parts.length === 1) return () => source;
  return (request, { body = request.body, error } = {}) => {
    const scope = { request, body, context: { ...contextOf(request), error: error && describe(error) } };
    return parts.map((part) => (typeof part === "string" ? part : print(part(scope)))).join("");
  };
}

function compileReference(expression: string): Part {
  const [root, ...path] = expression.split(".");
  if (root === "context") return ({ context }) => path.reduce(property, context);
  if (root === "stageVariables") return ({ request }) => property(request.stage.variables, path.join("."));
  if (expression === "input.body" || /^input\.json\((['"])\$\1\)$/.test(expression)) {
    return ({ body }) => body.toString() || "{}";
  }
  // Text has no properties.
  if (expression.startsWith("input.body.")) return () => "";
  const [, place, of] = /^input\.params\(\)\.(path|querystring|header)\.([\w-]+)$/.exec(expression) ?? [];
  if (place && of) return ({ request }) => parameterIn[place]?.(request, of);
  const name = /^input\.params\((['"])(.+)\1\)$/.exec(expression)?.[2];
  if (name) return ({ request }) => parameter(request, name);
  throw new TemplateError(`the template reference $${expression} is not emulated offline`);
}

const parameterIn: Record<string, (request: GatewayRequest, name: string) => unknown> = {
  path: ({ pathParameters }, name) => pathParameters[name],
  querystring: ({ query }, name) => query.get(name),
  header: ({ headers }, name) => headers[name.toLowerCase()],
};

/** `$input.params('x')` looks in the path, then the query, then the headers. */
function parameter(request: GatewayRequest, name: string): unknown {
  return Object.values(parameterIn).reduce<unknown>((found, read) => found ?? read(request, name), undefined);
}

function describe(error: ErrorContext) {
  return { ...error, messageString: JSON.stringify(error.message) };
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function print(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

/** The headers that a document maps under names with a prefix, such as `method.response.header.`. */
export function mapHeaders(
  parameters: Record<string, string>,
  prefix: string,
  request: GatewayRequest,
): Answer["headers"] {
  return Object.entries(parameters).flatMap(([name, expression]): Answer["headers"] => {
    const value = name.startsWith(prefix) ? mapParameter(expression, request) : undefined;
    return value === undefined ? [] : [[name.slice(prefix.length), value]];
  });
}

/**
 * The value of a header that a document maps: `'text'`, `context.…`, `stageVariables.…` or
 * `method.request.header|querystring|path.…`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
function mapParameter(expression: string, request: GatewayRequest): string | undefined {
  if (/^'.*'$/s.test(expression)) return expression.slice(1, -1);
  const [root, ...path] = expression.split(".");
  const name = path.slice(2).join(".");
  if (root === "context") return print(path.reduce<unknown>(property, contextOf(request)));
  if (root === "stageVariables") return request.stage.variables[path.join(".")];
  if (expression.startsWith("method.request.header.")) return print(request.headers[name.toLowerCase()]) || undefined;
  if (expression.startsWith("method.request.querystring.")) return request.query.get(name) ?? undefined;
  if (expression.startsWith("method.request.path.")) return request.pathParameters[name];
  return undefined;
}
