import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../helpers/facts";
import { startApi } from "../../../helpers/offline/api";
import { proxy } from "../../../helpers/offline/graph";
import { closeServers } from "../../../helpers/offline/served";

const ANSWER = { default: { statusCode: "200", responseTemplates: { "application/json": "answered" } } };
const integration = (settings: object, more: object = {}) => ({
  ...more,
  "x-amazon-apigateway-integration": { responses: ANSWER, ...settings },
});

const uriOf = (operation: object) => Object.values(operation).find((value) => "uri" in value).uri;

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
    fact: "An `aws` integration passes a mapped request to a function, and maps what it returns",
    differs: "501: of the integrations with AWS, only `aws_proxy` with functions is served",
    check: async () => {
      const operation = integration({ type: "aws", httpMethod: "POST", uri: uriOf(proxy("echo")) });
      expect(await answerOf(operation)).to.deep.equal([200, "answered"]);
    },
  },
  {
    fact: "An `http` integration maps the answer of a server",
    differs: "501: of the integrations with servers, only `http_proxy` is served",
    check: async () => {
      const operation = integration({ type: "http", httpMethod: "GET", uri: "http://127.0.0.1:1/" });
      expect((await answerOf(operation))[0]).not.to.equal(501);
    },
  },
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
