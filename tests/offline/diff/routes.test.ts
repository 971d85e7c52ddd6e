import { expect } from "chai";
import { compare } from "../../../offline/diff/compare";
import type { Comparison } from "../../../offline/diff/model";
import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { graphOf, resource, restApi } from "../../helpers/offline/graph";

function compared(before: Resource[], after: Resource[]): Comparison {
  return compare(graphOf("/project", ...before), graphOf("/project", ...after), { base: "main" });
}

const breaks = ({ breaks: all }: Comparison) => all.map(({ kind, target }) => `${kind}:${target}`);
const routes = (comparison: Comparison) =>
  comparison.routes.map(({ kind, method, path, before, after }) =>
    [kind, method, path, before, after].join(" ").trim(),
  );

describe("routes", () => {
  const sigv4 = { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" };
  const jwt = { type: "oauth2", "x-amazon-apigateway-authorizer": {} };
  const key = { type: "apiKey", name: "x-api-key", in: "header" };
  const schemes = { components: { securitySchemes: { sigv4, jwt, key } } };
  const api = (paths: Record<string, Record<string, string[]>>) => {
    const operations = (methods: Record<string, string[]>) =>
      Object.fromEntries(
        Object.entries(methods).map(([method, names]) => [method, { security: names.map((name) => ({ [name]: [] })) }]),
      );
    const items = Object.entries(paths).map(([path, methods]) => [path, operations(methods)]);
    return restApi("api", { ...schemes, paths: Object.fromEntries(items) });
  };
  const any = "x-amazon-apigateway-any-method";

  it("of an OpenAPI document are added, removed, opened and closed", () => {
    const before = api({ "/a": { get: ["sigv4"], put: [], post: ["sigv4"] }, "/b": { get: ["key"] } });
    const after = api({ "/a": { get: [], put: ["sigv4"], post: ["jwt"] }, "/c": { get: ["jwt"] } });
    const comparison = compared(before, after);
    expect(routes(comparison)).to.deep.equal([
      "opened GET /a AWS_IAM none",
      "closed POST /a AWS_IAM jwt",
      "closed PUT /a none AWS_IAM",
      "removed GET /b API key",
      "added GET /c  jwt",
    ]);
    expect(breaks(comparison)).to.deep.equal([
      "route-opened:api GET /a",
      "route-removed:api GET /b",
      "route-closed:api POST /a",
      "route-closed:api PUT /a",
    ]);
  });

  it("stay the same when a path parameter gets another name", () => {
    expect(routes(compared(api({ "/a/{id}": { get: [] } }), api({ "/a/{key}": { get: [] } })))).to.deep.equal([]);
  });

  it("are kept by a new, more general one, but not by one that was there before", () => {
    const greedy = { "/{proxy+}": { [any]: [] } };
    expect(breaks(compared(api({ "/a": { get: [] } }), api(greedy)))).to.deep.equal([]);
    const removed = compared(api({ "/a": { get: [], [any]: [] } }), api({ "/a": { [any]: [] } }));
    expect(removed.breaks[0]?.message).to.equal("Route GET /a of api is gone: ANY /a gets its requests.");
    expect(breaks(compared(api(greedy), api({ "/{one}": { [any]: [] } })))).to.deep.equal([
      "route-removed:api ANY /{proxy+}",
    ]);
  });

  it("that are gone with their API are covered by its break", () => {
    expect(breaks(compared(api({ "/a": { get: [], put: [] } }), []))).to.deep.equal([
      "resource-deleted:aws:apigateway/restApi:RestApi::api",
      "resource-deleted:aws:apigateway/stage:Stage::api",
    ]);
  });

  it("of a body that is a resource of its own are the API's", () => {
    const put = (path: string) => [
      ...api({ "/own": { get: [] } }),
      resource("aws:apigateway/restApiPut:RestApiPut", "api", {
        restApiId: "api0id",
        body: JSON.stringify({ paths: { [path]: { get: {} } } }),
      }),
    ];
    expect(routes(compared(put("/one"), put("/other")))).to.deep.equal([
      "removed GET /one none",
      "added GET /other  none",
    ]);
  });

  it("of single resources, HTTP APIs and function URLs are compared as well", () => {
    const rest = (authorization: string) => [
      resource("aws:apigateway/restApi:RestApi", "rest", {}, { id: "r1", rootResourceId: "root" }),
      resource(
        "aws:apigateway/resource:Resource",
        "a",
        { restApi: "r1", parentId: "root", pathPart: "a" },
        { id: "a1" },
      ),
      resource(
        "aws:apigateway/resource:Resource",
        "b",
        { restApi: "r1", parentId: "a1", pathPart: "{b}" },
        { id: "b1" },
      ),
      resource("aws:apigateway/method:Method", "m", {
        restApi: "r1",
        resourceId: "b1",
        httpMethod: "GET",
        authorization,
      }),
    ];
    const http = (routeKey: string, authorizationType: string) => [
      resource("aws:apigatewayv2/api:Api", "http", { protocolType: "HTTP" }, { id: "h1" }),
      resource("aws:apigatewayv2/authorizer:Authorizer", "users", { apiId: "h1" }, { id: "u1" }),
      resource("aws:apigatewayv2/route:Route", "r", { apiId: "h1", routeKey, authorizationType, authorizerId: "u1" }),
    ];
    const url = (authorizationType: string) =>
      resource("aws:lambda/functionUrl:FunctionUrl", "url", { authorizationType });
    const before = [...rest("AWS_IAM"), ...http("GET /x", "JWT"), url("AWS_IAM")];
    const after = [...rest("NONE"), ...http("$default", "JWT"), url("NONE")];
    expect(routes(compared(before, after))).to.deep.equal([
      "added  $default  JWT (users)",
      "opened GET /a/{b} AWS_IAM none",
      "opened ANY /{proxy+} AWS_IAM none",
    ]);
  });

  it("of a quick create are one, for everything unless it says otherwise", () => {
    const quick = (inputs: Properties) => [
      resource("aws:apigatewayv2/api:Api", "http", { protocolType: "HTTP", target: "https://a.example", ...inputs }),
    ];
    expect(routes(compared(quick({ routeKey: "GET /x" }), quick({})))).to.deep.equal(["added  $default  none"]);
  });
});
