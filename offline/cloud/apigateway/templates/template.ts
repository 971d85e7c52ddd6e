import type { Answer } from "../../core/answer";
import { headerPairs } from "../../core/headerPairs";
import { contextOf, type GatewayRequest } from "../request/request";
import type * as bodyParameters from "./bodyParameter";
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

/** An integration's answer, which parameters of responses read. */
interface MappedAnswer {
  headers: Answer["headers"];
  body: string | Buffer;
}

/**
 * The headers, or other parameters, that a document maps under names with a prefix, such as `method.response.header.`.
 * @param answer the integration's, if the parameters are a response's
 */
export function mapHeaders(
  parameters: Record<string, string>,
  prefix: string,
  request: GatewayRequest,
  answer?: MappedAnswer,
): Answer["headers"] {
  return Object.entries(parameters).flatMap(([name, expression]): Answer["headers"] => {
    const values = name.startsWith(prefix) ? mapParameter(expression, request, answer) : [];
    return values.map((value) => [name.slice(prefix.length), value]);
  });
}

/**
 * The values of a parameter that a document maps: `'text'`, `context.…`, `stageVariables.…`,
 * `method.request.header|querystring|path.…`, `integration.response.header.…`, several with `multivalue` before the place,
 * or of a body, `method.request.body.…` and `integration.response.body.…` with a JSONPath.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
function mapParameter(expression: string, request: GatewayRequest, answer?: MappedAnswer): string[] {
  if (/^'.*'$/s.test(expression)) return [expression.slice(1, -1)];
  const [root = "", ...path] = expression.split(".");
  if (root === "context") return [print(path.reduce<unknown>(property, contextOf(request)))];
  if (root === "stageVariables") return present(request.stage.variables[path.join(".")]);
  const [, of = "", isMultiple, place = "", name = ""] = SOURCE.exec(expression) ?? [];
  const isRequest = of === "method.request";
  if (place === "body") return present(valueIn(isRequest ? request.body : answer?.body, name));
  const headers = isRequest ? headerPairs(request.rawHeaders) : (answer?.headers ?? []);
  const values: Record<string, string[]> = {
    header: headers.filter(([one]) => one.toLowerCase() === name.toLowerCase()).map(([, value]) => value),
    querystring: isRequest ? request.query.getAll(name) : [],
    path: isRequest ? present(request.pathParameters[name]) : [],
  };
  const found = values[place] ?? [];
  return isMultiple ? found : present(place === "header" ? found.join(", ") || undefined : found[0]);
}

const SOURCE = /^(method\.request|integration\.response)\.(multivalue)?(header|querystring|path|body)(?:\.(.+))?$/;

function present(value: string | undefined): string[] {
  return value === undefined ? [] : [value];
}

function valueIn(body: string | Buffer = "", path = ""): string | undefined {
  if (path === "") return body.toString();
  const { bodyParameter } = require("./bodyParameter") as typeof bodyParameters;
  return bodyParameter(body.toString(), path);
}
