import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { DOCUMENTATION, recordedByLocalstack, testFact, testFacts } from "../../../../helpers/facts";
import { send } from "../../../../helpers/offline/api";
import { graphOf, resource, restApi } from "../../../../helpers/offline/graph";
import { RENAMED } from "../../../../helpers/offline/remapped";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const RECORDED = { service: "API Gateway", source: recordedByLocalstack("2023-05 to 2024-12") };
const DOCUMENTED = { service: "API Gateway", source: DOCUMENTATION };

/** Answers what it is sent, with the status in its path; never, below /never. */
const backend = http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const { method, url = "", headers } = request;
    if (url.startsWith("/never")) return;
    const status = Number(/\d{3}/.exec(url)?.[0] ?? 200);
    response.writeHead(status, { "Content-Type": "application/json", "X-Kind": "echo", Server: "backend" });
    response.end(JSON.stringify({ method, url, headers, body }));
  });
});

interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What the recorded API maps of each header; those that AWS refuses at each request are left out. */
const MAPPED: Record<string, string> = {
  Accept: "text/html",
  "Accept-Charset": "UTF-16",
  "Accept-Encoding": "zstd",
  Age: "mapped-age",
  Authorization: "mapped-authorization",
  "Content-Encoding": "compress",
  "Content-MD5": "mapped-md5",
  "Content-Type": "application/json",
  "Max-Forwards": "2",
  Pragma: "no-cache",
  Range: "bytes=0-499",
  Referer: "https://example.com/page",
  Server: "https://example.com/page",
  Upgrade: "HTTP/2.0",
  "User-Agent": "Override-Agent",
  Warn: "110 example",
  "WWW-Authenticate": "Basic YWxhZGRpbjpvcGVuc2VzYW1l",
};
const DROPPED = ["Connection", "Expect", "Proxy-Authenticate", "TE", "Via"];
const RETURNED = ["Accept", "Accept-Charset", "Age", "Content-Encoding", "Content-Type", "Pragma", "Range", "Referer"];
/** Of the caller's headers, those that a template sees, and those that it sees empty. */
const SEEN = {
  "Accept-Charset": "UTF-8",
  Age: "7",
  Pragma: "cache",
  Via: "1.1 a",
  Warn: "299 b",
  "User-Agent": "tests",
};
const UNSEEN = ["Connection", "Content-MD5", "Max-Forwards", "Server", "TE", "Upgrade", "WWW-Authenticate"];

const mapHeaders = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`integration.request.header.${name}`, `'${value}'`]),
  );

describe("An HTTP integration", () => {
  let server: Served;
  before(async () => {
    await once(backend.listen(0, "127.0.0.1"), "listening");
    const base = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
    const any = (settings: object) => ({
      "x-amazon-apigateway-any-method": {
        "x-amazon-apigateway-integration": {
          type: "http",
          httpMethod: "POST",
          uri: `${base}/`,
          responses: { default: { statusCode: "200" } },
          ...settings,
        },
      },
    });
    const templates = { "application/json": `{"path": "$input.path('$.url')", "kind": "$input.params('kind')"}` };
    const all = [...Object.keys(SEEN), ...UNSEEN].map((name) => `"${name}": "$input.params('${name}')"`);
    const paths: Record<string, object> = {
      "/plain": any({}),
      "/status/{status}": any({
        httpMethod: "GET",
        uri: `${base}/status/{status}`,
        requestParameters: { "integration.request.path.status": "method.request.path.status" },
        responses: { default: { statusCode: "200" }, "4\\d{2}": { statusCode: "400" } },
      }),
      "/none": any({ responses: { "5\\d{2}": { statusCode: "500" } } }),
      "/full": any({
        requestParameters: mapHeaders({
          ...MAPPED,
          ...Object.fromEntries(DROPPED.map((name) => [name, "text"])),
        }),
        requestTemplates: { "application/json": `{${all.join()}}` },
        responses: {
          default: {
            statusCode: "200",
            responseParameters: Object.fromEntries(
              [...RETURNED, ...RENAMED, "Transfer-Encoding"].map((name) => [
                `method.response.header.${name}`,
                `'mapped-${name}'`,
              ]),
            ),
          },
        },
      }),
      "/parameters": any({
        requestParameters: {
          "integration.request.header.x-name": "method.request.body.$.user.name",
          "integration.request.header.x-stage": "context.stage",
          "integration.request.querystring.tag": "method.request.multivaluequerystring.tag",
          "integration.request.querystring.static": "'a b'",
        },
        responses: {
          default: {
            statusCode: "202",
            responseParameters: {
              "method.response.header.x-kind": "integration.response.header.X-Kind",
              "method.response.header.x-url": "integration.response.body.url",
              "method.response.header.x-fixed": "'fixed'",
            },
            responseTemplates: templates,
          },
        },
      }),
      "/overridden/{id}": any({
        uri: `${base}/{id}`,
        requestParameters: {
          "integration.request.path.id": "method.request.path.id",
          "integration.request.header.x-name": "'mapped'",
        },
        requestTemplates: {
          "application/json":
            '#set($context.requestOverride.path.id = "other")#set($context.requestOverride.header.x-name = "set")#set($context.requestOverride.querystring.q = "1")made',
        },
      }),
      "/bytes": any({ contentHandling: "CONVERT_TO_BINARY" }),
      "/text": any({ contentHandling: "CONVERT_TO_TEXT" }),
      "/never": any({ uri: `${base}/never`, timeoutInMillis: 50 }),
      "/nowhere": any({ uri: "http://127.0.0.1:1/" }),
      "/invalid": any({ uri: "no-url" }),
      "/variables": any({ uri: "http://${stageVariables.host}/${stageVariables.path}?${stageVariables.query}" }),
    };
    for (const type of ["http", "http_proxy"]) {
      for (const name of ["Content-Length", "Transfer-Encoding"]) {
        paths[`/reserved/${type}/${name}`] = any({ type, requestParameters: mapHeaders({ [name]: "0" }) });
      }
    }
    const key = { restApi: "api0id", resourceId: "made", httpMethod: "GET" };
    const integration = { type: "HTTP", integrationHttpMethod: "POST", uri: `${base}/`, passthroughBehavior: "NEVER" };
    server = await serveGraph(
      graphOf(
        temporaryFolder(),
        ...restApi(
          "api",
          { paths, "x-amazon-apigateway-binary-media-types": ["image/*"] },
          { variables: { host: new URL(base).host, path: "test-path", query: "name=value" } },
          { rootResourceId: "root" },
        ),
        resource("aws:apigateway/stage:Stage", "bare", { restApi: "api0id", stageName: "bare" }),
        resource(
          "aws:apigateway/resource:Resource",
          "made",
          { restApi: "api0id", parentId: "root", pathPart: "made" },
          { id: "made" },
        ),
        resource("aws:apigateway/method:Method", "made", { ...key, authorization: "NONE" }),
        resource("aws:apigateway/integration:Integration", "made", {
          ...key,
          ...integration,
          requestTemplates: { "application/json": "made" },
        }),
        resource("aws:apigateway/integrationResponse:IntegrationResponse", "made", {
          ...key,
          statusCode: "200",
          selectionPattern: "2\\d{2}",
        }),
      ),
    );
  });
  after(async () => {
    await closeServers();
    backend.closeAllConnections();
    backend.close();
  });

  const seenBy = async (path: string, init?: RequestInit) => (await (await server.call(path, init)).json()) as Seen;

  testFacts(
    {
      ...RECORDED,
      facts: ["POST", "PUT", "GET"].map((method) => ({
        fact: `calls the server with its own method, for ${method}`,
        method,
      })),
    },
    async ({ method }) => {
      const body = method === "GET" ? undefined : '{"message":"hello world"}';
      const headers = { "Content-Type": "application/json", Accept: "application/xml", "User-Agent": "tests" };
      const seen = await seenBy("/plain", { method, headers, body });
      expect([seen.method, seen.body, seen.headers.accept, seen.headers["user-agent"]]).to.deep.equal([
        "POST",
        body ?? "",
        "application/json",
        "AmazonAPIGateway_api0id",
      ]);
    },
  );

  testFact(RECORDED, "passes none of the caller's headers, and none of the server's", async () => {
    const init = { headers: { "X-Own": "1", Authorization: "Unauthorized" } };
    const answer = await server.call("/plain", init);
    const { headers } = (await answer.json()) as Seen;
    expect(Object.keys(headers).filter((name) => name !== "connection")).to.have.members([
      "accept",
      "content-length",
      "host",
      "user-agent",
      "x-amzn-apigateway-api-id",
      "x-amzn-trace-id",
    ]);
    expect(headers["content-length"]).to.equal("0");
    expect(answer.headers.get("content-type")).to.equal("application/json");
    expect([...answer.headers.keys()]).to.include("x-amzn-trace-id");
    expect([...answer.headers.keys()].filter((name) => /server|x-kind|remapped/.test(name))).to.deep.equal([]);
  });

  testFacts(
    {
      ...RECORDED,
      facts: [
        { fact: "answers a 404 with the response whose pattern matches it", status: 404, expected: 400 },
        { fact: "answers a 201 with the default response", status: 201, expected: 200 },
        { fact: "answers an error that no pattern matches with the default response", status: 500, expected: 200 },
      ],
    },
    async ({ status, expected }) => {
      const answer = await server.call(`/status/${status}`);
      expect([answer.status, ((await answer.json()) as Seen).url]).to.deep.equal([expected, `/status/${status}`]);
    },
  );

  describe("with every header mapped", () => {
    let answer: Awaited<ReturnType<typeof send>>;
    before(async () => {
      const unseen = Object.fromEntries(UNSEEN.map((name) => [name, name === "Connection" ? "close" : "text"]));
      const { Upgrade: _, ...sent } = unseen;
      const headers = { "Content-Type": "application/json", ...SEEN, ...sent };
      answer = await send(server.apis[0]?.url ?? "", { path: "/Prod/full", headers });
    });

    testFact(RECORDED, "sends what is mapped, but for headers of the connection", () => {
      const { headers } = JSON.parse(answer.body) as Seen;
      const lower = Object.fromEntries(Object.entries(MAPPED).map(([name, value]) => [name.toLowerCase(), value]));
      expect(headers).to.include(lower);
      const dropped = DROPPED.map((name) => headers[name.toLowerCase()]).filter((value) => value === "text");
      expect(dropped).to.deep.equal([]);
    });

    testFact(RECORDED, "hides headers of the caller's connection from templates", () => {
      const seen = JSON.parse((JSON.parse(answer.body) as Seen).body);
      expect(seen).to.deep.equal({ ...SEEN, ...Object.fromEntries(UNSEEN.map((name) => [name, ""])) });
    });

    testFact(RECORDED, "answers what is mapped, renames what is its own, and drops Transfer-Encoding", () => {
      for (const name of RETURNED) expect(answer.headers[name.toLowerCase()]).to.equal(`mapped-${name}`);
      for (const name of RENAMED) {
        expect(answer.headers[`x-amzn-remapped-${name.toLowerCase()}`]).to.equal(`mapped-${name}`);
      }
      expect(JSON.stringify(answer.headers)).not.to.include("mapped-Transfer-Encoding");
    });
  });

  testFacts(
    {
      ...RECORDED,
      facts: ["http", "http_proxy"].flatMap((type) =>
        ["Content-Length", "Transfer-Encoding"].map((name) => ({
          fact: `of the type ${type} fails if it maps the header ${name}`,
          path: `/reserved/${type}/${name}`,
        })),
      ),
    },
    async ({ path }) => {
      const answer = await server.call(path);
      expect([answer.status, await answer.json(), answer.headers.get("x-amzn-errortype")]).to.deep.equal([
        500,
        { message: "Internal server error" },
        "InternalServerErrorException",
      ]);
    },
  );

  testFact(RECORDED, "made of resources answers with the response whose selectionPattern matches", async () => {
    const answer = await server.call("/made");
    expect([answer.status, ((await answer.json()) as Seen).body]).to.deep.equal([200, "made"]);
  });

  testFact(RECORDED, "has the stage's variables in the host, the path and the query of its uri", async () => {
    const { method, url } = await seenBy("/variables");
    expect({ method, url }).to.deep.equal({ method: "POST", url: "/test-path?name=value" });
  });

  testFact(RECORDED, "is a 500 in a stage that lacks the variables of its host, and the log says so", async () => {
    const answer = await fetch(new URL("/bare/variables", server.apis[0]?.url));
    expect([answer.status, answer.headers.get("x-amzn-errortype"), await answer.json()]).to.deep.equal([
      500,
      "InternalServerErrorException",
      { message: "Internal server error" },
    ]);
    expect(server.lines.join("\n")).to.match(/GET \/variables \| .* has no host: the stage lacks variables/);
  });

  testFact(RECORDED, "refuses a uri that is not an HTTP endpoint", () => {
    expect(server.problems.join("\n")).to.include("ANY /invalid answers 501: its integration no-url is not an HTTP");
  });

  testFact(DOCUMENTED, "maps parameters of the body, the context, repeated ones, and those of the answer", async () => {
    const headers = { "Content-Type": "application/json" };
    const init = { method: "POST", headers, body: '{"user": {"name": "Ada"}}' };
    const answer = await server.call("/parameters?tag=1&tag=2&kind=k", init);
    const url = "/?tag=1&tag=2&static=a+b";
    expect([answer.status, await answer.json()]).to.deep.equal([202, { path: url, kind: "k" }]);
    const returned = ["x-kind", "x-url", "x-fixed"].map((name) => answer.headers.get(name));
    expect(returned).to.deep.equal(["echo", url, "fixed"]);
  });

  testFact(DOCUMENTED, "makes bytes of Base64, and Base64 of bytes", async () => {
    const headers = { "Content-Type": "text/plain" };
    const { body } = await seenBy("/bytes", { method: "POST", headers, body: "aGVsbG8=" });
    expect(body).to.equal("hello");
    const image = { method: "POST", headers: { "Content-Type": "image/png" }, body: "hello" };
    expect((await seenBy("/bytes", image)).body).to.equal("hello");
    expect((await seenBy("/text", image)).body).to.equal("aGVsbG8=");
  });

  testFact(DOCUMENTED, "lets a template override the path, the query and the headers", async () => {
    const { url, headers, body } = await seenBy("/overridden/7");
    expect([url, headers["x-name"], body]).to.deep.equal(["/other?q=1", "set", "made"]);
  });

  testFacts(
    {
      ...DOCUMENTED,
      facts: [
        { fact: "answers 504 after its timeout", path: "/never", status: 504, message: "Endpoint request timed out" },
        {
          fact: "answers 504 if no server answers",
          path: "/nowhere",
          status: 504,
          message: "Network error communicating with endpoint",
        },
        {
          fact: "answers 500 if no response matches and there is no default",
          path: "/none",
          status: 500,
          message: "Internal server error",
        },
      ],
    },
    async ({ path, status, message }) => {
      const answer = await server.call(path);
      expect([answer.status, await answer.json()]).to.deep.equal([status, { message }]);
    },
  );
});
