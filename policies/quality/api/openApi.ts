import type { Finding } from "../../lib/rule";
import { type Reading, read } from "../../lib/values";
import { unreadable } from "../checks";

const methods = ["get", "put", "post", "delete", "head", "patch", "trace", "x-amazon-apigateway-any-method"];

/**
 * Reports the operations of an OpenAPI document, in a JSON string, that anybody may call, except preflight requests.
 * @param meant those that are meant for everybody, such as `GET /health`
 */
export function openOperations(props: object, path: string, meant: string[]): Finding[] {
  const operations = read(props, `${path}{}.paths.*.*`);
  return [
    ...unreadable(operations),
    ...operations.flatMap((operation): Finding[] => {
      const value = operation.state === "known" ? operation.value : undefined;
      if (typeof value !== "object" || value === null || !methods.includes(methodOf(operation))) return [];
      if (meant.includes(routeOf(operation))) return [];
      const own = read(value, "security", operation.path);
      const security = own.some(({ state }) => state !== "missing") ? own : read(props, `${path}{}.security`);
      const instead = "write a security scheme in its security";
      const isOpen = security.some(allowsAnybody);
      return isOpen ? [{ message: `${operation.path} may be called by anybody: ${instead}.` }] : [];
    }),
  ];
}

function methodOf({ path }: Reading): string {
  return path.slice(path.lastIndexOf(".") + 1).toLowerCase();
}

/** The route as programs write it. */
function routeOf(operation: Reading): string {
  const method = methodOf(operation);
  const [, path = ""] = /\.paths\.(\/.*)\.[^.]+$/.exec(operation.path) ?? [];
  return `${method === "x-amazon-apigateway-any-method" ? "ANY" : method.toUpperCase()} ${path}`;
}

/** True if `security` is missing or an empty list, or if one of its requirements is empty. */
function allowsAnybody(security: Reading): boolean {
  if (security.state !== "known") return security.state === "missing";
  if (!Array.isArray(security.value)) return false;
  return read(security.value, "[]", security.path).some(
    (one) => one.state === "missing" || (one.state === "known" && Object.keys(Object(one.value)).length === 0),
  );
}
