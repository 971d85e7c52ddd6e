import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { DOCUMENTATION, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { ECHO, eventIn, startApi } from "../../../helpers/offline/api";
import { graphOf, lambda, proxy, resource, restApi } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const VARIABLES = { color: "blue", size: "m" };
const DOCUMENTED = { service: "API Gateway", source: DOCUMENTATION };
const OVERRIDES = { color: "red", kind: "new" };

describe("a stage with a canary", () => {
  after(closeServers);

  /** The variables of the stage that answer so many requests. */
  async function variablesOf(percentTraffic: number, calls: number): Promise<object[]> {
    const canarySettings = { deploymentId: "two", percentTraffic, stageVariableOverrides: OVERRIDES };
    const stage = { deployment: "one", variables: VARIABLES, canarySettings };
    const server = await startApi({ paths: { "/": { get: proxy("echo") } } }, undefined, stage);
    const answers = await Promise.all(Array.from({ length: calls }, () => server.call("/")));
    return Promise.all(answers.map(async (answer) => (await eventIn(answer)).stageVariables ?? {}));
  }

  const own = JSON.stringify(VARIABLES);
  const both = JSON.stringify({ ...VARIABLES, ...OVERRIDES });
  testFacts(
    {
      ...DOCUMENTED,
      facts: [
        { fact: "gives it no requests at 0 percent", percent: 0, calls: 5, found: [own] },
        {
          fact: "gives it all requests at 100 percent, with its variables over the stage's",
          percent: 100,
          calls: 5,
          found: [both],
        },
        { fact: "gives it a part of the requests otherwise", percent: 50, calls: 60, found: [own, both] },
      ],
    },
    async ({ percent, calls, found }) => {
      const variables = await variablesOf(percent, calls);
      expect([...new Set(variables.map((one) => JSON.stringify(one)))]).to.have.members(found);
    },
  );

  const seen = {
    isCanary: "$context.isCanaryRequest",
    overridden: "$stageVariables.color",
    own: "$stageVariables.size",
    added: "$stageVariables.kind",
  };
  const asStage = { overridden: "blue", own: "m", added: "" };
  const asCanary = { overridden: "red", own: "m", added: "new" };
  async function expectTemplateToSee(found: object, canarySettings?: Properties): Promise<void> {
    const template = (value: object) => ({ "application/json": JSON.stringify(value) });
    const integration = {
      type: "mock",
      requestTemplates: template({ statusCode: 200 }),
      responses: { default: { statusCode: "200", responseTemplates: template(seen) } },
    };
    const document = { paths: { "/": { get: { "x-amazon-apigateway-integration": integration } } } };
    const stage = { variables: VARIABLES, ...(canarySettings && { canarySettings }) };
    const server = await startApi(document, undefined, stage);
    expect(await (await server.call("/")).json()).to.deep.equal(found);
  }
  testFacts(
    {
      service: "API Gateway",
      source: recordedByLocalstack("2026-03"),
      facts: [
        {
          fact: "tells templates that a request is not the canary's, at 0 percent",
          percentTraffic: 0,
          found: { isCanary: "false", ...asStage },
        },
        {
          fact: "tells templates that a request is the canary's, and gives them its variables",
          percentTraffic: 100,
          found: { isCanary: "true", ...asCanary },
        },
      ],
    },
    ({ percentTraffic, found }) => expectTemplateToSee(found, { percentTraffic, stageVariableOverrides: OVERRIDES }),
  );
  testFact(DOCUMENTED, "tells templates nothing of it where there is none", () =>
    expectTemplateToSee({ isCanary: "", ...asStage }),
  );

  it("shares the stage's limits with it", async () => {
    const document = { paths: { "/": { get: proxy("echo") } } };
    const api = restApi("api", document, { canarySettings: { percentTraffic: 50 } });
    const settings = { throttlingRateLimit: 0, throttlingBurstLimit: 3 };
    const limits = resource("aws:apigateway/methodSettings:MethodSettings", "api", {
      restApi: "api0id",
      stageName: "Prod",
      methodPath: "*/*",
      settings,
    });
    const server = await serveGraph(graphOf(temporaryFolder(), lambda("echo", ECHO), ...api, limits));
    const answers = await Promise.all(Array.from({ length: 20 }, () => server.call("/")));
    expect(answers.filter(({ status }) => status === 200).length).to.equal(3);
  });

  it("names the routes that only its variables make unservable", async () => {
    const stage = {
      variables: { fn: "echo" },
      canarySettings: { percentTraffic: 100, stageVariableOverrides: { fn: "x" } },
    };
    const server = await startApi({ paths: { "/": { get: proxy("${stageVariables.fn}") } } }, undefined, stage);
    expect(server.problems.join()).to.match(
      /GET \/ answers 501 in the canary: its integration .* does not name a function/,
    );
    expect((await server.call("/")).status).to.equal(501);
  });
});
