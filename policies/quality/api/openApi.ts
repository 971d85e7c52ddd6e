import type { Finding } from "../../lib/rule";
import { type Reading, read } from "../../lib/values";
import { unreadable } from "../checks";

const methods = ["get", "put", "post", "delete", "head", "patch", "trace", "x-amazon-apigateway-any-method"];

/**
 * Reports the operations of an OpenAPI document, in a JSON string, that anybody may call, except preflight requests.
 */
export function openOperations(props: object, path: string): Finding[] {
  const [ofAll] = read(props, `${path}{}.security`);
  const operations = read(props, `${path}{}.paths.*.*`);
  return [
    ...unreadable(operations),
    ...operations.flatMap((operation): Finding[] => {
      const { value, method } = describe(operation);
      if (value === undefined || !methods.includes(method)) return [];
      const [own] = read(value, "security");
      const isOpen = allowsAnybody(own?.state === "missing" ? ofAll : own);
      const instead = "write a security scheme in its security";
      return isOpen ? [{ message: `${operation.path} may be called by anybody: ${instead}.` }] : [];
    }),
  ];
}

function describe(operation: Reading): { value?: object; method: string } {
  const method = operation.path.slice(operation.path.lastIndexOf(".") + 1).toLowerCase();
  const value = operation.state === "known" ? operation.value : undefined;
  return typeof value === "object" && value !== null ? { value, method } : { method };
}

/** True if `security` is missing or an empty list, or if one of its requirements is empty. */
function allowsAnybody(security: Reading | undefined): boolean {
  if (security?.state !== "known") return security?.state === "missing";
  if (!Array.isArray(security.value)) return false;
  const requirements: unknown[] = security.value;
  return requirements.length === 0 || requirements.some((one) => Object.keys(Object(one)).length === 0);
}
