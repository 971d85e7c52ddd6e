import { expect } from "chai";
import { DOCUMENTATION, testFact, testFacts } from "../../../../helpers/facts";
import { messageIn, send } from "../../../../helpers/offline/api";
import {
  functionArn,
  HTTP_APIS,
  httpApi,
  httpRoute,
  httpStage,
  serveHttpApi,
  toFunction,
} from "../../../../helpers/offline/httpApi";
import { closeServers, type Served } from "../../../../helpers/offline/served";

const DOCUMENTED = { service: HTTP_APIS, source: DOCUMENTATION };

/** Answers with the key of the route. */
const KEY = "exports.handler = async (event) => event.routeKey ?? event.requestContext.resourceId";

describe("The routes of an HTTP API", () => {
  describe("with a route for everything", () => {
    let server: Served;
    before(async () => {
      const keys = [
        "GET /pets/dog/1",
        "GET /pets/dog/{id}",
        "GET /pets/{proxy+}",
        "ANY /{proxy+}",
        "POST /pets/dog/{id}",
        "$default",
      ];
      server = await serveHttpApi({ key: KEY }, ...keys.flatMap((key) => httpRoute(key, toFunction("key"))));
    });
    after(closeServers);

    const choices: [what: string, method: string, path: string, key: string][] = [
      ["a full match", "GET", "/pets/dog/1", "GET /pets/dog/1"],
      ["one with a parameter", "GET", "/pets/dog/2", "GET /pets/dog/{id}"],
      ["one with a greedy parameter", "GET", "/pets/cat/1", "GET /pets/{proxy+}"],
      ["one for any method", "POST", "/test/5", "ANY /{proxy+}"],
      [
        "the one for the method, although a path without it is more specific",
        "POST",
        "/pets/dog/1",
        "POST /pets/dog/{id}",
      ],
      ["a less specific one if no other takes the method", "PUT", "/pets/dog/1", "ANY /{proxy+}"],
      ["the default for what no route takes", "GET", "/", "$default"],
    ];
    testFacts(
      { ...DOCUMENTED, facts: choices.map(([what, method, path, key]) => ({ fact: `is ${what}`, method, path, key })) },
      async ({ method, path, key }) => {
        expect(await (await server.call(path, { method })).text()).to.equal(key);
      },
    );

    it("are listed in order, the default as such", () => {
      expect(server.apis[0]?.routes.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
        "GET /pets/dog/1",
        "GET /pets/dog/{id}",
        "GET /pets/{proxy+}",
        "ANY /{proxy+}",
        "POST /pets/dog/{id}",
        "ANY $default",
      ]);
    });
  });

  describe("without one", () => {
    let server: Served;
    before(async () => {
      server = await serveHttpApi(
        { key: KEY },
        httpStage("$default"),
        httpStage("dev", { stageVariables: { fn: "key" } }),
        ...httpRoute("GET /items", toFunction("key")),
        ...httpRoute("GET /all/{rest+}", toFunction("key")),
        ...httpRoute("GET /variable", {
          ...toFunction("key"),
          integrationUri: functionArn("${stageVariables.fn}"),
        }),
      );
    });
    after(closeServers);

    const url = () => server.apis[0]?.url ?? "";
    const notFound: [what: string, path: string, method?: string][] = [
      ["a path that no route has", "/other"],
      ["a method that no route has", "/items", "POST"],
    ];
    testFacts(
      {
        ...DOCUMENTED,
        facts: notFound.map(([what, path, method]) => ({ fact: `are not found for ${what}`, path, method })),
      },
      async ({ path, method }) => {
        const answer = await fetch(`${url()}${path}`, { method });
        expect([answer.status, await messageIn(answer)]).to.deep.equal([404, "Not Found"]);
        expect(answer.headers.get("content-type")).to.equal("application/json");
        expect(answer.headers.get("apigw-requestid")).to.match(/^[\w-]{15}=$/);
      },
    );

    it("are not found for a slash at the end, or a greedy parameter without a value", async () => {
      const answers = ["/items/", "/all/", "/all", "/"].map(async (path) => (await fetch(`${url()}${path}`)).status);
      expect(await Promise.all(answers)).to.deep.equal([404, 404, 404, 404]);
    });

    testFact(DOCUMENTED, "are at the root for the stage $default, and under their names for others", async () => {
      expect(new URL(url()).pathname).to.equal("/");
      const texts = ["/items", "/dev/items", "/dev/variable"].map(async (path) =>
        (await fetch(`${url()}${path}`)).text(),
      );
      expect(await Promise.all(texts)).to.deep.equal(["GET /items", "GET /items", "GET /variable"]);
    });

    it("take stage variables of their own stage only", async () => {
      expect((await fetch(`${url()}/variable`)).status).to.equal(501);
      expect(server.problems).to.deep.equal([
        `GET /variable answers 501: its integration ${functionArn("")} does not name a function of the program`,
      ]);
    });

    it("take a path that is decoded, and no request line and headers of more than 10,240 bytes", async () => {
      const answers = ["/%69tems", `/items?${"x".repeat(10_240)}`].map(
        async (path) => (await send(url(), { path })).status,
      );
      expect(await Promise.all(answers)).to.deep.equal([200, 431]);
    });
  });

  it("are not found without a stage in the path where there is no $default", async () => {
    const server = await serveHttpApi({ key: KEY }, httpStage("dev"), ...httpRoute("GET /items", toFunction("key")));
    const url = server.apis[0]?.url ?? "";
    const answers = [await fetch(`${url}/items`), await fetch(url.replace("/dev", "/items"))];
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 404]);
    expect(await messageIn(answers[1] as Response)).to.equal("Not Found");
    await closeServers();
  });

  it("are those of a quick create: all requests to one target", async () => {
    const server = await serveHttpApi({ key: KEY }, httpStage("dev"), httpApi("web", { target: functionArn("key") }));
    expect(await (await server.call("/any/path", { method: "DELETE" })).text()).to.equal("$default");
    await closeServers();
  });

  it("share the port with REST APIs and other HTTP APIs, each under its name", async () => {
    const server = await serveHttpApi(
      { key: KEY },
      httpApi("one", { target: functionArn("key"), routeKey: "GET /one" }, "one0id"),
      httpApi("two", { target: functionArn("key"), routeKey: "GET /two" }, "two0id"),
    );
    expect(server.apis.map(({ url }) => new URL(url).pathname)).to.deep.equal(["/one", "/two"]);
    expect(await (await fetch(`${server.apis[1]?.url}/two`)).text()).to.equal("GET /two");
    await closeServers();
  });

  it("are named where they are not served", async () => {
    const route = (key: string, integration: object) => httpRoute(key, integration as Record<string, string>);
    const server = await serveHttpApi(
      { key: KEY },
      httpStage("manual", { autoDeploy: false }),
      ...route("GET items", toFunction("key")),
      ...route("GET /trailing/", toFunction("key")),
      ...route("GET /vpc", { integrationType: "HTTP_PROXY", connectionType: "VPC_LINK", integrationUri: "http://a" }),
      ...route("GET /mock", { integrationType: "MOCK" }),
      ...route("GET /three", toFunction("key", "3.0")),
      ...route("GET /none", toFunction("none")),
      ...httpRoute("GET /lost", toFunction("key"), { target: "integrations/elsewhere" }),
    );
    const hint = 'it is "$default", or a method and a path such as "GET /items"';
    expect(server.problems).to.deep.equal([
      "stage manual serves nothing on AWS: set its autoDeploy, or give it a deploymentId",
      `GET items answers 501: AWS refuses its key "GET items": ${hint}`,
      `GET /trailing/ answers 501: AWS refuses its key "GET /trailing/": ${hint}`,
      "GET /vpc answers 501: its integration goes through a VPC link",
      "GET /mock answers 501: HTTP APIs have no integrations of the type MOCK",
      "GET /three answers 501: its payloadFormatVersion 3.0 is neither 1.0 nor 2.0",
      `GET /none answers 501: its integration ${functionArn("none")} does not name a function of the program`,
      "GET /lost answers 501: it has no integration",
    ]);
    await closeServers();
  });
});
