import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Graph, runProgram } from "../../../../../offline";
import { reveal } from "../../../../../offline/engine/values";
import { send } from "../../../../helpers/offline/api";
import { copyOfProgram } from "../../../../helpers/offline/cli";
import { graphOf, resource } from "../../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

describe("RestAPI of @pulumi/aws-apigateway", () => {
  let directory: string;
  let graph: Graph;
  let server: Served;
  before(async () => {
    // On Node.js 20, closures become code only outside of a workspace.
    directory = copyOfProgram("restApi");
    fs.writeFileSync(path.join(directory, "package.json"), "{}");
    graph = await runProgram({ directory, config: { "aws:region": "eu-west-1" } });
    server = await serveGraph(graph);
  });
  after(closeServers);

  it("is served at its stage, while its outputs are those of AWS", () => {
    expect(server.apis.map(({ name, url }) => [name, new URL(url).pathname])).to.deep.equal([["shop", "/live"]]);
    expect(reveal(graph.outputs.url)).to.match(/^https:\/\/\w{10}\.execute-api\.eu-west-1\.amazonaws\.com\/live\/$/);
  });

  const answers: [what: string, path: string, headers: Record<string, string>, ...answer: unknown[]][] = [
    ["the index document of a folder", "/", {}, 200, "text/html", "<h1>Shop</h1>\n"],
    ["a file in a folder of a folder", "/docs/page.css", {}, 200, "text/css", "body {\n  margin: 0;\n}\n"],
    ["a file with the type that the route gives", "/license", {}, 200, "text/plain", "free\n"],
    [
      "a callback function, without a slash before the path",
      "/hello",
      {},
      200,
      "application/json",
      "hello from /hello",
    ],
    ["a query that has what it must", "/search?q=1", {}, 200, "application/json", "hello from /search"],
    [
      "a query without a required parameter",
      "/search",
      {},
      400,
      "application/json",
      '{"message":"Missing required request parameters: [q]"}',
    ],
    ["a caller without a token", "/guarded", {}, 401, "application/json", '{"message":"Unauthorized"}'],
    [
      "a caller whom the authorizer throws out",
      "/guarded",
      { authorization: "nobody" },
      401,
      "application/json",
      '{"message":"Unauthorized"}',
    ],
    [
      "a caller whom the authorizer denies access, with the component's own 404",
      "/guarded",
      { authorization: "foe" },
      404,
      "application/json",
      '{"message": "404 Not found" }',
    ],
    ["a caller without a key", "/keyed", {}, 403, "application/json", '{"message":"Forbidden"}'],
    ["a caller without a signature", "/signed", {}, 404, "application/json", '{"message": "404 Not found" }'],
    ["a target that is not emulated", "/elsewhere/x", {}, 501, "application/json"],
  ];
  for (const [what, location, headers, status, type, body] of answers) {
    it(`answers ${what}`, async () => {
      const answer = await server.call(location, { headers });
      expect([answer.status, answer.headers.get("content-type")]).to.deep.equal([status, type]);
      if (body !== undefined) expect(await answer.text()).to.equal(body);
    });
  }

  it("lets in whom the authorizer lets in, and tells the function who it is", async () => {
    const answer = await server.call("/guarded", { headers: { authorization: "friend" } });
    const { requestContext } = (await answer.json()) as { requestContext: { authorizer: object } };
    expect(requestContext.authorizer).to.deep.equal({ principalId: "caller", age: "7" });
  });

  it("lets in a caller with a key of the stage's usage plan", async () => {
    const key = String(reveal(graph.outputs.keyValue));
    expect(key).to.match(/^\w{40}$/);
    expect((await server.call("/keyed", { headers: { "x-api-key": key } })).status).to.equal(200);
    expect((await server.call("/keyed", { headers: { "x-api-key": `${key}x` } })).status).to.equal(403);
  });

  it("refuses what is not in the folder with a 400, as its integration with S3 does", async () => {
    const [{ url = "" } = {}] = server.apis;
    for (const location of ["/nothing", "/docs", "/..%2findex.ts", "/%2e%2e/index.ts", "/%ff", "/%00"]) {
      const { status, body } = await send(url, { path: `/live${location}` });
      expect([location, status]).to.deep.equal([location, 400]);
      expect(body).to.include("<Code>NoSuchKey</Code>");
    }
  });

  it("names the routes that are not served, and why", () => {
    expect(server.problems).to.deep.equal([
      "ANY /elsewhere/ answers 501: its integration calls states, which is not emulated: run it elsewhere, and give --endpoint states=URL",
      "ANY /elsewhere/{proxy+} answers 501: its integration calls states, which is not emulated: run it elsewhere, and give --endpoint states=URL",
    ]);
  });

  it("shows an edited file at once", async () => {
    fs.writeFileSync(path.join(directory, "www/index.html"), "edited");
    expect(await (await server.call("/")).text()).to.equal("edited");
  });

  it("can be made from a swaggerString, and has the stage called stage then", async () => {
    const mock = {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: { default: { statusCode: 204 } },
    };
    const paths = { "/": { get: { "x-amazon-apigateway-integration": mock } } };
    const swaggerString = JSON.stringify({ swagger: "2.0", paths });
    const rest = (name: string, inputs: object) =>
      resource("aws-apigateway:index:RestAPI", name, { ...inputs }, { api: `${name}0id` });
    const { apis, problems } = await serveGraph(
      graphOf(temporaryFolder(), rest("described", { swaggerString }), rest("empty", {})),
    );
    expect((await fetch(apis[0]?.url ?? "")).status).to.equal(204);
    expect(apis.map(({ url }) => new URL(url).pathname)).to.deep.equal(["/stage"]);
    expect(problems).to.deep.equal(["API empty is not served: it has neither routes nor a swaggerString"]);
  });

  it("names a localPath that does not exist", async () => {
    const routes = [{ path: "/terms", localPath: "nowhere/terms.html" }];
    const folder = temporaryFolder();
    const { problems } = await serveGraph(
      graphOf(folder, resource("aws-apigateway:index:RestAPI", "shop", { routes }, { api: "shop0id" })),
    );
    expect(problems).to.deep.equal([
      `GET /terms answers 400: its localPath nowhere/terms.html does not exist (${path.join(folder, "nowhere/terms.html")})`,
    ]);
  });
});
