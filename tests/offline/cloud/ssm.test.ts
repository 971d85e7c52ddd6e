import {
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  type GetParametersByPathCommandInput,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { expect } from "chai";
import { Parameters } from "../../../offline/cloud/ssm/parameters";
import { ssm } from "../../../offline/cloud/ssm/service";
import type { Resource } from "../../../offline/engine/graph";
import { type Properties, Secret } from "../../../offline/engine/values";
import { DOCUMENTATION, testFact, testFacts } from "../../helpers/facts";
import { closeServices, serveServices } from "../../helpers/offline/core";
import { refusal } from "../../helpers/offline/emr";
import { graphOf, resource } from "../../helpers/offline/graph";

const DOCUMENTED = { service: "Parameter Store", source: DOCUMENTATION };

function parameter(name: string, value: string, inputs: Properties = {}): Resource {
  const arn = `arn:aws:ssm:eu-west-1:123456789012:parameter/${name}`;
  return resource("aws:ssm/parameter:Parameter", name, { name, type: "String", value, ...inputs }, { arn, id: name });
}

const PROGRAM = [
  parameter("plain", "1"),
  parameter("/app/url", "http://a", { description: "Where it is", allowedPattern: "^http" }),
  parameter("/app/hosts", "a,b", { type: "StringList" }),
  parameter("/app/db/password", "s3cret", { type: "SecureString" }),
  parameter("/application/url", "http://b"),
];

async function serve(...resources: Resource[]) {
  const parameters = new Parameters();
  const reconcile = (...next: Resource[]) => parameters.reconcile(graphOf("/project", ...next));
  reconcile(...resources);
  const { client } = await serveServices([ssm.serve(parameters)]);
  const sdk = new SSMClient(client);
  const get = async (Name: string, WithDecryption?: boolean) =>
    (await sdk.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;
  const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
    sdk.send(new PutParameterCommand({ Name, Value, ...more }));
  return { sdk, get, put, reconcile };
}

describe("Parameter Store", () => {
  afterEach(closeServices);

  it("has the program's parameters, by name, version and ARN", async () => {
    const { get } = await serve(...PROGRAM);
    const ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter/app/url";
    const found = await get("/app/url");
    expect(found).to.deep.include({
      Name: "/app/url",
      Type: "String",
      Value: "http://a",
      Version: 1,
      ARN,
      DataType: "text",
    });
    expect(found?.LastModifiedDate).to.be.an.instanceOf(Date);
    expect(await get("/app/url:1")).to.deep.include({ Value: "http://a", Selector: ":1" });
    expect((await get(ARN))?.Value).to.equal("http://a");
    expect((await get("arn:aws:ssm:eu-west-1:123456789012:parameter/plain"))?.Value).to.equal("1");
    expect((await get("/app/hosts"))?.Type).to.equal("StringList");
  });

  testFact(DOCUMENTED, "shows the value of a SecureString to those alone who ask for it decrypted", async () => {
    const { get } = await serve(...PROGRAM);
    expect((await get("/app/db/password", true))?.Value).to.equal("s3cret");
    const encrypted = await get("/app/db/password");
    expect(encrypted?.Type).to.equal("SecureString");
    expect(encrypted?.Value)
      .to.match(/^AQICAHg/)
      .and.not.contain("s3cret");
  });

  it("has the value of a write-only parameter, and another one once its number changes", async () => {
    const written = (valueWo: string, valueWoVersion: number) =>
      parameter("token", "", { type: "SecureString", valueWo: new Secret(valueWo), valueWoVersion });
    const { get, reconcile } = await serve(written("one", 1));
    expect(await get("token", true)).to.include({ Value: "one", Version: 1 });
    expect(reconcile(written("two", 1))).to.deep.equal([]);
    expect(await get("token", true)).to.include({ Value: "one", Version: 1 });
    reconcile(written("two", 2));
    expect(await get("token", true)).to.include({ Value: "two", Version: 2 });
  });

  testFact(DOCUMENTED, "gets several parameters, and names those that do not exist", async () => {
    const { sdk } = await serve(...PROGRAM);
    const found = await sdk.send(new GetParametersCommand({ Names: ["plain", "none", "/app/url:9", "/app/hosts"] }));
    expect(found.Parameters?.map(({ Name }) => Name)).to.deep.equal(["plain", "/app/hosts"]);
    expect(found.InvalidParameters).to.deep.equal(["none", "/app/url:9"]);
  });

  const paths: [Partial<GetParametersByPathCommandInput>, ...string[]][] = [
    [{ Path: "/app" }, "/app/hosts", "/app/url"],
    [{ Path: "/app/" }, "/app/hosts", "/app/url"],
    [{ Path: "/app", Recursive: true }, "/app/db/password", "/app/hosts", "/app/url"],
    [{ Path: "/" }, "plain"],
    [{ Path: "/none" }],
    [{ Path: "/app", ParameterFilters: [{ Key: "Type", Values: ["StringList"] }] }, "/app/hosts"],
  ];
  testFacts(
    {
      ...DOCUMENTED,
      facts: paths.map(([input, ...names]) => ({
        fact: `gets the parameters of a path: ${JSON.stringify(input)}`,
        input,
        names,
      })),
    },
    async ({ input, names }) => {
      const { sdk } = await serve(...PROGRAM);
      const { Parameters: found = [] } = await sdk.send(new GetParametersByPathCommand({ Path: "", ...input }));
      expect(found.map(({ Name }) => Name)).to.deep.equal(names);
    },
  );

  it("gets a path in pages, whose tokens are valid for that path alone", async () => {
    const { sdk } = await serve(...PROGRAM);
    const get = (Path: string, NextToken?: string) =>
      sdk.send(new GetParametersByPathCommand({ Path, Recursive: true, MaxResults: 2, NextToken }));
    const page = await get("/app");
    const rest = await get("/app", page.NextToken);
    expect([page.Parameters?.length, rest.Parameters?.length, rest.NextToken]).to.deep.equal([2, 1, undefined]);
    expect(await refusal(get("/application", page.NextToken))).to.match(/^InvalidNextToken: /);
  });

  it("describes parameters without their values", async () => {
    const { sdk } = await serve(...PROGRAM);
    const names = async (filter?: { Key: string; Option?: string; Values: string[] }) => {
      const ParameterFilters = filter && [filter];
      const { Parameters: found = [] } = await sdk.send(new DescribeParametersCommand({ ParameterFilters }));
      expect(JSON.stringify(found)).not.to.contain("s3cret");
      return found.map(({ Name }) => Name);
    };
    expect(await names()).to.deep.equal(["/app/db/password", "/app/hosts", "/app/url", "/application/url", "plain"]);
    expect(await names({ Key: "Name", Option: "Contains", Values: ["url"] })).to.deep.equal([
      "/app/url",
      "/application/url",
    ]);
    expect(await names({ Key: "Path", Option: "Recursive", Values: ["/app"] })).to.have.lengthOf(3);
    expect(await names({ Key: "KeyId", Values: ["alias/aws/ssm"] })).to.deep.equal(["/app/db/password"]);
    const wrong = names({ Key: "Type", Option: "Contains", Values: ["String"] });
    expect(await refusal(wrong)).to.match(
      /^InvalidFilterOption: .*: Contains\. Valid options include: \[Equals, BeginsWith\]/,
    );
  });

  it("puts new parameters and versions, which stay until the program changes the value", async () => {
    const { put, get, reconcile } = await serve(...PROGRAM);
    expect(await put("/new", "1", { Type: "String" })).to.deep.include({ Version: 1, Tier: "Standard" });
    expect(await put("/app/url", "https://c", { Overwrite: true })).to.deep.include({ Version: 2 });
    expect((await get("/app/url:1"))?.Value).to.equal("http://a");
    reconcile(...PROGRAM);
    expect([(await get("/app/url"))?.Value, (await get("/new"))?.Value]).to.deep.equal(["https://c", "1"]);
    const changes = reconcile(parameter("/app/url", "http://d"));
    expect(changes).to.deep.include({ action: "updated", kind: "parameter", name: "/app/url" });
    expect(await get("/app/url")).to.deep.include({ Value: "http://d", Version: 3 });
  });

  const refused: [string, Parameters_, RegExp][] = [
    ["a parameter that exists", ["plain", "2"], /^ParameterAlreadyExists: The parameter already exists\. To overwrite/],
    ["no type", ["/new", "1"], /^ValidationException: A parameter type is required when you create a parameter\.$/],
    [
      "a value that the pattern forbids",
      ["/app/url", "ftp", { Overwrite: true }],
      /^ParameterPatternMismatchException: .*\^http$/,
    ],
    [
      "a pattern that is none",
      ["/new", "a", { Type: "String", AllowedPattern: "(" }],
      /^InvalidAllowedPatternException: /,
    ],
    [
      "a reserved name",
      ["/aws/a", "1", { Type: "String" }],
      /^ValidationException: .*can't be prefixed with "aws" or "ssm"/,
    ],
    [
      "a path without a slash at its beginning",
      ["a/b", "1", { Type: "String" }],
      /^ValidationException: .*must begin with a forward slash/,
    ],
    ["16 levels", ["/a".repeat(16), "1", { Type: "String" }], /^HierarchyLevelLimitExceededException: /],
    [
      "a long value",
      ["/new", "a".repeat(4097), { Type: "String" }],
      /^ValidationException: Standard tier parameters support a maximum parameter value of 4096/,
    ],
    [
      "a type that does not exist",
      ["/new", "1", { Type: "Text" as "String" }],
      /Value 'Text' at 'type' .* enum value set: \[String, StringList, SecureString\]$/,
    ],
  ];
  type Parameters_ = [name: string, value: string, more?: Partial<PutParameterCommandInput>];
  testFacts(
    {
      ...DOCUMENTED,
      facts: refused.map(([what, input, message]) => ({ fact: `refuses to put ${what}`, input, message })),
    },
    async ({ input, message }) => {
      expect(await refusal((await serve(...PROGRAM)).put(...input))).to.match(message);
    },
  );

  it("says which parameters there are if one is not found", async () => {
    const { get, sdk } = await serve(parameter("/app/url", "a"));
    expect(await refusal(get("/app/ulr"))).to.equal(
      "ParameterNotFound: Parameter /app/ulr not found. The program has /app/url",
    );
    expect(await refusal(get("/app/url:2"))).to.match(
      /^ParameterVersionNotFound: .* could not find version 2 of \/app\/url\./,
    );
    const path = sdk.send(new GetParametersByPathCommand({ Path: "app" }));
    expect(await refusal(path)).to.match(/^ValidationException: .*must begin with a forward slash/);
  });
});
