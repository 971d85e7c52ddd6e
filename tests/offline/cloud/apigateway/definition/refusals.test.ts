import { expect } from "chai";
import { ECHO } from "../../../../helpers/offline/api";
import { graphOf, lambda, resource } from "../../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

type Settings = Record<string, unknown>;

const restApi = "api0id";
const uri =
  "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:echo/invocations";

/** Serves an API with a method and an integration of each name, and the models. */
function start(routes: Record<string, { method?: Settings; integration?: Settings }>, models: Settings = {}) {
  const parts = Object.entries(routes).flatMap(([name, { method, integration }]) => {
    const key = { restApi, resourceId: name, httpMethod: "POST" };
    return [
      resource("aws:apigateway/resource:Resource", name, { restApi, parentId: "root", pathPart: name }, { id: name }),
      resource("aws:apigateway/method:Method", name, { ...key, authorization: "NONE", ...method }),
      resource("aws:apigateway/integration:Integration", name, {
        ...key,
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri,
        ...integration,
      }),
    ];
  });
  const schemas = Object.entries(models).map(([name, schema]) =>
    resource("aws:apigateway/model:Model", name, {
      restApi,
      name,
      contentType: "application/json",
      schema: `${schema}`,
    }),
  );
  return serveGraph(
    graphOf(
      temporaryFolder(),
      lambda("echo", ECHO),
      resource("aws:apigateway/restApi:RestApi", "shop", {}, { id: restApi, rootResourceId: "root" }),
      resource("aws:apigateway/stage:Stage", "live", { restApi, stageName: "live" }),
      resource("aws:apigateway/requestValidator:RequestValidator", "body", { restApi, validateRequestBody: true }),
      ...parts,
      ...schemas,
    ),
  );
}

describe("What AWS refuses of an API's resources", () => {
  afterEach(closeServers);

  /** Recorded from AWS by localstack, 2024-06: "Enumeration value for HttpMethod must be non-empty", but not for MOCK. */
  const types: [type: string, remedy?: string][] = [
    ["AWS", "set it to the method of the backend"],
    ["AWS_PROXY", 'set it to "POST"'],
    ["HTTP", "set it to the method of the backend"],
    ["HTTP_PROXY", "set it to the method of the backend"],
    ["MOCK"],
  ];
  for (const [type, remedy] of types) {
    it(`${remedy ? "names" : "does not name"} an integration of the type ${type} without integrationHttpMethod`, async () => {
      const { problems } = await start({ call: { integration: { type, integrationHttpMethod: undefined } } });
      expect(problems.filter((problem) => problem.startsWith("AWS refuses"))).to.deep.equal(
        remedy ? [`AWS refuses Integration call: the type ${type} needs an integrationHttpMethod; ${remedy}`] : [],
      );
    });
  }

  it("names a method whose model the API does not have", async () => {
    const requestModels = { "application/json": "Nope", "text/json": "Item" };
    const { problems } = await start({ create: { method: { requestModels } } }, { Item: "{}" });
    expect(problems).to.deep.equal([
      "AWS refuses Method create: its requestModels name Nope, but the API's models are Empty, Error, Item",
    ]);
  });

  it("names models whose schema is not a JSON object", async () => {
    const { problems } = await start({ create: {} }, { Text: "{type: object}", List: "[]", Good: "{}" });
    expect(problems).to.have.length(2);
    expect(problems[0]).to.match(/^AWS refuses Model Text: its schema is not JSON: .*JSON/);
    expect(problems[1]).to.equal("AWS refuses Model List: its schema is not a JSON object");
  });

  it("excludes the models that every API has, which validate like others", async () => {
    const using = (model: string) => ({
      method: { requestModels: { "application/json": model }, requestValidatorId: "body" },
    });
    const server = await start({ empty: using("Empty"), error: using("Error") });
    expect(server.problems).to.deep.equal([]);
    const statusOf = async (path: string) =>
      (
        await server.call(path, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: '{"message":1}',
        })
      ).status;
    expect([await statusOf("/empty"), await statusOf("/error")]).to.deep.equal([200, 400]);
  });
});
