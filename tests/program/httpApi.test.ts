import * as path from "node:path";
import { expect } from "chai";
import { find, type Graph, reveal, runProgram } from "pulumi-offline";
import { repository, type Started, startOffline } from "../helpers/offline/start";
import { stackGraph } from "../helpers/program/graphs";

const origin = "http://localhost:5173";
const json = { "content-type": "application/json", origin };

// biome-ignore lint/suspicious/noExplicitAny: a document is any JSON; tests check single values of it.
type Document = any;

describe("the program with an HTTP API", () => {
  it("has the operations of the REST API, signed in prod, and breaks no policy", async () => {
    const pack = path.join(repository, "policies");
    const config = path.join(pack, "policy-config.prod.json");
    const body = (graph: Graph, type: string): Document =>
      JSON.parse(String((reveal(find(graph, "api", type)?.inputs ?? {}) as { body: unknown }).body));
    const rest = await stackGraph("prod");
    const { "/openapi.json": _, ...expected } = body(rest, "aws:apigateway/restApi:RestApi").paths;
    const graph = await runProgram({
      directory: repository,
      stack: "prod",
      config: { apiKind: "HTTP" },
      policyPacks: [{ directory: pack, config }],
    });
    const { paths } = body(graph, "aws:apigatewayv2/api:Api");
    expect(paths).to.have.keys(Object.keys(expected));
    for (const [place, operations] of Object.entries<Document>(paths)) {
      expect(operations, place).to.have.keys(Object.keys(expected[place]));
      for (const { security } of Object.values<Document>(operations)) expect(security).to.deep.equal([{ sigv4: [] }]);
    }
    expect(graph.policyPacks[0]).to.deep.include({ violations: [], failures: [] });
    expect(Object.keys(graph.outputs)).to.have.members(Object.keys(rest.outputs));
  });

  describe("is served", () => {
    let started: Started;
    let url: string;

    before(async () => {
      started = await startOffline(["--config", "apiKind=HTTP"]);
      url = started.apis[0]?.url ?? "";
    });
    after(() => started.interrupt());

    it("on the stage Prod, where links lead", async () => {
      expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/Prod$/);
      const init = { method: "POST", headers: json, body: JSON.stringify({ id: "lamp", name: "lamp" }) };
      const created = await fetch(`${url}/items`, init);
      expect(created.status).to.equal(201);
      const location = created.headers.get("location") ?? "";
      expect(location).to.equal("/Prod/items/lamp");
      const read = await fetch(new URL(location, url));
      expect(await read.json()).to.include({ id: "lamp", name: "lamp" });
      const etag = read.headers.get("etag") ?? "";
      expect((await fetch(`${url}/items/lamp`, { headers: { "if-none-match": etag } })).status).to.equal(304);
      const put = { method: "PUT", headers: { ...json, "if-match": '"other"' }, body: init.body };
      expect((await fetch(`${url}/items/lamp`, put)).status).to.equal(412);
      const page = await fetch(`${url}/items?limit=1`);
      expect((await page.json()) as object)
        .to.have.property("items")
        .with.lengthOf(1);
    });

    it("with the functions' problems, which name the path as it was sent", async () => {
      for (const [method, place, status] of [
        ["GET", "/items?limit=1&limit=2", 400],
        ["GET", "/items/a%20b", 400],
        ["GET", "/items/none", 404],
        ["DELETE", "/items", 405],
      ] as const) {
        const answer = await fetch(url + place, { method });
        const { instance } = (await answer.json()) as { instance: string };
        expect([answer.status, instance]).to.deep.equal([status, `/Prod${place.split("?")[0]}`]);
        expect(answer.headers.get("content-type")).to.equal("application/problem+json");
      }
    });

    it("to pages of another origin, whose preflight requests need no function", async () => {
      const headers = { origin, "access-control-request-method": "PUT", "access-control-request-headers": "if-match" };
      const preflight = await fetch(`${url}/items/lamp`, { method: "OPTIONS", headers });
      expect(preflight.status).to.equal(204);
      expect(preflight.headers.get("access-control-allow-methods")).to.include("PUT");
      expect(preflight.headers.get("access-control-allow-headers")?.toLowerCase()).to.include("if-match");
      const answer = await fetch(`${url}/items/none`, { headers: { origin } });
      expect(answer.headers.get("access-control-allow-origin")).to.equal(origin);
      expect(answer.headers.get("access-control-expose-headers")).to.include("ETag");
    });
  });
});
