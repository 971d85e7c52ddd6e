import { Problem } from "./problem";
import type { JsonSchema } from "./schema";

export interface Parameter {
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema: JsonSchema;
}

interface Content {
  schema: JsonSchema;
}

export interface Response {
  description: string;
  headers?: Record<string, { description?: string; schema: JsonSchema }>;
  content?: Record<string, Content>;
}

/**
 * An operation of the API, as in OpenAPI 3.0; the parameters are keyed by their names.
 * @see https://spec.openapis.org/oas/v3.0.3#operation-object
 */
export interface Route<OperationId extends string = string> {
  operationId: OperationId;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Record<string, Parameter>;
  requestBody?: { description?: string; required?: boolean; content: Record<string, Content> };
  responses?: Record<string, Response>;
  /** Who may call it. @default as the API says */
  auth?: "iam";
}

/** The routes of an API, keyed by method and path: `"GET /items/{id}"`. */
export type Routes<OperationId extends string = string> = Record<string, Route<OperationId>>;

export interface Match<OperationId extends string = string> {
  route: Route<OperationId>;
  parameters: Record<string, string>;
}

interface Resource<OperationId extends string> {
  segments: string[];
  methods: Map<string, Route<OperationId>>;
}

/** Finds the route of a method and a path. A literal segment takes precedence over a parameter, as in API Gateway. */
export function router<OperationId extends string>(routes: Routes<OperationId>) {
  const resources = resourcesOf(routes);
  return (method: string, path: string): Match<OperationId> => {
    const segments = segmentsOf(path);
    const resource = resources.find((candidate) => fits(candidate.segments, segments));
    if (!resource) throw new Problem("not-found", "No operation has this path.");
    const route = resource.methods.get(method);
    if (!route) {
      const allowed = [...resource.methods.keys()].join(", ");
      throw new Problem("method-not-allowed", `Use one of ${allowed}.`, { headers: { Allow: allowed } });
    }
    return { route, parameters: pathParameters(resource.segments, segments) };
  };
}

/**
 * The routes that also send every other method on the table's paths to the function, which answers it with 405 and
 * Allow: API Gateway by itself answers 403. They are for the deployed document; the router needs none of them.
 */
export function methodNotAllowedRoutes(routes: Routes): Routes {
  const other = Object.entries(routes).map(([key, { parameters = {} }]): [string, Route] => {
    const { path } = splitKey(key);
    const camelCase = path.replaceAll(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase());
    const route = {
      operationId: `methodNotAllowed${camelCase}`,
      summary: "Reject any other method",
      parameters: Object.fromEntries(Object.entries(parameters).filter(([, parameter]) => parameter.in === "path")),
      responses: {
        "405": { description: "The resource does not support this method; Allow lists those that it does" },
      },
    };
    return [`ANY ${path}`, route];
  });
  return Object.fromEntries(other);
}

/** The routes as they are deployed, including those for other methods, each with the function that handles it. */
export function servedBy<Target>(routes: Routes, target: Target): Record<string, Route & { function: Target }> {
  const all = Object.entries({ ...routes, ...methodNotAllowedRoutes(routes) });
  return Object.fromEntries(all.map(([key, route]) => [key, { ...route, function: target }]));
}

/** The segments of a path, each after a `/`: a path without one, or with an empty one, matches no route. */
export function segmentsOf(path: string): string[] {
  return path.split("/").slice(1);
}

function splitKey(key: string): { method: string; path: string } {
  const [method = "", path = ""] = key.split(" ");
  return { method, path };
}

function resourcesOf<OperationId extends string>(routes: Routes<OperationId>): Resource<OperationId>[] {
  const resources = new Map<string, Resource<OperationId>>();
  for (const [key, route] of Object.entries(routes)) {
    const { method, path } = splitKey(key);
    const resource = resources.get(path) ?? { segments: segmentsOf(path), methods: new Map() };
    resource.methods.set(method, route);
    resources.set(path, resource);
  }
  return [...resources].sort(([a], [b]) => (shapeOf(a) < shapeOf(b) ? -1 : 1)).map(([, resource]) => resource);
}

/** The template without its parameters' names. As "{" sorts after letters and digits, literals come first everywhere. */
function shapeOf(path: string): string {
  return path.replaceAll(/\{[^}]*\}/g, "{");
}

const isParameter = (segment: string) => segment.startsWith("{");

function fits(template: string[], segments: string[]): boolean {
  if (template.length !== segments.length) return false;
  return template.every((part, index) => (isParameter(part) ? segments[index] !== "" : part === segments[index]));
}

function pathParameters(template: string[], segments: string[]): Record<string, string> {
  const pairs = template.map((part, index): [string, string] => [part, segments[index] ?? ""]);
  return Object.fromEntries(
    pairs.filter(([part]) => isParameter(part)).map(([part, value]) => [part.slice(1, -1), decode(value)]),
  );
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem("malformed-request", "The path is not percent-encoded UTF-8.");
  }
}
