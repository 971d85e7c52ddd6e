import { expect } from "chai";
import { Problem } from "../../../handlers/http/problem";
import { type Operation, type Request, restApi } from "../../../handlers/http/restApi";
import type { Routes } from "../../../handlers/http/router";
import { type ProxyRequest, proxyEvent } from "../../helpers/handlers/proxyEvent";

const routes: Routes<"look" | "make"> = {
  "GET /items": { operationId: "look" },
  "POST /items": { operationId: "make", requestBody: { content: { "application/json": { schema: {} } } } },
};

describe("restApi", () => {
  let answer: Operation;
  const handler = restApi(routes, { look: (request) => answer(request), make: (request) => answer(request) });
  const call = async (method = "GET", path = "/items", request: ProxyRequest = {}) => {
    const { statusCode, headers = {}, body } = await handler(proxyEvent(method, path, request));
    return { status: statusCode, headers, body: body && JSON.parse(body) };
  };
  let logged: string[];
  const { error } = console;
  beforeEach(() => {
    answer = async () => ({ status: 200, body: {} });
    logged = [];
    console.error = (line: string) => logged.push(line);
  });
  afterEach(() => {
    console.error = error;
    delete process.env.CORS_ALLOW_ORIGIN;
  });

  it("answers another method with 405 and the supported ones", async () => {
    for (const method of ["DELETE", "HEAD", "OPTIONS", "get", "TRACE"]) {
      const { status, headers, body } = await call(method);
      expect(status).to.equal(405);
      expect(headers.Allow).to.equal("GET, POST");
      expect(body.type).to.equal("urn:problem:method-not-allowed");
    }
  });

  it("describes a problem as in RFC 9457, and forbids caching it", async () => {
    answer = async () => {
      throw new Problem("conflict", "Taken.", {
        errors: [{ pointer: "#/id", detail: "is taken" }],
        headers: { "Retry-After": "1" },
      });
    };
    const { status, headers, body } = await call();
    expect(status).to.equal(409);
    expect(headers).to.include({
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "Retry-After": "1",
    });
    expect(body).to.deep.equal({
      type: "urn:problem:conflict",
      title: "The request conflicts with what is stored",
      status: 409,
      detail: "Taken.",
      instance: "/Prod/items",
      requestId: headers["x-request-id"],
      errors: [{ pointer: "#/id", detail: "is taken" }],
    });
    expect(logged).to.deep.equal([]);
  });

  it("hides an unexpected error from the caller, and logs all of it in one line", async () => {
    answer = async () => {
      throw new TypeError("secret detail\nof two lines");
    };
    const { status, headers, body } = await call();
    expect(status).to.equal(500);
    expect(JSON.stringify(body)).not.to.contain("secret");
    expect(logged).to.have.length(1);
    expect(logged[0]).not.to.contain("\n");
    const { requestId, error } = JSON.parse(logged[0] ?? "");
    expect(requestId).to.equal(headers["x-request-id"]);
    expect(error).to.include({ name: "TypeError", message: "secret detail\nof two lines" });
    expect(error.stack).to.contain("restApi.test.ts");
  });

  it("gives every response a request id: the caller's if it is safe, otherwise the gateway's", async () => {
    expect((await call()).headers["x-request-id"]).to.match(/^request-\d+$/);
    const sent = async (id: string) =>
      (await call("GET", "/nothing", { headers: { "X-Request-Id": id } })).headers["x-request-id"];
    expect(await sent("my.id-1_2")).to.equal("my.id-1_2");
    for (const bad of ["", "a b", "a\nb", "é", "x".repeat(129), '"']) expect(await sent(bad)).to.match(/^request-\d+$/);
  });

  it("lets pages of the configured origins read responses and problems alike", async () => {
    const from = async (origin?: string) =>
      (await call("GET", "/nothing", { headers: origin ? { Origin: origin } : {} })).headers;
    expect(await from("https://a.example")).not.to.have.property("Access-Control-Allow-Origin");
    process.env.CORS_ALLOW_ORIGIN = "*";
    expect(await from()).to.include({ "Access-Control-Allow-Origin": "*" });
    process.env.CORS_ALLOW_ORIGIN = "https://a.example, https://b.example";
    expect(await from("https://b.example")).to.include({
      "Access-Control-Allow-Origin": "https://b.example",
      Vary: "Origin",
    });
    expect((await from("https://b.example"))["Access-Control-Expose-Headers"]).to.contain("ETag");
    for (const other of ["https://c.example", "null", undefined]) {
      expect(await from(other)).not.to.have.property("Access-Control-Allow-Origin");
      expect(await from(other)).to.include({ Vary: "Origin" });
    }
  });

  it("keeps browsers from guessing the content type", async () => {
    expect((await call()).headers).to.include({
      "X-Content-Type-Options": "nosniff",
      "Content-Type": "application/json",
    });
  });

  it("finds the route under a custom domain's base path, and behind gateways that name no resource", async () => {
    const event = proxyEvent("GET", "/items");
    expect((await handler({ ...event, path: "/shop/v1/items" })).statusCode).to.equal(200);
    expect((await handler({ ...event, resource: "/{proxy+}" })).statusCode).to.equal(200);
    expect((await handler({ ...event, resource: "" })).statusCode).to.equal(200);
    expect((await handler({ ...event, resource: "", path: "/shop/items" })).statusCode).to.equal(404);
  });

  it("tells operations the caller, the deadline and what was sent", async () => {
    let seen: Request | undefined;
    answer = async (request) => {
      seen = request;
      return { status: 204 };
    };
    expect(await call("POST", "/items", { body: '{ "a": 1 }' })).to.deep.include({ status: 204, body: "" });
    expect(seen).to.include({ method: "POST", path: "/Prod/items", caller: "anonymous", content: '{ "a": 1 }' });
    expect(seen?.body).to.deep.equal({ a: 1 });
    expect(seen?.deadline).to.be.within(Date.now() + 28_000, Date.now() + 29_000);
    await call("GET", "/items", { userArn: "arn:aws:iam::123456789012:user/a" });
    expect(seen?.caller).to.equal("arn:aws:iam::123456789012:user/a");
  });

  it("joins a header that was sent more than once, and ignores the case of its name", async () => {
    const event = proxyEvent("POST", "/items", { body: {} });
    const multiValueHeaders = { "CONTENT-type": ["application/json"], "x-request-id": ["a", "b"] };
    const { statusCode, headers } = await handler({ ...event, headers: {}, multiValueHeaders });
    expect(statusCode).to.equal(200);
    expect(headers?.["x-request-id"]).to.match(/^request-/);
  });
});
