import { expect } from "chai";
import { recordedByLocalstack, testFact } from "../../../helpers/facts";
import { ECHO, eventIn, send, startApi, startFunction } from "../../../helpers/offline/api";
import { graphOf, lambda, proxy, resource, restApi } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "API Gateway", source: recordedByLocalstack("2024-02 and 2024-07") };
const directory = temporaryFolder();

describe("The gateway", () => {
  afterEach(closeServers);

  describe("finds the route", () => {
    let server: Served;
    before(async () => {
      const named = (name: string) => ({ get: proxy("echo", { operationId: name }) });
      server = await startApi({
        paths: {
          "/": named("root"),
          "/items": { ...named("items"), "x-amazon-apigateway-any-method": proxy("echo") },
          "/items/{id}": named("item"),
          "/items/special": named("special"),
          "/items/{id}/parts/{part}": named("part"),
          "/files/{path+}": named("files"),
        },
      });
    });

    const routes: [method: string, path: string, resource: string | undefined, parameters?: object][] = [
      ["GET", "/", "/"],
      ["GET", "/items", "/items"],
      ["GET", "/items/", "/items"],
      ["DELETE", "/items", "/items"],
      ["GET", "/items/1", "/items/{id}", { id: "1" }],
      ["GET", "/items/special", "/items/special"],
      ["GET", "/items/special/parts/2", "/items/{id}/parts/{part}", { id: "special", part: "2" }],
      ["GET", "/files/a/b.txt", "/files/{path+}", { path: "a/b.txt" }],
      ["GET", "/items/a%2Fb", "/items/{id}", { id: "a%2Fb" }],
      ["GET", "/items/..", "/items/{id}", { id: ".." }],
      ["POST", "/items/1", undefined],
      ["GET", "/files", undefined],
      ["GET", "/files/", undefined],
      ["GET", "/items//", undefined],
      ["GET", "/nowhere", undefined],
      ["GET", "//items", "/items"],
    ];
    it("by method and the most specific path, with its parameters as sent", async () => {
      for (const [method, path, resourcePath, parameters = null] of routes) {
        const { status, body } = await send(server.apis[0]?.url ?? "", { method, path: `/Prod${path}` });
        const answer = JSON.parse(body);
        const what = `${method} ${path}`;
        if (resourcePath === undefined) {
          expect([what, status, answer.message]).to.deep.equal([what, 403, "Missing Authentication Token"]);
        } else {
          expect([what, status, answer.resource]).to.deep.equal([what, 200, resourcePath]);
          expect(answer.pathParameters, what).to.deep.equal(parameters);
        }
      }
      await closeServers();
    });
  });

  testFact(RECORDED, "finds a less specific route where the most specific one does not have the method", async () => {
    const named = (operationId: string) => proxy("echo", { operationId });
    const server = await startApi({
      paths: {
        "/{proxy+}": { options: named("OPTIONS") },
        "/test": { post: named("POST") },
        "/test/any": { "x-amazon-apigateway-any-method": named("ANY") },
      },
    });
    const found: [method: string, path: string, operation?: string][] = [
      ["OPTIONS", "/test", "OPTIONS"],
      ["POST", "/test", "POST"],
      ["OPTIONS", "/test/any", "ANY"],
      ["GET", "/test/any", "ANY"],
      ["OPTIONS", "/test/other", "OPTIONS"],
      ["GET", "/test"],
      ["GET", "/nowhere"],
    ];
    for (const [method, path, operation] of found) {
      const response = await server.call(path, { method });
      const { requestContext, message } = (await response.json()) as {
        requestContext?: { operationName: string };
        message?: string;
      };
      expect([method, path, requestContext?.operationName]).to.deep.equal([method, path, operation]);
      if (operation !== undefined) continue;
      expect([response.status, message]).to.deep.equal([403, "Missing Authentication Token"]);
      expect(response.headers.get("x-amzn-errortype")).to.equal("MissingAuthenticationTokenException");
    }
  });

  describe("is reached", () => {
    it("with and without the stage, when there is one API", async () => {
      const server = await startFunction(ECHO);
      const origin = new URL(server.apis[0]?.url ?? "").origin;
      expect(server.apis[0]?.url).to.equal(`${origin}/Prod`);
      for (const path of ["/Prod/a", "/a", "/Production", "/Prod"]) {
        const { path: seen } = await eventIn(await fetch(origin + path));
        expect(seen).to.equal({ "/Prod/a": "/a", "/Prod": "/" }[path] ?? path);
      }
    });

    it("under its name, when there are several", async () => {
      const document = (name: string) => ({ paths: { "/": { get: proxy(name) } } });
      const answer = (text: string) => `exports.handler = async () => ({ statusCode: 200, body: "${text}" })`;
      const server = await serveGraph(
        graphOf(
          directory,
          lambda("a", answer("A")),
          lambda("b", answer("B")),
          ...restApi("one", document("a")),
          ...restApi("two", document("b")),
        ),
      );
      expect(await Promise.all(server.apis.map(async ({ url }) => (await fetch(url)).text()))).to.deep.equal([
        "A",
        "B",
      ]);
      expect(server.apis.map(({ url }) => new URL(url).pathname)).to.deep.equal(["/one/Prod", "/two/Prod"]);
      const elsewhere = await fetch(new URL("/three", server.apis[0]?.url));
      const { detail } = (await elsewhere.json()) as { detail: string };
      expect(detail).to.include("/one/Prod").and.include("/two/Prod");
    });

    it("only from this machine", async () => {
      const server = await startFunction(ECHO);
      expect(new URL(server.apis[0]?.url ?? "").hostname).to.equal("127.0.0.1");
      expect(new URL(server.endpoint).hostname).to.equal("127.0.0.1");
    });
  });

  it("logs each request with its status, time and function", async () => {
    const server = await startFunction(ECHO);
    await server.call("/a?b=%0Ac");
    expect(server.lines.at(-1)).to.match(/^GET \/Prod\/a\?b=%0Ac 200 [\d.]+ ms → main$/);
  });

  it("serves a body that is a resource of its own, in place of the API's", async () => {
    const document = (operationId: string) => ({
      paths: { [`/${operationId}`]: { get: proxy("echo", { operationId }) } },
    });
    const body = JSON.stringify(document("put"));
    const server = await serveGraph(
      graphOf(
        directory,
        lambda("echo", ECHO),
        ...restApi("api", document("own")),
        resource("aws:apigateway/restApiPut:RestApiPut", "api", { restApiId: "api0id", body }),
        resource("aws:apigateway/restApiPut:RestApiPut", "other", { restApiId: "other0id", body: "{}" }),
      ),
    );
    expect(server.problems).to.deep.equal([]);
    const statuses = await Promise.all(["/put", "/own"].map(async (path) => (await server.call(path)).status));
    expect(statuses).to.deep.equal([200, 403]);
  });

  it("says which APIs and routes it does not serve, and why", async () => {
    const document = {
      paths: { "/": { get: proxy("nowhere") }, "/b": { get: { ...proxy("echo"), security: [{ pool: [] }] } } },
      components: {
        securitySchemes: { pool: { type: "apiKey", "x-amazon-apigateway-authtype": "cognito_user_pools" } },
      },
    };
    const server = await serveGraph(
      graphOf(
        directory,
        lambda("echo", ECHO),
        ...restApi("api", document),
        resource("aws:apigateway/restApi:RestApi", "discrete", {}),
        resource("aws:apigatewayv2/api:Api", "chat", { protocolType: "WEBSOCKET" }),
      ),
    );
    const [discrete, unknown, authorizer, chat] = server.problems;
    expect(discrete).to.match(/API discrete is not served: it has neither an OpenAPI body nor Method resources/);
    expect(unknown).to.match(/GET \/ answers 501: .*does not name a function of the program/);
    expect(authorizer).to.match(/GET \/b answers 501: its security scheme pool is not emulated/);
    expect(chat).to.equal("WebSocket API chat is not served: it has no stage; add an aws.apigatewayv2.Stage");
    expect((await server.call("/b")).status).to.equal(501);
  });

  it("says to use invokeArn where a uri is the ARN or the name of a function", async () => {
    const arn = "arn:aws:lambda:eu-west-1:123456789012:function:echo";
    const calling = (uri: string) => ({
      get: { "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri } },
    });
    const { problems } = await startApi({ paths: { "/arn": calling(arn), "/name": calling("echo") } });
    expect(problems).to.deep.equal([
      `GET /arn answers 501: its uri is ${arn}: use the function's invokeArn instead`,
      "GET /name answers 501: its uri is echo: use the function's invokeArn instead",
    ]);
  });
});
