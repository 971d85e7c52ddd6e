import { expect } from "chai";
import { reveal } from "pulumi-offline";
import { type Call, chromium, type Seen, type Site, startSite } from "../helpers/offline/browser";
import { get, runScript } from "../helpers/offline/program";
import { closeServers, type Served, serveGraph } from "../helpers/offline/served";

/** Admits whoever calls himself a friend. */
const doorman = `async ({ headers }) => {
  const Effect = (headers.authorization ?? headers.Authorization) === "friend" ? "Allow" : "Deny";
  const Statement = [{ Effect, Action: "execute-api:Invoke", Resource: "*" }];
  return { principalId: "caller", policyDocument: { Version: "2012-10-17", Statement } };
}`;

/** Refuses every body, and lets pages read the headers that a REST API leaves to it. */
const items = `async ({ body }) => ({
  statusCode: body ? 400 : 200,
  headers: {
    "Access-Control-Allow-Origin": process.env.ORIGIN,
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": "ETag",
    ETag: '"1"',
    "X-Hidden": "1",
  },
  body: body ? "refused" : "read",
})`;

/** A REST and an HTTP API, which pages of one origin may call with credentials. */
const program = `
  const aws = require("@pulumi/aws");
  const pulumi = require("@pulumi/pulumi");
  const { HttpApi, ServerlessApi } = require("pulumi-graviton");
  const origin = new pulumi.Config().require("origin");

  function lambda(name, handler) {
    const { name: functionName, invokeArn } = new aws.lambda.Function(name, {
      role: "arn:aws:iam::123456789012:role/any",
      runtime: "nodejs24.x",
      handler: "index.handler",
      code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("exports.handler = " + handler) }),
      environment: { variables: { ORIGIN: origin } },
    });
    return { functionName, invokeArn };
  }
  const items = lambda("items", ${JSON.stringify(items)});
  const args = {
    auth: "doorman",
    authorizers: { doorman: { lambda: { function: lambda("doorman", ${JSON.stringify(doorman)}) } } },
    cors: { allowOrigins: [origin], allowCredentials: true, exposeHeaders: ["ETag"] },
  };
  const routes = {
    "GET /items": { function: items, operationId: "read" },
    "PUT /items": {
      function: items,
      operationId: "write",
      parameters: { "X-Declared": { in: "header", schema: { type: "string" } } },
    },
  };
  const keyed = { function: items, operationId: "readWithKey", auth: "none", apiKeyRequired: true };
  new ServerlessApi("rest", {
    ...args,
    routes: { ...routes, "GET /keyed": keyed },
    usagePlans: { daily: { keys: ["page"], quota: { limit: 1, period: "DAY" } } },
  });
  new HttpApi("http", { ...args, routes });
`;

interface Row extends Omit<Call, "url"> {
  what: string;
  path?: string;
  /** From a page of an origin that the API does not know. */
  isForeign?: boolean;
  /** With the key of the usage plan. */
  isKeyed?: boolean;
  sees: Seen;
}

const json = { "content-type": "application/json" };
const friend = { authorization: "friend" };
/** The browser does not let the page read anything. */
const nothing: Seen = { error: "TypeError" };

const common: Row[] = [
  {
    what: "a response to its credentials, with the headers it may read",
    headers: friend,
    sees: { status: 200, headers: { etag: '"1"' }, body: "read" },
  },
  {
    what: "the function's own refusal, after a preflight request for its headers",
    method: "PUT",
    headers: { ...json, ...friend, "x-declared": "1" },
    body: "{}",
    sees: { status: 400, headers: { etag: '"1"' }, body: "refused" },
  },
  {
    what: "nothing if it sends a header that no route declares",
    method: "PUT",
    headers: { ...friend, "x-other": "1" },
    body: "{}",
    sees: nothing,
  },
  { what: "nothing if it uses a method that the path lacks", method: "DELETE", headers: friend, sees: nothing },
  { what: "nothing if it is of another origin", isForeign: true, sees: nothing },
  {
    what: "nothing of a response to its credentials if it is of another origin",
    isForeign: true,
    headers: friend,
    sees: nothing,
  },
];

const problem = { "content-type": "application/problem+json" };
const kinds: Record<string, Row[]> = {
  rest: [
    ...common,
    {
      what: "why it is refused without credentials",
      sees: { status: 401, headers: problem, body: "problem:gateway:UNAUTHORIZED" },
    },
    {
      what: "why it is refused with others' credentials",
      headers: { authorization: "foe" },
      sees: { status: 403, headers: problem, body: "problem:gateway:ACCESS_DENIED" },
    },
    {
      what: "that there is no such resource",
      path: "/none",
      sees: { status: 404, headers: problem, body: "There is no such resource" },
    },
    { what: "that it needs a key", path: "/keyed", sees: { status: 403, headers: problem, body: "INVALID_API_KEY" } },
    { what: "a response to its key", path: "/keyed", isKeyed: true, sees: { status: 200, body: "read" } },
    {
      what: "that its quota is used up",
      path: "/keyed",
      isKeyed: true,
      sees: { status: 429, headers: problem, body: "QUOTA_EXCEEDED" },
    },
  ],
  http: [
    ...common,
    {
      what: "why it is refused without credentials",
      sees: { status: 401, headers: json, body: '{"message":"Unauthorized"}' },
    },
    {
      what: "why it is refused with others' credentials",
      headers: { authorization: "foe" },
      sees: { status: 403, headers: json, body: '{"message":"Forbidden"}' },
    },
    {
      what: "that there is no such resource",
      path: "/none",
      headers: friend,
      sees: { status: 404, headers: json, body: '{"message":"Not Found"}' },
    },
  ],
};

describe("A page in a browser", () => {
  const browser = chromium() ?? "";
  let site: Site;
  let server: Served;
  let key: string;

  before(async function () {
    if (!browser) {
      console.log("    there is no Chromium: none is on the PATH, and CHROME_PATH names none");
      this.skip();
    }
    site = await startSite();
    const graph = await runScript(program, `config:\n  script:origin: ${site.origin}`);
    server = await serveGraph(graph);
    key = String(reveal(get(graph, "rest-page", "aws:apigateway/apiKey:ApiKey").outputs.value));
  });
  after(async () => {
    site?.close();
    await closeServers();
  });

  for (const [kind, rows] of Object.entries(kinds)) {
    describe(`that calls a ${kind.toUpperCase()} API sees`, () => {
      const seen = new Map<Row, Seen | undefined>();
      before(async () => {
        const url = server.apis.find(({ name }) => name === kind)?.url;
        for (const isForeign of [false, true]) {
          const own = rows.filter((row) => (row.isForeign ?? false) === isForeign);
          const calls = own.map(({ path = "/items", isKeyed, method, headers, body }) => ({
            url: url + path,
            method,
            headers: isKeyed ? { "x-api-key": key } : headers,
            body,
          }));
          const found = await site.call(browser, isForeign ? site.otherOrigin : site.origin, calls);
          for (const [index, row] of own.entries()) seen.set(row, found[index]);
        }
      });

      for (const row of rows) {
        it(row.what, () => {
          const { headers = {}, body = "", ...others } = seen.get(row) ?? {};
          const { headers: expected = {}, body: part = "", ...rest } = row.sees;
          expect(others, body).to.deep.equal(rest);
          expect(headers).to.include(expected).and.not.have.property("x-hidden");
          expect(body).to.include(part);
        });
      }
    });
  }
});
