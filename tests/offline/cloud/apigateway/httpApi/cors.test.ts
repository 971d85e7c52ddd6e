import { expect } from "chai";
import type { Properties } from "../../../../../offline/engine/values";
import { DOCUMENTATION, testFact } from "../../../../helpers/facts";
import { HTTP_APIS, httpApi, httpRoute, serveHttpApi, toFunction } from "../../../../helpers/offline/httpApi";
import { closeServers } from "../../../../helpers/offline/served";

const DOCUMENTED = { service: HTTP_APIS, source: DOCUMENTATION };
const ORIGIN = "https://shop.example";

/** Answers with CORS headers of its own. */
const OWN = `exports.handler = async () => ({
  statusCode: 200, headers: { "Access-Control-Allow-Origin": "https://own.example", "Access-Control-Max-Age": "1" }, body: "own",
})`;

describe("The CORS settings of an HTTP API", () => {
  afterEach(closeServers);

  const serve = async (corsConfiguration: Properties, key = "GET /items", route: Properties = {}) => {
    const server = await serveHttpApi(
      { own: OWN },
      httpApi("web", { corsConfiguration }),
      ...httpRoute(key, toFunction("own"), route),
    );
    return {
      server,
      get: (headers: Record<string, string>) => server.call("/items", { headers }),
      preflight: (origin: string, path = "/items", method = "GET") =>
        server.call(path, { method: "OPTIONS", headers: { Origin: origin, "Access-Control-Request-Method": method } }),
    };
  };

  testFact(DOCUMENTED, "answer preflights without a route for OPTIONS", async () => {
    const { preflight } = await serve({
      allowOrigins: [ORIGIN],
      allowMethods: ["GET", "PUT"],
      allowHeaders: ["authorization", "x-id"],
      allowCredentials: true,
      maxAge: 300,
    });
    for (const path of ["/items", "/unknown"]) {
      const answer = await preflight(ORIGIN, path);
      expect([answer.status, await answer.text()]).to.deep.equal([204, ""]);
      expect(Object.fromEntries(answer.headers)).to.include({
        "access-control-allow-origin": ORIGIN,
        "access-control-allow-methods": "GET,PUT",
        "access-control-allow-headers": "authorization,x-id",
        "access-control-allow-credentials": "true",
        "access-control-max-age": "300",
      });
    }
    const foreign = await preflight("https://else.example");
    expect([foreign.status, foreign.headers.get("access-control-allow-origin")]).to.deep.equal([204, null]);
  });

  testFact(DOCUMENTED, "take the place of an integration's headers, where the request has an origin", async () => {
    const { get } = await serve({ allowOrigins: ["*"], exposeHeaders: ["x-id", "date"] });
    const { headers } = await get({ Origin: ORIGIN });
    expect(Object.fromEntries(headers)).to.include({
      "access-control-allow-origin": "*",
      "access-control-expose-headers": "x-id,date",
    });
    expect(headers.has("access-control-max-age")).to.equal(false);
    expect((await get({})).headers.has("access-control-allow-origin")).to.equal(false);
  });

  testFact(DOCUMENTED, "allow all origins of a scheme", async () => {
    const { get } = await serve({ allowOrigins: ["https://*"], allowCredentials: true });
    expect((await get({ Origin: ORIGIN })).headers.get("access-control-allow-origin")).to.equal(ORIGIN);
    const plain = await get({ Origin: "http://shop.example" });
    expect(plain.headers.has("access-control-allow-origin")).to.equal(false);
  });

  it("are there on the gateway's own errors, so that pages can read them", async () => {
    const { server } = await serve({ allowOrigins: [ORIGIN] }, "GET /items", { authorizationType: "AWS_IAM" });
    for (const [path, status] of Object.entries({ "/items": 403, "/unknown": 404 })) {
      const answer = await server.call(path, { headers: { Origin: ORIGIN } });
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).to.deep.equal([status, ORIGIN]);
    }
  });

  testFact(DOCUMENTED, "leave a preflight to the authorizer of a route for any method", async () => {
    const iam = { authorizationType: "AWS_IAM" };
    expect((await (await serve({ allowOrigins: [ORIGIN] }, "$default", iam)).preflight(ORIGIN)).status).to.equal(403);
    expect((await (await serve({ allowOrigins: [ORIGIN] }, "ANY /items")).preflight(ORIGIN)).status).to.equal(204);
  });

  it("leave a preflight to a route for OPTIONS, and replace its headers", async () => {
    const answer = await (await serve({ allowOrigins: [ORIGIN], allowMethods: ["*"] }, "OPTIONS /items")).preflight(
      ORIGIN,
    );
    expect([answer.status, await answer.text()]).to.deep.equal([200, "own"]);
    expect(answer.headers.get("access-control-allow-origin")).to.equal(ORIGIN);
  });

  it("are the function's own affair where there are none", async () => {
    const server = await serveHttpApi({ own: OWN }, ...httpRoute("GET /items", toFunction("own")));
    const { headers } = await server.call("/items", { headers: { Origin: ORIGIN } });
    expect(headers.get("access-control-allow-origin")).to.equal("https://own.example");
  });

  it("that AWS refuses are named", async () => {
    const { server } = await serve({ allowOrigins: ["*"], allowCredentials: true });
    expect(server.problems).to.deep.equal([
      'AWS refuses API web: its CORS settings allow credentials, and so must name the origins, not "*"',
    ]);
  });
});
