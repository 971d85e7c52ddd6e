import type { Answer } from "../../core/answer";
import { contextOf, type GatewayRequest } from "../request/request";
import type { Template } from "./scope";
import type * as velocity from "./velocity";

export { type ErrorContext, type Template, TemplateError } from "./scope";

/**
 * Compiles a mapping template. Velocity is loaded with the first that is more than text.
 * @throws TemplateError with all mistakes and their places
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html
 */
export function compileTemplate(text: string): Template {
  if (!/[$#]/.test(text)) return () => text;
  const { compileVelocity } = require("./velocity") as typeof velocity;
  return compileVelocity(text);
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
