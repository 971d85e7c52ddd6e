import { expect } from "chai";
import { ECHO, messageIn, send, startApi, startFunction } from "../../../../helpers/offline/api";
import { graphOf, lambda, proxy, resource, restApi } from "../../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const directory = temporaryFolder();

describe("The gateway, by itself,", () => {
  afterEach(closeServers);

  describe("refuses", () => {
    it("bodies over 10 MB with 413, and keeps serving", async () => {
      // As AWS does: in plain text, whatever the document says of it.
      const shaped = { REQUEST_TOO_LARGE: { statusCode: 400 }, DEFAULT_4XX: { statusCode: 400 } };
      const server = await startFunction(ECHO, { "x-amazon-apigateway-gateway-responses": shaped });
      const { status, body } = await send(server.apis[0]?.url ?? "", {
        method: "POST",
        path: "/",
        body: "x".repeat(10 * 2 ** 20 + 1),
      });
      expect([status, body]).to.deep.equal([413, "HTTP content length exceeded 10485760 bytes."]);
      expect((await server.call("/")).status).to.equal(200);
    });

    it("requests that never reach a function, without naming it, each with an id", async () => {
      const settings = resource("aws:apigateway/methodSettings:MethodSettings", "a/GET", {
        restApi: "api0id",
        stageName: "Prod",
        methodPath: "throttled/GET",
        settings: { throttlingRateLimit: 0.001, throttlingBurstLimit: 0 },
      });
      const signedOnly = proxy("echo", { "x-amazon-apigateway-auth": { type: "AWS_IAM" } });
      const document = {
        paths: {
          "/signed": { get: signedOnly },
          "/throttled": { get: proxy("echo") },
          "/large": { post: proxy("echo") },
        },
      };
      const server = await serveGraph(graphOf(directory, lambda("echo", ECHO), ...restApi("api", document), settings));
      const large = { method: "POST", body: "x".repeat(10 * 2 ** 20 + 1) };
      const refused: [path: string, status: number, init?: object][] = [
        ["/signed", 403],
        ["/throttled", 429],
        ["/large", 413, large],
        ["/nowhere", 403],
      ];
      for (const [path, status, init] of refused) {
        const url = new URL(server.apis[0]?.url ?? "");
        const answer = await send(url.href, { path: `${url.pathname}${path}`, ...init });
        expect([path, answer.status]).to.deep.equal([path, status]);
        expect(answer.headers["x-amzn-requestid"]).to.match(/^[0-9a-f-]{36}$/);
      }
      expect(server.lines.join("\n")).not.to.contain("→");
      await server.call("/large", { method: "POST", body: "{}" });
      expect(server.lines.join("\n")).to.match(/POST \/Prod\/large 200 [\d.]+ ms → echo$/m);
    });

    it("header floods and malformed requests without calling the function", async () => {
      const server = await startFunction(ECHO);
      const url = server.apis[0]?.url ?? "";
      expect((await send(url, { path: "/", headers: { "X-Flood": "x".repeat(20_000) } })).status).to.equal(431);
      expect(server.lines.join()).not.to.include("→ main");
      expect((await server.call("/")).status).to.equal(200);
    });

    it("requests over a route's or the stage's rate with 429", async () => {
      const settings = (methodPath: string, throttlingBurstLimit: number) =>
        resource("aws:apigateway/methodSettings:MethodSettings", methodPath, {
          restApi: "api0id",
          stageName: "Prod",
          methodPath,
          settings: { throttlingRateLimit: 0.001, throttlingBurstLimit },
        });
      const any = { "x-amazon-apigateway-any-method": proxy("echo") };
      const document = { paths: { "/a": { get: proxy("echo") }, "/b": { get: proxy("echo") }, "/c": any } };
      const own = [settings("*/*", 2), settings("a/GET", 1), settings("c/ANY", 9), settings("c/PUT", 1)];
      const server = await serveGraph(graphOf(directory, lambda("echo", ECHO), ...restApi("api", document), ...own));
      const statuses: number[] = [];
      for (const path of ["/a", "/a", "/b", "/b", "/b"]) statuses.push((await server.call(path)).status);
      expect(statuses).to.deep.equal([200, 429, 200, 200, 429]);
      // Settings apply to the methods of requests, and ANY is not one.
      const ofAny: number[] = [];
      for (const method of ["PUT", "PUT", "GET"]) ofAny.push((await server.call("/c", { method })).status);
      expect(ofAny).to.deep.equal([200, 429, 429]);
    });
  });

  describe("shapes its own answers", () => {
    const responses = {
      DEFAULT_4XX: {
        responseParameters: {
          "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
          "gatewayresponse.header.X-Request": "context.requestId",
          "gatewayresponse.header.content-type": "'text/problem'",
          "gatewayresponse.header.X-Origin": "method.request.header.Origin",
        },
        responseTemplates: {
          "application/problem+json":
            '{"title":$context.error.messageString,"type":"$context.error.responseType","id":"$context.requestId"}',
        },
      },
      MISSING_AUTHENTICATION_TOKEN: { statusCode: 404 },
    };

    it("as the document's gateway responses say", async () => {
      const server = await startApi({
        paths: { "/": { get: proxy("echo") } },
        "x-amazon-apigateway-gateway-responses": { DEFAULT_4XX: responses.DEFAULT_4XX },
      });
      const response = await server.call("/nowhere", { headers: { Origin: "http://a.example" } });
      const id = response.headers.get("x-amzn-requestid");
      expect(await response.json()).to.deep.equal({
        title: "Missing Authentication Token",
        type: "MISSING_AUTHENTICATION_TOKEN",
        id,
      });
      expect(response.headers.get("content-type")).to.equal("text/problem");
      expect(response.headers.get("access-control-allow-origin")).to.equal("*");
      expect(response.headers.get("x-request")).to.equal(id);
      expect(response.headers.get("x-origin")).to.equal("http://a.example");
    });

    it("with the status of the more specific response", async () => {
      const server = await startApi({
        paths: { "/": { get: proxy("echo") } },
        "x-amazon-apigateway-gateway-responses": responses,
      });
      expect((await server.call("/nowhere")).status).to.equal(404);
    });
  });

  it("says which of its own answers it cannot shape, and gives the default", async () => {
    const responseTemplates = { "application/json": "#set($a 1)" };
    const server = await startApi({
      paths: { "/": { get: proxy("echo") } },
      "x-amazon-apigateway-gateway-responses": { DEFAULT_4XX: { responseTemplates } },
    });
    expect(server.problems.join()).to.match(
      /^gateway response DEFAULT_4XX keeps its default form: .*line 1, column 9: #set/,
    );
    expect(await messageIn(await server.call("/nowhere"))).to.equal("Missing Authentication Token");
  });
});
