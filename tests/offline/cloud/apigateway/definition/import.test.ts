import { expect } from "chai";
import { readApis } from "../../../../../offline/cloud/apigateway/definition/model";
import { recordedByLocalstack, testFact, testFacts } from "../../../../helpers/facts";
import { startApi } from "../../../../helpers/offline/api";
import { graphOf, proxy, resource, restApi } from "../../../../helpers/offline/graph";
import { closeServers } from "../../../../helpers/offline/served";

const RECORDED = { service: "API Gateway", source: recordedByLocalstack("2024-04 to 2025-06") };

/** The API that a document is imported into. */
function importedInto(document: object, inputs = {}) {
  const [api] = readApis(graphOf("/project", ...restApi("api", document, {}, inputs))).apis;
  return api;
}

const pathsOf = (document: object, inputs = {}) => Object.keys(importedInto(document, inputs)?.document.paths ?? {});

const PATHS = { "/": { get: proxy("echo") }, "/test": { get: proxy("echo") } };
const IMAGES = ["image/png", "image/jpg"];

describe("The import of a document", () => {
  const swagger = { swagger: "2.0", basePath: "/base", paths: PATHS };
  const variable = {
    openapi: "3.0.1",
    servers: [{ url: "https://example.com/{basePath}", variables: { basePath: { default: "base-var" } } }],
    paths: PATHS,
  };
  const url = { openapi: "3.0.1", servers: [{ url: "https://example.com/base-url/part/" }], paths: PATHS };
  const none = { swagger: "2.0", paths: PATHS };
  const cases: [what: string, document: object, basepath: string, prefix: string][] = [
    ["Swagger 2.0 has a base path", swagger, "ignore", ""],
    ["Swagger 2.0 has a base path", swagger, "prepend", "/base"],
    ["Swagger 2.0 has a base path of one part", swagger, "split", ""],
    ["OpenAPI 3.0 has it in a variable of its server", variable, "ignore", ""],
    ["OpenAPI 3.0 has it in a variable of its server", variable, "prepend", "/base-var"],
    ["OpenAPI 3.0 has it in a variable of its server", variable, "split", ""],
    ["OpenAPI 3.0 has it in the URL of its server", url, "ignore", ""],
    ["OpenAPI 3.0 has it in the URL of its server", url, "prepend", "/base-url/part"],
    ["OpenAPI 3.0 has it in the URL of its server", url, "split", "/part"],
    ["the document has none", none, "prepend", ""],
    ["the document has none", none, "split", ""],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: cases.map(([what, document, basepath, prefix]) => ({
        fact: `with basepath=${basepath} puts /test at ${prefix}/test where ${what}`,
        document,
        basepath,
        prefix,
      })),
    },
    ({ document, basepath, prefix }) => {
      const expected = [prefix || "/", `${prefix}/test`];
      expect(pathsOf(document, { parameters: { basepath } })).to.deep.equal(expected);
    },
  );

  it("takes the parameters of the resource that has the document", () => {
    const put = { restApiId: "api0id", body: JSON.stringify(swagger), parameters: { basepath: "prepend" } };
    const [api] = readApis(
      graphOf("/project", ...restApi("api", none), resource("aws:apigateway/restApiPut:RestApiPut", "api", put)),
    ).apis;
    expect(Object.keys(api?.document.paths ?? {})).to.deep.equal(["/base", "/base/test"]);
  });

  it("gives the API the document's binary types, unless it has its own", () => {
    const document = { ...none, "x-amazon-apigateway-binary-media-types": IMAGES };
    expect(importedInto(document)?.binaryMediaTypes).to.deep.equal(IMAGES);
    const own = ["image/heif"];
    expect(importedInto(document, { binaryMediaTypes: own })?.binaryMediaTypes).to.deep.equal(own);
  });

  testFact(RECORDED, "asks an authorizer for no key, where the scheme of an API key has an authorizer", async () => {
    const arn = "arn:aws:lambda:eu-west-1:123456789012:function:echo";
    const authorizer = {
      type: "request",
      identitySource: "method.request.header.Custom-Authorization",
      authorizerUri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
    };
    const scheme = { type: "apiKey", in: "header", name: "Custom-Authorization" };
    const custom = { "x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": authorizer };
    const server = await startApi({
      swagger: "2.0",
      securityDefinitions: { api_key: { ...scheme, ...custom } },
      security: [{ api_key: [] }],
      paths: { "/": { get: proxy("echo") } },
    });
    expect(server.apis[0]?.routes.map(({ path, auth }) => [path, auth])).to.deep.equal([["/", "authorizer"]]);
    await closeServers();
  });

  testFacts(
    {
      ...RECORDED,
      facts: [
        { fact: "fails for text that is not JSON, though it begins so", body: "{'key:value}" },
        {
          fact: "fails for YAML with a quoted text that goes on after its end",
          body: 'test:\n    value:\n        - "value ... "escaped": $var, "dt": $(var +"%a")}"\n        ',
        },
      ],
    },
    ({ body }) => {
      const api = resource("aws:apigateway/restApi:RestApi", "api", { body });
      expect(readApis(graphOf("/project", api)).problems.join()).to.match(/is neither JSON nor YAML/);
    },
  );
});
