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

async function answerOf(operation: object, options = {}) {
  const [[status, body] = []] = await answersOf(operation, options);
  return [status, body];
}

const rows: { fact: string; differs: string; check: () => Promise<void> }[] = [
  {
    fact: "A resource policy that denies everyone makes every answer a 403",
    differs: "resource policies are ignored",
    check: async () => {
      const statement = { Effect: "Deny", Principal: "*", Action: "execute-api:Invoke", Resource: "*" };
      const policy = { "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: [statement] } };
      const [status] = await answerOf(proxy("echo"), { more: policy });
      expect(status).to.equal(403);
    },
  },
];

describe("Where API Gateway differs,", () => {
  afterEach(closeServers);
  testFacts({ service: "API Gateway", source: DOCUMENTATION, facts: rows }, ({ check }) => check());
});
