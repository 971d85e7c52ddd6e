import { expect } from "chai";
import type { Resource } from "../../../../offline/engine/graph";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { ECHO, send } from "../../../helpers/offline/api";
import { graphOf, lambda, proxy, resource, restApi } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

describe("the domains of APIs", () => {
  let server: Served;

  before(async () => {
    const api = (name: string) => restApi(name, { paths: { "/items": { get: proxy("echo") } } });
    const mapping = (name: string, domainName: string, more: object) =>
      resource("aws:apigateway/basePathMapping:BasePathMapping", name, { domainName, ...more });
    const resources = [
      ...[...api("one"), ...api("two")],
      mapping("a", "api.example.com", { restApi: "one0id", stageName: "Prod" }),
      mapping("b", "api.example.com", { restApi: "two0id", stageName: "Prod", basePath: "v2" }),
      mapping("c", "*.example.org", { restApi: "two0id", basePath: "any" }),
    ];
    server = await serveGraph(graphOf(temporaryFolder(), lambda("echo", ECHO), ...resources));
  });
  after(closeServers);

  const facts: { fact: string; host: string; path: string; found: string | number }[] = [
    { fact: "lead to the stage that is mapped", host: "api.example.com", path: "/items", found: "one0id" },
    { fact: "are found in any case, with any port", host: "API.example.com:1", path: "/items", found: "one0id" },
    { fact: "lead to the API of the base path", host: "api.example.com", path: "/v2/items", found: "two0id" },
    { fact: "name no stage beside a mapping's own", host: "api.example.com", path: "/Prod/items", found: 403 },
    { fact: "name the stage if the mapping has none", host: "x.example.org", path: "/any/Prod/items", found: "two0id" },
    { fact: "answer 403 below no base path", host: "x.example.org", path: "/items", found: 403 },
  ];
  testFacts({ service: "API Gateway", source: DOCUMENTATION, facts }, async ({ host, path, found }) => {
    const { status, body } = await send(server.apis[0]?.url ?? "", { path, headers: { host } });
    if (typeof found === "number") expect(status).to.equal(found);
    else expect(JSON.parse(body).requestContext.apiId).to.equal(found);
  });

  describe("of an API whose own endpoint is disabled", () => {
    const PATHS = { "/items": { get: proxy("echo") } };
    const disabled = { "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true } };
    const restDomain = resource("aws:apigateway/basePathMapping:BasePathMapping", "a", {
      domainName: "*.example.com",
      restApi: "api0id",
      basePath: "v1",
    });
    const rest = (document: object, inputs = {}) => [
      ...restApi("api", { paths: PATHS, ...document }, {}, inputs),
      restDomain,
    ];
    const http = (document: object, inputs = {}) => [
      resource(
        "aws:apigatewayv2/api:Api",
        "api",
        { protocolType: "HTTP", body: JSON.stringify({ openapi: "3.0.1", paths: PATHS, ...document }), ...inputs },
        { id: "api0id" },
      ),
      resource("aws:apigatewayv2/stage:Stage", "api", { apiId: "api0id", name: "$default", autoDeploy: true }),
      resource("aws:apigatewayv2/apiMapping:ApiMapping", "api", {
        domainName: "api.example.com",
        apiId: "api0id",
        stage: "$default",
      }),
    ];
    async function expectOnlyDomain(resources: Resource[], at: string, status: number, message: string) {
      const server = await serveGraph(graphOf(temporaryFolder(), lambda("echo", ECHO), ...resources));
      const [api] = server.apis;
      const { port } = new URL(api?.url ?? "");
      expect(api?.domainUrl).to.equal(at.replace("PORT", port));
      const direct = await server.call("/items");
      expect([direct.status, await direct.json()]).to.deep.equal([status, { message }]);
      const { host, pathname } = new URL(at.replace("PORT", port));
      const path = `${pathname.replace(/\/$/, "")}/items`;
      expect((await send(api?.url ?? "", { path, headers: { host } })).status).to.equal(200);
    }

    const byArgument = { disableExecuteApiEndpoint: true };
    const facts = [
      { fact: "answer for a REST API, whose own endpoint is a 403", resources: rest({}, byArgument) },
      {
        fact: "answer for a REST API whose Swagger 2.0 document disables the endpoint",
        resources: rest({ swagger: "2.0", ...disabled }),
      },
    ];
    testFacts({ service: "API Gateway", source: DOCUMENTATION, facts }, ({ resources }) =>
      expectOnlyDomain(resources, "http://any.example.com:PORT/v1/Prod", 403, "Forbidden"),
    );
    for (const [where, resources] of [
      ["argument", http({}, byArgument)],
      ["document's server", http({ servers: [disabled] })],
    ] as const) {
      it(`answer for an HTTP API, whose own endpoint is a 404 by its ${where}`, () =>
        expectOnlyDomain(resources, "http://api.example.com:PORT", 404, "Not Found"));
    }

    it("is served at that endpoint if the program gives it none", async () => {
      const [api, stage] = rest({}, { disableExecuteApiEndpoint: true }) as [Resource, Resource];
      const server = await serveGraph(graphOf(temporaryFolder(), lambda("echo", ECHO), api, stage));
      expect([(await server.call("/items")).status, server.apis[0]?.domainUrl]).to.deep.equal([200, undefined]);
    });
  });

  for (const host of ["other.example.com", "example.org", "a.b.example.org"]) {
    it(`are the only names that it answers to besides its own, not ${host}`, async () => {
      const { status } = await send(server.apis[0]?.url ?? "", { path: "/items", headers: { host } });
      expect(status).to.equal(421);
    });
  }
});
