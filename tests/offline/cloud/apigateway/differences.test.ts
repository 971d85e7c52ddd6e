import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { startApi } from "../../../helpers/offline/api";
import { proxy } from "../../../helpers/offline/graph";
import { closeServers } from "../../../helpers/offline/served";

/** The status and the body of the answers to GET / of an API, one after the other. */
async function answersOf(operation: object, { more = {}, init = {}, calls = 1 } = {}) {
  const server = await startApi({ paths: { "/": { get: operation } }, ...more });
  const answers: [status: number, body: string, headers: Headers][] = [];
  for (let call = 0; call < calls; call++) {
    const response = await server.call("/", init);
    answers.push([response.status, await response.text(), response.headers]);
  }
  return answers;
}

const rows: { fact: string; differs: string; check: () => Promise<void> }[] = [
  {
    fact: "An API with a minimum compression size compresses what is larger",
    differs: "nothing is compressed",
    check: async () => {
      const more = { "x-amazon-apigateway-minimum-compression-size": 0 };
      const [[, , headers] = []] = await answersOf(proxy("echo"), {
        more,
        init: { headers: { "Accept-Encoding": "gzip" } },
      });
      expect(headers?.get("content-encoding")).to.equal("gzip");
    },
  },
];

describe("Where API Gateway differs,", () => {
  afterEach(closeServers);
  testFacts({ service: "API Gateway", source: DOCUMENTATION, facts: rows }, ({ check }) => check());
});
