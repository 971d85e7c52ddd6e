import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { HttpApi, type RouteArgs, ServerlessApi, type ServerlessApiArgs } from "../../../components";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";

const items = { functionName: "items", invokeArn: "arn:items" };
const route = (operationId: string, more: Partial<RouteArgs> = {}): RouteArgs => ({
  function: items,
  operationId,
  ...more,
});

describe("the API keys of an API", () => {
  beforeEach(startMocks);

  const create = (args: Partial<ServerlessApiArgs>) =>
    new ServerlessApi("api", {
      routes: {
        "GET /items": route("list"),
        "ANY /items": route("any"),
        "GET /open": route("open", { auth: "none", apiKeyRequired: false }),
      },
      apiKeyRequired: true,
      usagePlans: { partners: { keys: ["shop"] } },
      ...args,
    });

  it("are asked for beside other proof, by all routes or by some", async () => {
    const api = create({ cors: { allowOrigins: ["https://example.com"] } });
    const { paths, components } = JSON.parse((await inputsOf("aws:apigateway/restApi:RestApi")).body);
    expect(paths["/items"].get.security).to.deep.equal([{ sigv4: [] }, { api_key: [] }]);
    expect(paths["/open"].get).to.not.have.property("security");
    expect(components.securitySchemes.api_key).to.deep.equal({ type: "apiKey", name: "x-api-key", in: "header" });
    const { responseParameters } = paths["/items"].options["x-amazon-apigateway-integration"].responses.default;
    expect(responseParameters["method.response.header.Access-Control-Allow-Headers"]).to.contain("x-api-key");
    const document = JSON.parse(await resolved(api.document));
    expect(document.paths["/items"].get.security).to.deep.equal([{ sigv4: [], api_key: [] }]);
  });

  it("belong to plans with limits", async () => {
    create({
      usagePlans: {
        partners: {
          description: "Partners",
          keys: ["shop"],
          keyIds: [pulumi.output("a1b2")],
          throttle: { rateLimit: 5, burstLimit: 10 },
          quota: { limit: 1000, period: "WEEK", offset: 2 },
          methodThrottles: {
            "GET /items": { rateLimit: 1, burstLimit: 2 },
            "ANY /items": { rateLimit: 3, burstLimit: 4 },
          },
        },
      },
      tags: { team: "a" },
    });
    const { apiStages, ...plan } = await inputsOf("aws:apigateway/usagePlan:UsagePlan", "api-partners");
    expect(plan).to.deep.equal({
      description: "Partners",
      throttleSettings: { rateLimit: 5, burstLimit: 10 },
      quotaSettings: { limit: 1000, period: "WEEK", offset: 2 },
      tags: { team: "a" },
    });
    const [{ throttles, ...stage }] = apiStages;
    expect(stage).to.deep.equal({ apiId: "api-id", stage: "Prod" });
    expect(throttles[0]).to.deep.equal({ path: "/items/GET", rateLimit: 1, burstLimit: 2 });
    expect(throttles.slice(1).map(({ path }: { path: string }) => path)).to.include.members(["/items/PUT"]);
    expect(throttles.slice(1).map(({ path }: { path: string }) => path)).to.not.include("/items/GET");
    const joined = (await resources()).filter(({ type }) => type === "aws:apigateway/usagePlanKey:UsagePlanKey");
    expect(joined.map(({ name, inputs }) => [name, inputs.keyId])).to.have.deep.members([
      ["api-partners-shop", "api-shop-id"],
      ["api-partners-0", "a1b2"],
    ]);
  });

  it("are outputs by their ids, and by their values only as a secret", async () => {
    const { apiKeyIds, apiKeyValues } = create({});
    expect(await resolved(apiKeyIds)).to.deep.equal({ shop: "api-shop-id" });
    expect(await pulumi.isSecret(apiKeyValues as pulumi.Output<unknown>)).to.equal(true);
  });

  it("can come from an authorizer", async () => {
    create({ authorizers: { checker: { lambda: { function: items } } }, apiKeySource: "AUTHORIZER" });
    const body = JSON.parse((await inputsOf("aws:apigateway/restApi:RestApi")).body);
    expect(body["x-amazon-apigateway-api-key-source"]).to.equal("AUTHORIZER");
  });

  it("are not part of an API without them", async () => {
    new ServerlessApi("api", { routes: { "GET /items": route("list") } });
    const { body } = await inputsOf("aws:apigateway/restApi:RestApi");
    expect(body).to.not.match(/api.key/);
  });

  it("have plans, and the plans keys: all mistakes at once", () => {
    const throttle = { rateLimit: 1, burstLimit: 1 };
    const found = mistakes(() =>
      create({
        apiKeySource: "AUTHORIZER",
        usagePlans: {
          empty: {},
          one: {
            keys: ["shop"],
            quota: { limit: 1, period: "DAY", offset: 1 },
            methodThrottles: { "GET /item": throttle },
          },
          "an other": { keys: ["other"] },
          two: { keys: ["shop", "a b"], quota: { limit: 1, period: "WEEK", offset: 7 } },
        },
      }),
    );
    expect(found.map(([path]) => path)).to.have.members([
      "apiKeySource",
      "usagePlans.empty",
      "usagePlans.one.quota.offset",
      'usagePlans.one.methodThrottles["GET /item"]',
      'usagePlans["an other"]',
      "usagePlans.two.keys[0]",
      "usagePlans.two.keys[1]",
      "usagePlans.two.quota.offset",
    ]);
    expect(mistakes(() => create({ usagePlans: undefined })).map(([path]) => path)).to.deep.equal(["apiKeyRequired"]);
    expect(mistakes(() => create({ apiKeyRequired: false })).map(([path]) => path)).to.deep.equal(["usagePlans"]);
  });

  it("are not for HTTP APIs", () => {
    const routes = { "GET /items": route("list", { apiKeyRequired: true }) };
    const found = mistakes(() => new HttpApi("api", { routes, apiKeyRequired: true, usagePlans: {} }));
    expect(found.map(([path]) => path)).to.have.members([
      "apiKeyRequired",
      "usagePlans",
      'routes["GET /items"].apiKeyRequired',
    ]);
  });
});
