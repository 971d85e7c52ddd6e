import type { Graph } from "../engine/graph";
import type { Server } from "../server";
import { type Api, curl, documentUrl, invocation } from "./calls";
import type { Paint } from "./colors";
import { policySummary } from "./policies";
import { describeRegion } from "./text";

/** What is served, and where. */
export interface BannerFacts {
  graph: Graph;
  server: Pick<
    Server,
    "apis" | "webSockets" | "functionUrls" | "sites" | "endpoint" | "credentials" | "inspectorUrl" | "problems"
  >;
  /** How many milliseconds it took until it served. */
  ready: number;
}

/** The most rows of routes, for all APIs together. */
const ROUTE_ROWS = 12;
const WARNING_ROWS = 10;
const LABEL_WIDTH = 10;
/** Who may call a route or a URL. */
const AUTH_WORDS = { iam: "IAM", authorizer: "authorizer", key: "API key", none: "open" };

/** What `start` prints once it serves. It fits on a screen, and its last line is `ready in N ms`. */
export function bannerLines({ graph, server, ready }: BannerFacts, paint: Paint): string[] {
  const { apis, webSockets, functionUrls, sites, credentials, inspectorUrl } = server;
  const section = (label: string, ...lines: (string | undefined)[]) =>
    lines
      .filter((line) => line !== undefined)
      .map((line, index) => paint.bold((index === 0 ? label : "").padEnd(LABEL_WIDTH)) + line);
  const rows = Math.floor(ROUTE_ROWS / apis.length);
  const warnings = graph.secrets.hideIn(server.problems).map((problem) => warningLine(problem, paint));
  return [
    `${paint.bold(graph.project)}, stack ${paint.bold(graph.stack)}, region ${describeRegion(graph)}`,
    ...section("Policies", policySummary(graph)),
    ...(apis.length + webSockets.length + sites.length + functionUrls.length === 0
      ? section("API", "none: the program has no API that can be served")
      : []),
    ...apis.flatMap((api) => section("API", ...apiLines(api, rows, paint))),
    ...section(
      "Socket",
      ...webSockets.map(
        ({ name, url, domainUrl, auth }) => `${name}  ${domainUrl ?? url}  ${paint.dim(AUTH_WORDS[auth])}`,
      ),
    ),
    ...section("Sites", ...sites.map(({ name, kind, url }) => `${name}  ${url}  ${paint.dim(kind)}`)),
    ...section("URL", ...functionUrls.map(({ name, url, auth }) => `${name}  ${url}  ${paint.dim(AUTH_WORDS[auth])}`)),
    ...section("Try", curl(apis, credentials) ?? invocation(graph)),
    ...section("AWS", ...environmentLines(graph, server)),
    ...section("Debugger", inspectorUrl),
    ...warnings.slice(0, WARNING_ROWS),
    ...(warnings.length > WARNING_ROWS ? [`and ${warnings.length - WARNING_ROWS} more warnings: see --json`] : []),
    `ready in ${ready} ms`,
  ];
}

/** The same for programs to read: one line of JSON. */
export function bannerJson({ graph, server, ready }: BannerFacts): string {
  const { project, stack, region } = graph;
  const { apis, webSockets, functionUrls, sites, endpoint, credentials, inspectorUrl } = server;
  const problems = graph.secrets.hideIn(server.problems);
  const served = { apis, webSockets, functionUrls, sites, endpoint, credentials, inspectorUrl, problems };
  return JSON.stringify({ project, stack, region, ...served, ready });
}

export function warningLine(problem: string, paint: Paint): string {
  return `${paint.yellow("warning:")} ${problem}`;
}

/** Where an API is, a table of its routes, and where its document is. */
function apiLines(api: Api, rows: number, paint: Paint): (string | undefined)[] {
  const table = tableOf(api);
  const shown = table.slice(0, rows);
  const width = (column: "methods" | "path") => Math.max(...shown.map((row) => row[column].length));
  const hidden = table.slice(rows).reduce((sum, { routes }) => sum + routes, 0);
  const document = documentUrl(api);
  return [
    `${api.name}  ${api.domainUrl ?? api.url}`,
    ...shown.map(({ methods, path, auth }) =>
      `  ${methods.padEnd(width("methods"))}  ${path.padEnd(width("path"))}  ${paint.dim(auth)}`.trimEnd(),
    ),
    hidden > 0 ? `  ${shown.length > 0 ? `and ${hidden} more` : hidden} routes` : undefined,
    document && `OpenAPI document  ${document}`,
  ];
}

interface Row {
  methods: string;
  path: string;
  auth: string;
  /** How many routes it stands for. */
  routes: number;
}

/** The routes by path, without those that only answer a browser's preflight. */
function tableOf({ routes }: Api): Row[] {
  const rows = new Map<string, typeof routes>();
  for (const route of routes) {
    const key = `${route.auth} ${route.path}`;
    rows.set(key, [...(rows.get(key) ?? []), route]);
  }
  return [...rows.values()].flatMap((same) => {
    const [{ path, auth }] = same as [Api["routes"][number]];
    const isPreflight = ({ method }: { method: string }) =>
      method === "OPTIONS" && routes.some((other) => other.path === path && other.method !== method);
    const methods = same.filter((route) => !isPreflight(route)).map(({ method }) => method);
    if (methods.length === 0) return [];
    return { methods: methods.join(", "), path, auth: AUTH_WORDS[auth], routes: methods.length };
  });
}

/** The endpoint, with the environment that lets the AWS CLI and SDKs call it. */
function environmentLines({ region }: Graph, { endpoint, credentials }: BannerFacts["server"]): string[] {
  return [
    `${endpoint}, for the AWS CLI and SDKs:`,
    `export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `export AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
  ];
}
