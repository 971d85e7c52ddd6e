import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { graphOf, lambda, proxy, resource, restApi } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const rows: { fact: string; differs: string; check: () => Promise<void> }[] = [
  {
    fact: "A cached route calls its function once for the same parameters, until its time is over",
    differs: "nothing is cached",
    check: async () => {
      const api = restApi("api", { paths: { "/": { get: proxy("count") } } }, { cacheClusterEnabled: true });
      const settings = { cachingEnabled: true, cacheTtlInSeconds: 300 };
      const place = { restApi: "api0id", stageName: "Prod", methodPath: "~1/GET", settings };
      const method = resource("aws:apigateway/methodSettings:MethodSettings", "api", place);
      const count = "let calls = 0; exports.handler = async () => ({ statusCode: 200, body: String(++calls) })";
      const server = await serveGraph(graphOf(temporaryFolder(), lambda("count", count), ...api, method));
      const answer = async () => (await server.call("/")).text();
      expect([await answer(), await answer()]).to.deep.equal(["1", "1"]);
    },
  },
];

describe("Where API Gateway differs,", () => {
  afterEach(closeServers);
  testFacts({ service: "API Gateway", source: DOCUMENTATION, facts: rows }, ({ check }) => check());
});
