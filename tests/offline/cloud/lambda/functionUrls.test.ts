import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { send } from "../../../helpers/offline/api";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };

const ECHO = "exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })";
const FORBIDDEN =
  "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

const url = (inputs: Properties = {}, name = "url") =>
  resource("aws:lambda/functionUrl:FunctionUrl", name, { functionName: "main", authorizationType: "NONE", ...inputs });

async function serveUrl(code: string, inputs: Properties = {}, settings: Properties = {}) {
  const graph = graphOf(temporaryFolder(), lambda("main", code, settings), url(inputs));
  const server = await serveGraph(graph);
  return Object.assign(server, { url: server.functionUrls[0]?.url ?? "" });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("Lambda's function URLs", () => {
  afterEach(closeServers);

  describe("answer with", () => {
    testFact(RECORDED, "the ID under which the function runs", async () => {
      const { url } = await serveUrl("exports.handler = async (event, { awsRequestId }) => awsRequestId");
      const response = await fetch(url);
      expect(response.headers.get("x-amzn-requestid")).to.equal(await response.text());
    });

    testFact(RECORDED, "429 when the function is throttled", async () => {
      const { url } = await serveUrl(ECHO, {}, { reservedConcurrentExecutions: 0 });
      const response = await fetch(url);
      expect([response.status, await response.json()]).to.deep.equal([429, { Message: "Rate Exceeded." }]);
    });

    testFact(RECORDED, "413 for a request over 6 MB", async () => {
      const { url } = await serveUrl(ECHO);
      const response = await fetch(url, { method: "POST", body: "x".repeat(6 * 2 ** 20 + 1) });
      expect([response.status, await response.json()]).to.deep.equal([
        413,
        { Message: "Request must be smaller than 6291456 bytes for the InvokeFunction operation" },
      ]);
    });
  });

  describe("with IAM", () => {
    testFact(RECORDED, "refuse a request without a signature", async () => {
      const { url } = await serveUrl(ECHO, { authorizationType: "AWS_IAM" });
      const response = await fetch(url);
      expect([response.status, await response.json()]).to.deep.equal([403, { Message: FORBIDDEN }]);
      expect(response.headers.get("x-amzn-errortype")).to.equal("AccessDeniedException");
    });

    testFact(RECORDED, "say who signed", async () => {
      const { url, credentials } = await serveUrl(ECHO, { authorizationType: "AWS_IAM" });
      const request = await signed({ endpoint: url, credentials }, { service: "lambda", path: "/a%20b", body: "{}" });
      const { status, body } = await send(url, request);
      expect(status).to.equal(200);
      const { requestContext } = JSON.parse(body);
      expect(requestContext.accountId).to.equal("123456789012");
      expect(requestContext.authorizer.iam.accessKey).to.equal(credentials.accessKeyId);
    });

    const wrong: [what: string, change: object][] = [
      ["another service", { service: "execute-api" }],
      ["another region", { region: "us-east-1" }],
      ["another path", { signedPath: "/other" }],
    ];
    testFacts(
      { ...RECORDED, facts: wrong.map(([what, change]) => ({ fact: `refuse a signature for ${what}`, change })) },
      async ({ change }) => {
        const { url, credentials } = await serveUrl(ECHO, { authorizationType: "AWS_IAM" });
        const request = await signed({ endpoint: url, credentials }, { service: "lambda", ...change });
        const { status, headers } = await send(url, request);
        expect([status, headers["x-amzn-errortype"]]).to.deep.equal([403, "InvalidSignatureException"]);
      },
    );
  });

  describe("with CORS", () => {
    const cors = {
      allowOrigins: ["https://app.test"],
      allowMethods: ["PUT"],
      allowHeaders: ["x-one", "x-two"],
      maxAge: 60,
    };
    const from = (origin: string, headers = {}) => ({ headers: { Origin: origin, ...headers } });
    const preflight = (origin: string, method = "PUT"): RequestInit => ({
      method: "OPTIONS",
      ...from(origin, { "Access-Control-Request-Method": method }),
    });
    const allowed = (response: Response) => response.headers.get("access-control-allow-origin");

    testFact(RECORDED, "answer a preflight themselves", async () => {
      const server = await serveUrl(ECHO, { cors });
      const { status, headers } = await fetch(server.url, preflight("https://app.test"));
      expect(status).to.equal(200);
      expect(Object.fromEntries(headers)).to.include({
        "access-control-allow-origin": "https://app.test",
        "access-control-allow-methods": "PUT",
        "access-control-allow-headers": "x-one,x-two",
        "access-control-max-age": "60",
        vary: "Origin",
      });
      expect(server.lines.some((line) => line.startsWith("main "))).to.equal(false);
    });

    testFact(RECORDED, "allow no other origin and no other method", async () => {
      const { url } = await serveUrl(ECHO, { cors });
      for (const request of [preflight("https://evil.test"), preflight("https://app.test", "DELETE")])
        expect((await fetch(url, request)).headers.has("access-control-allow-methods")).to.equal(false);
      expect(allowed(await fetch(url, from("https://evil.test")))).to.equal(null);
    });

    testFact(RECORDED, "replace the headers of the function", async () => {
      const own =
        "exports.handler = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'x' } })";
      const { url } = await serveUrl(own, { cors: { ...cors, allowCredentials: true, exposeHeaders: ["x-seen"] } });
      const response = await fetch(url, from("https://app.test"));
      expect(allowed(response)).to.equal("https://app.test");
      expect(Object.fromEntries(response.headers)).to.include({
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "x-seen",
      });
    });

    testFact(RECORDED, "allow every origin, by name where credentials are sent", async () => {
      const { url } = await serveUrl(ECHO, { cors: { allowOrigins: ["*"], allowMethods: ["*"] } });
      expect(allowed(await fetch(url, preflight("https://any.test", "DELETE")))).to.equal("*");
      await closeServers();
      const server = await serveUrl(ECHO, { cors: { allowOrigins: ["*"], allowCredentials: true } });
      expect(allowed(await fetch(server.url, from("https://any.test")))).to.equal("https://any.test");
    });

    testFact(RECORDED, "leave OPTIONS to the function if they have no settings", async () => {
      const { url } = await serveUrl("exports.handler = async () => 'mine'");
      expect(await (await fetch(url, preflight("https://app.test"))).text()).to.equal("mine");
    });
  });

  describe("that stream", () => {
    const stream = (code: string) =>
      serveUrl(`exports.handler = awslambda.streamifyResponse(async (event, stream) => { ${code} })`, {
        invokeMode: "RESPONSE_STREAM",
      });
    const METADATA = "{ statusCode: 201, headers: { 'Content-Type': 'text/html' }, cookies: ['a=1'] }";

    testFact(RECORDED, "send status, headers and cookies, and then the body piece by piece", async () => {
      const { url } = await stream(
        `stream = awslambda.HttpResponseStream.from(stream, ${METADATA}); stream.write('Hello,'); stream.write(' world!'); stream.end()`,
      );
      const response = await fetch(url);
      expect([response.status, await response.text()]).to.deep.equal([201, "Hello, world!"]);
      expect(response.headers.get("content-type")).to.equal("text/html");
      expect(response.headers.getSetCookie()).to.deep.equal(["a=1"]);
    });

    testFact(RECORDED, "send the first piece before the last one is written", async () => {
      const file = `${temporaryFolder()}/go`;
      const { url } = await stream(
        `stream.write('first'); while (!require('fs').existsSync('${file}')) await new Promise((r) => setTimeout(r, 5)); stream.write('last'); stream.end()`,
      );
      const { body } = await fetch(url);
      const pieces: string[] = [];
      for await (const piece of body ?? []) {
        pieces.push(Buffer.from(piece).toString());
        fs.writeFileSync(file, "");
      }
      expect(pieces).to.deep.equal(["first", "last"]);
    });

    testFact(
      RECORDED,
      "send what is written without metadata, under the content type that the handler sets",
      async () => {
        const { url } = await stream("stream.setContentType('text/csv'); stream.write('a,b'); stream.end()");
        const response = await fetch(url);
        expect([response.status, await response.text()]).to.deep.equal([200, "a,b"]);
        expect(response.headers.get("content-type")).to.equal("text/csv");
      },
    );

    testFact(RECORDED, "send what a handler returns as it is", async () => {
      const { url } = await serveUrl(ECHO, { invokeMode: "RESPONSE_STREAM" });
      const response = await fetch(url);
      expect(response.status).to.equal(200);
      expect(await response.json()).to.include.keys("statusCode", "body");
    });

    testFact(
      RECORDED,
      "answer 502 if the handler fails before it writes, and break off if it fails later",
      async () => {
        const early = await stream("throw new Error('no')");
        expect((await fetch(early.url)).status).to.equal(502);
        const late = await stream(
          "stream.write('one'); await new Promise((r) => setTimeout(r, 50)); throw new Error('no')",
        );
        const broken = await fetch(late.url)
          .then((response) => response.text())
          .catch(() => "broken off");
        expect(broken).to.equal("broken off");
      },
    );
  });

  testFact(
    RECORDED,
    "refuse every request when the function or the alias does not exist, and the start says so",
    async () => {
      const graph = graphOf(temporaryFolder(), lambda("main", ECHO), url({ qualifier: "gone" }));
      const server = await serveGraph(graph);
      expect(server.problems).to.deep.equal(["function URL url answers 403: the program has no function main:gone"]);
      const response = await fetch(server.functionUrls[0]?.url ?? "");
      expect([response.status, await response.json()]).to.deep.equal([403, { Message: FORBIDDEN }]);
    },
  );

  it("keep their address while the program changes, and end with the resource", async () => {
    const directory = temporaryFolder();
    const server: Served = await serveGraph(graphOf(directory, lambda("main", ECHO), url()));
    const [before] = server.functionUrls;
    await server.reconcile(graphOf(directory, lambda("main", "exports.handler = async () => 'new'"), url()));
    expect(server.functionUrls[0]).to.deep.equal(before);
    expect(await (await fetch(before?.url ?? "")).text()).to.equal("new");
    await server.reconcile(graphOf(directory, lambda("main", ECHO)));
    expect(server.functionUrls).to.deep.equal([]);
    expect(await fetch(before?.url ?? "").catch(() => "closed")).to.equal("closed");
  });

  it("have the same port in each run, and another one where that is in use", async () => {
    const graph = graphOf(temporaryFolder(), lambda("main", ECHO), url());
    const serve = async (port: number) => (await serveGraph(graph, { port })).functionUrls[0]?.url ?? "";
    const first = await serve(await freePort());
    expect(Number(new URL(first).port)).to.be.within(20_000, 29_999);
    expect(await serve(await freePort())).not.to.equal(first);
    await closeServers();
    expect(await serve(await freePort())).to.equal(first);
  });

  it("answer only to the names of this machine", async () => {
    const { url } = await serveUrl(ECHO);
    expect((await send(url, { headers: { Host: "evil.test" } })).status).to.equal(421);
  });
});
