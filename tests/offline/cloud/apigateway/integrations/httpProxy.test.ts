import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { recordedByLocalstack, testFact } from "../../../../helpers/facts";
import { send, startApi } from "../../../../helpers/offline/api";
import { graphOf, resource } from "../../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const RECORDED = { service: "API Gateway", source: recordedByLocalstack("2026-03") };

/** Answers what it is sent, with the status in its path. */
const backend = http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const { method, url = "", headers } = request;
    const status = Number(/\d{3}/.exec(url)?.[0] ?? 200);
    response.writeHead(status, { "Content-Type": "application/json", "Set-Cookie": ["a=1", "b=2"], Server: "backend" });
    response.end(JSON.stringify({ method, url, headers, body }));
  });
});

describe("An HTTP proxy integration", () => {
  let base: string;
  before(async () => {
    await once(backend.listen(0, "127.0.0.1"), "listening");
    base = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  });
  after(() => {
    backend.closeAllConnections();
    backend.close();
  });
  afterEach(closeServers);

  const route = (path: string, integration: object) =>
    startApi({
      paths: {
        [path]: {
          "x-amazon-apigateway-any-method": {
            "x-amazon-apigateway-integration": { type: "http_proxy", httpMethod: "ANY", ...integration },
          },
        },
      },
    });

  testFact(RECORDED, "adds the caller's query, and what is mapped, to those of its URI", async () => {
    const server = await route("/{pathVariable}", {
      httpMethod: "POST",
      uri: `${base}/?testVar={pathVar}&testQs={qsVar}`,
      requestParameters: {
        "integration.request.header.headerVar": "method.request.header.foobar",
        "integration.request.path.qsVar": "method.request.querystring.testVar",
        "integration.request.path.pathVar": "method.request.path.pathVariable",
        "integration.request.querystring.queryString": "method.request.querystring.testQueryString",
        "integration.request.querystring.testQs": "method.request.querystring.testQueryString",
        "integration.request.querystring.testEmptyQs": "method.request.header.emptyheader",
      },
    });
    const headers = { foobar: "mapped-value", headerVar: "request-value", "content-type": "application/json" };
    const answer = await server.call("/foobar?testQueryString=foo&testVar=bar", { method: "PUT", headers, body: "{}" });
    const sent = (await answer.json()) as {
      method: string;
      url: string;
      body: string;
      headers: Record<string, string>;
    };
    const query = new URL(sent.url, base).searchParams;
    const names = [...new Set(query.keys())].sort();
    expect(Object.fromEntries(names.map((name) => [name, query.getAll(name).join()]))).to.deep.equal({
      queryString: "foo",
      testQs: "bar,foo",
      testQueryString: "foo",
      testVar: "foobar,bar",
    });
    expect([sent.method, sent.body, sent.headers.foobar, sent.headers.headervar]).to.deep.equal([
      "POST",
      "{}",
      "mapped-value",
      "mapped-value",
    ]);
    expect([sent.headers.host, sent.headers["x-amzn-apigateway-api-id"]]).to.deep.equal([new URL(base).host, "api0id"]);
  });

  testFact(RECORDED, "answers with the server's status and headers, and renames those that are its own", async () => {
    const server = await route("/{map+}", {
      uri: `${base}/{map}`,
      requestParameters: { "integration.request.path.map": "method.request.path.map" },
    });
    const { status, headers, body } = await send(server.apis[0]?.url ?? "", { path: "/Prod/status/418" });
    expect([status, headers["content-type"], headers["x-amzn-remapped-server"], headers.server]).to.deep.equal([
      418,
      "application/json",
      "backend",
      undefined,
    ]);
    expect(headers["set-cookie"]).to.deep.equal(["a=1", "b=2"]);
    expect(headers).to.include.keys("x-amzn-remapped-date", "x-amzn-remapped-connection");
    expect([JSON.parse(body).method, JSON.parse(body).url]).to.deep.equal(["GET", "/status/418"]);
  });

  it("serves a target of RestAPI at its path and below", async () => {
    const routes = [{ path: "/elsewhere", target: { type: "http_proxy", uri: `${base}/root` } }];
    const api = resource("aws-apigateway:index:RestAPI", "api", { routes }, { api: "api0id" });
    const server = await serveGraph(graphOf(temporaryFolder(), api));
    const urls = { "/elsewhere": "/root/", "/elsewhere/a/b?c=d": "/root/a/b?c=d" };
    for (const [path, url] of Object.entries(urls)) {
      const sent = (await (await server.call(path)).json()) as { url: string };
      expect([path, sent.url]).to.deep.equal([path, url]);
    }
  });

  it("is a 504 where no server answers, and says so in the log", async () => {
    const server = await route("/", { uri: "http://127.0.0.1:1/" });
    const answer = await server.call("/");
    expect([answer.status, await answer.json()]).to.deep.equal([
      504,
      { message: "Network error communicating with endpoint" },
    ]);
    expect(server.lines.join("\n")).to.match(/http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/);
  });

  it("does not call AWS, a VPC or what is not a URL", async () => {
    const refused: [integration: object, why: string][] = [
      [{ uri: "https://b.s3.amazonaws.com/" }, "its integration https://b.s3.amazonaws.com/ is an address of AWS"],
      [{ uri: base, connectionType: "VPC_LINK" }, "its integration goes through a VPC link"],
      [{ uri: "nowhere" }, "its integration nowhere is not an HTTP or HTTPS URL"],
    ];
    for (const [integration, why] of refused) {
      const server = await route("/", integration);
      expect(server.problems).to.deep.equal([`ANY / answers 501: ${why}`]);
    }
  });

  it("answers 504 when its time is up, and hangs up on the server", async () => {
    const silent = http.createServer();
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const uri = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const hungUp = once(silent, "request").then(([request]) => once(request.socket, "close"));
    const server = await route("/slow", { uri, timeoutInMillis: 50 });
    expect((await server.call("/slow")).status).to.equal(504);
    await hungUp;
    silent.close();
  });
});
