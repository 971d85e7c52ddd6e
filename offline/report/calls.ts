import type { Graph } from "../engine/graph";
import { resourcesOfType } from "../engine/query";
import type { Server } from "../server";

export type Api = Server["apis"][number];
type Route = Api["routes"][number];

const DOCUMENT = /\/(?:openapi|swagger|api-docs)(?:\.(?:json|ya?ml))?$/;

/** Where an API serves its own OpenAPI document, if it does. */
export function documentUrl({ url, domainUrl = url, routes }: Api): string | undefined {
  const route = routes.find(({ method, path }) => ["GET", "ANY"].includes(method) && DOCUMENT.test(path));
  return route && domainUrl + route.path;
}

/**
 * A command that calls a route, ready to be pasted into a shell. It shows how to sign, if any route asks for that.
 * @see https://curl.se/docs/manpage.html#--aws-sigv4 (since 7.75)
 */
export function curl(apis: Api[], { accessKeyId, secretAccessKey }: Server["credentials"]): string | undefined {
  const wanted = apis.some(({ auth }) => auth.includes("iam")) ? "iam" : "none";
  const candidates = apis.flatMap((api) => api.routes.map((route) => ({ api, route, rank: rankOf(route, wanted) })));
  const [best] = candidates
    .filter(({ route }) => route.method !== "DELETE")
    .sort((one, other) => one.rank - other.rank);
  if (!best) return undefined;
  const { api, route } = best;
  const signed = ["--aws-sigv4", `aws:amz:${api.region}:execute-api`, "--user", `${accessKeyId}:${secretAccessKey}`];
  const base = api.domainUrl ?? api.url;
  const { host } = new URL(base);
  const resolved = api.domainUrl === undefined ? [] : ["--resolve", `${host}:127.0.0.1`];
  const authorized = route.auth === "iam" ? signed : [];
  const words = ["curl", ...resolved, ...authorized, ...requestOf(route), base + pathOf(route)];
  return words.map(quote).join(" ");
}

/** A command that calls the first function, for programs without an API. */
export function invocation(graph: Graph): string | undefined {
  const found = resourcesOfType(graph, "aws:lambda/function:Function").find(({ external }) => !external);
  return found && `npx --no pulumi-offline invoke ${quote(found.name)}`;
}

/** The lower, the better a route is as an example: at best a GET that needs nothing and is not the document's. */
function rankOf({ method, path, auth, required }: Route, wanted: Route["auth"]): number {
  const faults = [
    DOCUMENT.test(path),
    required.length > 0 || path.includes("{"),
    method !== "GET" && method !== "ANY",
    auth !== wanted,
  ];
  return faults.reduce((sum, isFault, index) => sum + (isFault ? 2 ** index : 0), 0);
}

function requestOf({ method, required }: Route): string[] {
  const headers = required.filter((parameter) => parameter.in === "header").flatMap(({ name }) => ["-H", `${name}: 1`]);
  if (method === "GET" || method === "ANY") return headers;
  if (method === "HEAD") return ["--head", ...headers];
  const body = method === "OPTIONS" ? [] : ["-H", "Content-Type: application/json", "-d", "{}"];
  return ["-X", method, ...headers, ...body];
}

function pathOf({ path, required }: Route): string {
  const query = required
    .filter((parameter) => parameter.in === "query")
    .map(({ name }) => `${encodeURIComponent(name)}=1`)
    .join("&");
  const filled = path === "$default" ? "/" : path.replace(/\{[^}]*\}/g, "1");
  return query ? `${filled}?${query}` : filled;
}

/** A word of a shell's command. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
