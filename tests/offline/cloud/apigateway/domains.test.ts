import { expect } from "chai";
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

  for (const host of ["other.example.com", "example.org", "a.b.example.org"]) {
    it(`are the only names that it answers to besides its own, not ${host}`, async () => {
      const { status } = await send(server.apis[0]?.url ?? "", { path: "/items", headers: { host } });
      expect(status).to.equal(421);
    });
  }
});
