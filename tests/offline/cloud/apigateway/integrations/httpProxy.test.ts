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
const RECORDED_HEADERS = { service: "API Gateway", source: recordedByLocalstack("2023-05 to 2024-12") };

/** Answers what it is sent, with the status in its path. */
const backend = http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const { method, url = "", headers } = request;
    const status = Number(/\d{3}/.exec(url)?.[0] ?? 200);
    const answer = JSON.stringify({ method, url, headers, body });
    response.writeHead(status, {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(answer),
      "Set-Cookie": ["a=1", "b=2"],
      Server: "backend",
      "x-amzn-requestid": "its-own",
    });
    response.end(answer);
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
    const renamed = ["date", "connection", "content-length", "x-amzn-requestid"].map(
      (name) => `x-amzn-remapped-${name}`,
    );
    expect(headers).to.include.keys(renamed);
    expect(headers["x-amzn-remapped-x-amzn-requestid"]).to.equal("its-own");
    expect([JSON.parse(body).method, JSON.parse(body).url]).to.deep.equal(["GET", "/status/418"]);
  });

  testFact(
    RECORDED_HEADERS,
    "passes on the caller's headers, but for those that concern the connection or the message",
    async () => {
      const server = await route("/v", { uri: `${base}/` });
      const passed = {
        accept: "application/json",
        "accept-charset": "UTF-8",
        "accept-encoding": "br",
        age: "7",
        authorization: "Unauthorized",
        "content-type": "application/json",
        date: "yesterday",
        pragma: "cache",
        range: "bytes=500-999",
        referer: "https://example.com/",
        "user-agent": "tests",
        warn: "299 tests",
      };
      const dropped = {
        connection: "close",
        "content-encoding": "deflate",
        "content-md5": "m",
        expect: "100-continue",
        "max-forwards": "2",
        "proxy-authenticate": "Basic",
        server: "https://a.example/",
        te: "deflate",
        "www-authenticate": "Basic",
      };
      const headers = { ...passed, ...dropped };
      const { body } = await send(server.apis[0]?.url ?? "", { path: "/Prod/v", headers });
      const sent = JSON.parse(body).headers as Record<string, string>;
      expect(sent).to.include(passed);
      expect(sent["x-amzn-trace-id"]).to.match(/^Root=1-/);
      const kept = Object.entries(dropped).filter(([name, value]) => name !== "connection" && sent[name] === value);
      expect(kept).to.deep.equal([]);
    },
  );

  testFact(
    RECORDED_HEADERS,
    "sends what is mapped in place of the caller's, but for headers of the connection",
    async () => {
      const kept = { accept: "text/html", "content-encoding": "compress", "max-forwards": "2", server: "mapped" };
      const lost = { expect: "200-ok", "proxy-authenticate": "Basic", te: "gzip", via: "othersite.net" };
      const mapped = Object.entries({ ...kept, ...lost }).map(([name, value]) => [
        `integration.request.header.${name}`,
        `'${value}'`,
      ]);
      const server = await route("/v", { uri: `${base}/`, requestParameters: Object.fromEntries(mapped) });
      const answer = await server.call("/v", { headers: { accept: "application/xml" } });
      const { headers } = (await answer.json()) as { headers: Record<string, string> };
      expect(headers).to.include(kept).and.not.have.any.keys(Object.keys(lost));
    },
  );

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
