import { isMap } from "../../core/resources";

/**
 * The value of a selection expression: `$request.body.action`, or text with several of them in braces, such as
 * `${request.body.kind}.${request.body.action}`. Anything else, such as `\$default` or `200`, stands for itself.
 * @param body as it was sent; undefined before there is one
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html
 */
export function select(expression: string, body: string | undefined): string | undefined {
  if (expression.startsWith("\\$")) return expression.slice(1);
  const document = parse(body);
  if (/^\$request\.body/.test(expression)) return valueAt(document, expression.slice("$request.body".length));
  let isComplete = true;
  const selected = expression.replace(/\$\{request\.body([^}]*)\}/g, (_, path: string) => {
    const value = valueAt(document, path);
    isComplete &&= value !== undefined;
    return value ?? "";
  });
  return isComplete ? selected : undefined;
}

function parse(body = ""): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The text at a path such as `.meta.action`; undefined if there is nothing, or an object or a list. */
function valueAt(document: unknown, path: string): string | undefined {
  const names = path.split(/[.[\]'"]+/).filter((name) => name !== "");
  const found = names.reduce<unknown>((value, name) => {
    const isOwn = (isMap(value) || Array.isArray(value)) && Object.hasOwn(value, name);
    return isOwn ? (value as Record<string, unknown>)[name] : undefined;
  }, document);
  return found === undefined || found === null || typeof found === "object" ? undefined : String(found);
}
