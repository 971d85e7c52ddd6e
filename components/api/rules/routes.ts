/** The methods that a route may have; ANY stands for all those that no other route on the path has. */
export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"] as const;
export type Method = (typeof methods)[number];

/** A route's parsed key, such as `GET /items/{id}`. */
export interface RouteKey {
  method: Method;
  /** The path in API Gateway's syntax, `/items/{id}`. */
  path: string;
  /** The names in braces, in order; a greedy one, `{proxy+}`, without its plus. */
  parameters: string[];
}

/** Paths that API Gateway reserves for its health check. @see "Amazon API Gateway important notes" */
const reservedPaths = new Set(["/ping", "/sping"]);

/**
 * @returns the key's parts, or what is wrong with it and what to write instead
 * @see "Amazon API Gateway important notes", for the characters a path may have
 */
export function parseRoute(key: string): RouteKey | string {
  if (key.startsWith("$"))
    return "is a route of a WebSocket API; write it in a WebSocketApi, or a method and a path here";
  const [, method = "", path = ""] = /^(\S+) (\S+)$/.exec(key) ?? [];
  if (!path.startsWith("/")) return 'is not a route; write a method, a space and a path, such as "GET /items/{id}"';
  if (!isMethod(method)) return `has the method "${method}"; write one of ${methods.join(", ")}`;
  if (reservedPaths.has(path)) return `"${path}" is reserved by API Gateway for its health check; write another path`;
  if (path === "/") return { method, path, parameters: [] };
  const segments = path.slice(1).split("/");
  const parameters: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const [, name, greedy] = /^\{([\w.:-]+)(\+?)\}$/.exec(segment) ?? [];
    if (name === undefined) {
      const mistake = segmentMistake(segment);
      if (mistake) return mistake;
      continue;
    }
    if (greedy && index < segments.length - 1)
      return `"${segment}" matches the rest of the path; it must be the last part`;
    if (parameters.includes(name)) return `has the parameter "${name}" twice; give each its own name`;
    parameters.push(name);
  }
  return { method, path, parameters };
}

function segmentMistake(segment: string): string | undefined {
  if (segment === "") return "has an empty part; write no double slash and no slash at the end";
  if (/[{}]/.test(segment)) return `"${segment}" mixes text and braces; a parameter is a whole part, such as "{id}"`;
  if (segment.startsWith(":"))
    return `"${segment}" would be taken literally; write a parameter as "{${segment.slice(1)}}"`;
  if (/^[\w.,:-]+$/.test(segment)) return undefined;
  return `"${segment}" has characters that API Gateway refuses; write letters, digits, "_", "-", ".", "," and ":"`;
}

function isMethod(text: string): text is Method {
  return (methods as readonly string[]).includes(text);
}

/**
 * The paths that API Gateway cannot have beside an earlier one: they have a parameter with another name in the same place.
 * @see "Amazon API Gateway important notes" and the error "A sibling ({id}) of this resource already has a variable
 * path part"
 */
export function conflictingPaths(paths: string[]): [earlier: string, path: string][] {
  const variables = new Map<string, { segment: string; path: string }>();
  return paths.flatMap((path): [string, string][] => {
    const segments = path.split("/");
    for (const [index, segment] of segments.entries()) {
      if (!segment.startsWith("{")) continue;
      const place = segments.slice(0, index).join("/");
      const other = variables.get(place) ?? { segment, path };
      if (other.segment !== segment) return [[other.path, path]];
      variables.set(place, other);
    }
    return [];
  });
}
