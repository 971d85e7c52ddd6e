import { Walk } from "../../../../expressions/velocity";
import { jsonOf, readJson } from "./json";
import { findPath } from "./jsonPath";

/** What a JSONPath finds in a body, as text; undefined if it finds nothing. */
export function bodyParameter(body: string, path: string): string | undefined {
  const walk = new Walk();
  const value = findPath(readJson(body), path.startsWith("$") ? path : `$.${path}`, walk);
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : jsonOf(value, { walk });
}
