import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from "aws-lambda";
import { expect } from "chai";
import { ECHO, send, startApi } from "../../../helpers/offline/api";
import { proxy } from "../../../helpers/offline/graph";
import { httpApi, httpRoute, httpStage, serveHttpApi, toFunction } from "../../../helpers/offline/httpApi";
import { closeServers } from "../../../helpers/offline/served";

type Event1 = Pick<
  APIGatewayProxyEvent,
  | "headers"
  | "multiValueHeaders"
  | "path"
  | "pathParameters"
  | "queryStringParameters"
  | "multiValueQueryStringParameters"
>;
type Headers = Record<string, string | string[]>;

/**
 * What AWS's recorded answers and documentation do not show of single values: each row follows from the rules that they
 * do show, which the tests of events hold.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
describe("The parts of a request, decoded for a REST API, and for an HTTP API in formats 1.0 and 2.0:", () => {
  let urls: { rest: string; http: string };
  before(async () => {
    const any = { "x-amazon-apigateway-any-method": proxy("echo") };
    const rest = await startApi({ paths: { "/{id}": any } }, { echo: ECHO }, { stageName: "rest" });
    const http = await serveHttpApi(
      { echo: ECHO },
      httpApi("web"),
      httpStage("$default"),
      ...httpRoute("GET /one/{id}", toFunction("echo", "1.0")),
      ...httpRoute("GET /two/{id}", toFunction("echo")),
    );
    urls = { rest: rest.apis[0]?.url ?? "", http: http.apis[0]?.url ?? "" };
  });
  after(closeServers);

  async function events(end: string, headers: Headers = {}) {
    const get = async <Event>(url: string, path: string): Promise<Event> =>
      JSON.parse((await send(url, { path: path + end, headers })).body);
    return {
      rest: await get<Event1>(urls.rest, "/rest/"),
      one: await get<Event1>(urls.http, "/one/"),
      two: await get<APIGatewayProxyEventV2>(urls.http, "/two/"),
    };
  }

  const queries: [what: string, sent: string, values: Record<string, string[]>][] = [
    ["a name alone", "a", { a: [""] }],
    ["an empty value", "a=", { a: [""] }],
    ["an equals sign in a value", "a=b=c", { a: ["b=c"] }],
    ["a comma in a value of several", "a=1,2&a=3", { a: ["1,2", "3"] }],
    ["names that differ in case", "A=1&a=2", { A: ["1"], a: ["2"] }],
    ["an encoded name", "a%20b=1", { "a b": ["1"] }],
    ["a plus, encoded and not", "a=%2B+%20", { a: ["+  "] }],
    ["letters beyond ASCII", "a=%E2%98%95", { a: ["☕"] }],
    ["what is not an encoding", "a=%zz", { a: ["%zz"] }],
    ["ampersands with nothing between", "&&a=1&", { a: ["1"] }],
  ];
  for (const [what, sent, values] of queries) {
    it(`a query with ${what}`, async () => {
      const { rest, one, two } = await events(`x?${sent}`);
      const each = (choose: (all: string[]) => string | undefined) =>
        Object.fromEntries(Object.entries(values).map(([name, all]) => [name, choose(all)]));
      for (const { queryStringParameters, multiValueQueryStringParameters } of [rest, one]) {
        expect(multiValueQueryStringParameters).to.deep.equal(values);
        expect(queryStringParameters).to.deep.equal(each((all) => all.at(-1)));
      }
      expect(two.queryStringParameters).to.deep.equal(each((all) => all.join(",")));
      expect(two.rawQueryString).to.equal(sent);
    });
  }

  const paths: [what: string, sent: string, decoded: string][] = [
    ["a space", "a%20b", "a b"],
    ["a plus", "a+b", "a+b"],
    ["an encoded percent sign", "100%25", "100%"],
    ["letters beyond ASCII", "%E2%98%95", "☕"],
    ["a semicolon", "a;b", "a;b"],
    ["what is not an encoding", "%zz", "%zz"],
  ];
  for (const [what, sent, decoded] of paths) {
    it(`a path with ${what}, which a REST API leaves as it is`, async () => {
      const { rest, one, two } = await events(sent);
      expect([rest.path, rest.pathParameters]).to.deep.equal([`/${sent}`, { id: sent }]);
      expect([one.path, one.pathParameters]).to.deep.equal([`/one/${sent}`, { id: decoded }]);
      expect([two.rawPath, two.pathParameters]).to.deep.equal([`/two/${decoded}`, { id: decoded }]);
    });
  }

  const headers: [what: string, sent: Headers, values: Record<string, string[]>][] = [
    ["that is repeated", { "X-List": ["1", "2"] }, { "X-List": ["1", "2"] }],
    ["that is empty", { "X-Empty": "" }, { "X-Empty": [""] }],
    ["with a list in one value", { "X-List": "a, b" }, { "X-List": ["a, b"] }],
    ["with encoded text, as it is", { "X-Text": "a%20b+c" }, { "X-Text": ["a%20b+c"] }],
  ];
  for (const [what, sent, values] of headers) {
    it(`a header ${what}`, async () => {
      const { rest, one, two } = await events("x", sent);
      for (const [name, all] of Object.entries(values)) {
        for (const event of [rest, one]) {
          expect(event.multiValueHeaders[name]).to.deep.equal(all);
          expect(event.headers[name]).to.equal(all.at(-1));
        }
        expect(two.headers[name.toLowerCase()]).to.equal(all.join(","));
      }
    });
  }

  const cookies: [what: string, sent: string | string[], header: string, list: string[]][] = [
    ["one", "a=1", "a=1", ["a=1"]],
    ["several", "a=1; b=2", "a=1; b=2", ["a=1", "b=2"]],
    ["several headers", ["a=1; b=2", "c=3"], "a=1; b=2; c=3", ["a=1", "b=2", "c=3"]],
    ["a comma, an equals sign and an encoding, as they are", "a=1,2; b=c=%20", "a=1,2; b=c=%20", ["a=1,2", "b=c=%20"]],
  ];
  for (const [what, sent, header, list] of cookies) {
    it(`cookies: ${what}`, async () => {
      const { rest, one, two } = await events("x", { Cookie: sent });
      for (const event of [rest, one]) {
        expect(event.headers.Cookie).to.equal(header);
        expect(event).not.to.have.property("cookies");
      }
      expect(two.cookies).to.deep.equal(list);
      expect(two.headers).not.to.have.property("cookie");
    });
  }
});
