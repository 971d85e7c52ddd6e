import { writeFileSync } from "node:fs";
import { request } from "node:http";
import * as path from "node:path";
import { Router } from "../offline/cloud/apigateway/router";
import { startApi } from "../tests/helpers/offline/api";
import { graphOf, lambda, proxy, resource, restApi } from "../tests/helpers/offline/graph";
import { httpApi, httpRoute, httpStage, toFunction } from "../tests/helpers/offline/httpApi";
import { closeServers, serveGraph } from "../tests/helpers/offline/served";
import { createKey, signToken } from "../tests/helpers/offline/tokens";
import { median, medianStart, type Service, sequential } from "./measure";
import { copyProgram, offline, withFolder } from "./project";
import type { Row } from "./report";

const ROUNDS = 15;
const REQUESTS = 200;
const FINDS = 200_000;
const STREAMED = 200;
const STARTS = 11;
const ISSUER = "https://login.example.com/";

/** What the offline gateway adds to a request, and how it and a program cope with many routes. */
export function api(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const { plain, guarded, again, http, httpGuarded } = await latencies(folder);
    const [few = Number.NaN, many = Number.NaN] = await startsWith(folder, 15, 500);
    const added = (what: string, measured: number): Row => ({
      what: `p50 that a JWT authorizer adds, ${what}`,
      measured,
      unit: "ms",
      limit: { atMost: 0.25 },
    });
    return [
      added("with a token that it knows", again - plain),
      added("with a new token in each request", guarded - plain),
      added("with a new token in each request, HTTP", httpGuarded - http),
      {
        what: "p50 of an HTTP API, against the REST API of the same route",
        measured: http,
        reference: plain,
        unit: "ms",
        limit: { atMost: 1 },
      },
      {
        what: "later starts with 500 routes, against 15",
        measured: many,
        reference: few,
        unit: "ms",
        limit: { atMost: 1.1 },
      },
      { what: "finding one of 500 routes", measured: findTime(), unit: "µs", limit: { atMost: 5 } },
      {
        what: "p50 from a handler's first write to its arrival",
        measured: await firstByte(),
        unit: "ms",
        limit: { atMost: 5 },
      },
    ];
  });
}

/** The p50 of the same route of both kinds of API, open and behind a JWT authorizer, in rounds that take turns. */
async function latencies(
  folder: string,
): Promise<Record<"plain" | "guarded" | "again" | "http" | "httpGuarded", number>> {
  const key = createKey("bench");
  const keys = path.join(folder, "keys.json");
  writeFileSync(keys, JSON.stringify({ keys: [key.jwk] }));
  const seconds = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: "bench", sub: "bench", iat: seconds, exp: seconds + 3600 };
  let tokens = 0;
  const bearer = (jti: number) => ({ authorization: `Bearer ${signToken({ ...claims, jti }, key)}` });
  const known = bearer(-1);
  const main = lambda("main", `exports.handler = async () => ({ statusCode: 200, body: "[]" });`);
  const resources = [main, ...restApi("rest", restDocument()), ...httpResources()];
  const server = await serveGraph(graphOf(folder, ...resources), { keys });
  const urlOf = (name: string, route: string) => `${server.apis.find((one) => one.name === name)?.url}${route}`;
  const measured = {
    plain: urlOf("rest", "/open"),
    guarded: urlOf("rest", "/guarded"),
    again: urlOf("rest", "/guarded"),
    http: urlOf("http", "/open"),
    httpGuarded: urlOf("http", "/guarded"),
  };
  const p50s = Object.fromEntries(Object.keys(measured).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, url] of Object.entries(measured)) {
      const times = await sequential(url, REQUESTS, () => (name === "again" ? known : bearer(tokens++)));
      if (round > 0) p50s[name]?.push(median(times));
    }
  }
  await closeServers();
  const of = (name: keyof typeof measured) => median(p50s[name] ?? []);
  return {
    plain: of("plain"),
    guarded: of("guarded"),
    again: of("again"),
    http: of("http"),
    httpGuarded: of("httpGuarded"),
  };
}

function restDocument(): object {
  const issuers = [{ issuer: ISSUER, audiences: ["bench"] }];
  const authorizer = {
    type: "jwt",
    identitySource: "method.request.header.Authorization",
    jwtConfiguration: { issuers, defaultAlgorithms: ["RS256"] },
  };
  const tokens = {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    "x-amazon-apigateway-authorizer": authorizer,
  };
  return {
    paths: { "/open": { get: proxy("main") }, "/guarded": { get: proxy("main", { security: [{ tokens: [] }] }) } },
    components: { securitySchemes: { tokens } },
  };
}

function httpResources() {
  const authorizer = resource("aws:apigatewayv2/authorizer:Authorizer", "tokens", {
    apiId: "http0id",
    authorizerType: "JWT",
    identitySources: ["$request.header.Authorization"],
    jwtConfiguration: { issuer: ISSUER, audiences: ["bench"] },
  });
  const guarded = { authorizationType: "JWT", authorizerId: "tokens" };
  return [
    httpApi("http"),
    httpStage("$default"),
    authorizer,
    ...httpRoute("GET /open", toFunction("main")),
    ...httpRoute("GET /guarded", toFunction("main"), guarded),
  ];
}

/** From the start of the process to the first 200, by the number of a program's routes. */
async function startsWith(folder: string, ...counts: number[]): Promise<number[]> {
  const times: number[] = [];
  copyProgram(folder);
  const code = 'export const handler = async () => ({ statusCode: 200, body: "[]" });\n';
  writeFileSync(path.join(folder, "handlers/many.ts"), code);
  const service: Service = {
    name: "pulumi-offline",
    command: [process.execPath, offline, "start", "--port", "4108"],
    cwd: folder,
    env: { XDG_CACHE_HOME: path.join(folder, "cache") },
    url: "http://127.0.0.1:4108/Prod/items/0/1",
  };
  for (const count of counts) {
    writeFileSync(path.join(folder, "index.ts"), programWith(count));
    await medianStart(service, 1);
    times.push(await medianStart(service, STARTS));
  }
  return times;
}

function programWith(routes: number): string {
  return `import { LambdaFunction, ServerlessApi } from "pulumi-graviton";
const main = new LambdaFunction("main", { entry: "handlers/many.ts" });
const numbers = Array.from({ length: ${routes} }, (_, index) => index);
const route = (index: number) => ({ function: main, operationId: \`get\${index}\` });
const routes = Object.fromEntries(numbers.map((index) => [\`GET /items/\${index}/{id}\`, route(index)]));
export const { url } = new ServerlessApi("api", { routes, auth: "none" });
`;
}

/** In microseconds. */
function findTime(): number {
  const router = new Router<string>();
  const paths = Array.from({ length: 500 }, (_, index) => `/group${index % 20}/items${index}/{id}`);
  for (const one of paths) router.add(one, one);
  const wanted = paths.map((one) => one.replace("{id}", "42"));
  const began = performance.now();
  for (let index = 0; index < FINDS; index++) {
    if (!router.find(wanted[index % wanted.length] ?? "")) throw new Error("a route was not found");
  }
  return ((performance.now() - began) * 1000) / FINDS;
}

async function firstByte(): Promise<number> {
  const code = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
    const out = awslambda.HttpResponseStream.from(stream, { statusCode: 200 });
    out.write(String(performance.timeOrigin + performance.now()));
    await new Promise((resolve) => setTimeout(resolve, 10));
    out.end(" end");
  });`;
  const operation = JSON.parse(JSON.stringify(proxy("main")).replace("2015-03-31", "2021-11-15"));
  const integration = operation["x-amazon-apigateway-integration"];
  integration.uri = integration.uri.replace(/invocations$/, "response-streaming-$&");
  integration.responseTransferMode = "STREAM";
  const server = await startApi({ paths: { "/": { get: operation } } }, { main: code });
  const delays: number[] = [];
  for (let sent = 0; sent < STREAMED; sent++) delays.push(await arrivalOf(`${server.apis[0]?.url}/`));
  await closeServers();
  return median(delays);
}

/** How long ago the time was that a response begins with, when its first piece arrived. */
function arrivalOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, (response) => {
      response.once("data", (piece) => {
        const delay = performance.timeOrigin + performance.now() - Number(piece);
        response.resume().once("end", () => resolve(delay));
      });
    });
    outgoing.once("error", reject).end();
  });
}
