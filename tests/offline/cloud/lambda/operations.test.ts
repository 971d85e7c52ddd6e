import {
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  LambdaClient,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListFunctionUrlConfigsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  paginateListFunctions,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import type { Resource } from "../../../../offline/engine/graph";
import type { Properties } from "../../../../offline/engine/values";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function";
const CODE = "exports.handler = async () => 1";

const alias = (name: string, settings: Properties = {}) =>
  resource("aws:lambda/alias:Alias", name, { name, functionName: "main", functionVersion: "1", ...settings });

const url = (name: string, settings: Properties = {}) =>
  resource("aws:lambda/functionUrl:FunctionUrl", name, {
    functionName: "main",
    authorizationType: "NONE",
    ...settings,
  });

const eventSettings = (settings: Properties) =>
  resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "events", {
    functionName: "main",
    ...settings,
  });

function clientOf({ endpoint, credentials }: Served): LambdaClient {
  return new LambdaClient({ endpoint, credentials, region: "eu-west-1", maxAttempts: 1 });
}

/** Serves a function called `main`, and whatever else is given. */
async function clientFor(settings: Properties = {}, ...more: Resource[]): Promise<LambdaClient> {
  return clientOf(await serveGraph(graphOf(temporaryFolder(), lambda("main", CODE, settings), ...more)));
}

/** Without what the SDK adds. */
async function answerTo<T extends { $metadata?: object }>(answer: Promise<T>): Promise<Omit<T, "$metadata">> {
  const { $metadata: _, ...members } = await answer;
  return members;
}

const refusalOf = (answer: Promise<unknown>) =>
  answer.then(
    () => expect.fail("it is not refused"),
    ({ name, message, $metadata }) => ({ name, message, status: $metadata?.httpStatusCode }),
  );

const missing = (message: string) => ({ name: "ResourceNotFoundException", message, status: 404 });

const PLAIN = {
  Architectures: ["x86_64"],
  Description: "",
  EphemeralStorage: { Size: 512 },
  FunctionArn: `${ARN}:main`,
  FunctionName: "main",
  Handler: "index.handler",
  LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/main" },
  MemorySize: 128,
  PackageType: "Zip",
  Runtime: "nodejs22.x",
  SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
  Timeout: 3,
  TracingConfig: { Mode: "PassThrough" },
  Version: "$LATEST",
};
const READY = { State: "Active", LastUpdateStatus: "Successful" };

/** Defaults and errors are as recorded from AWS by localstack, 2026-03: test_lambda_api.py. */
describe("Lambda's operations on functions", () => {
  afterEach(closeServers);

  describe("describe a function", () => {
    it("with Lambda's defaults", async () => {
      const client = await clientFor();
      expect(await answerTo(client.send(new GetFunctionCommand({ FunctionName: "main" })))).to.deep.equal({
        Code: { RepositoryType: "S3" },
        Configuration: { ...PLAIN, ...READY },
      });
    });

    const role = "arn:aws:iam::123456789012:role/main";
    const settings: [what: string, settings: Properties, described: object][] = [
      ["its role and description", { role, description: "It works" }, { Role: role, Description: "It works" }],
      ["its architecture", { architectures: ["arm64"] }, { Architectures: ["arm64"] }],
      [
        "its environment, whose names stay as they are",
        { environment: { variables: { tableName: "items" } } },
        { Environment: { Variables: { tableName: "items" } } },
      ],
      ["its tracing", { tracingConfig: { mode: "Active" } }, { TracingConfig: { Mode: "Active" } }],
      ["its storage", { ephemeralStorage: { size: 1024 } }, { EphemeralStorage: { Size: 1024 } }],
      [
        "its log format",
        { loggingConfig: { logFormat: "JSON", systemLogLevel: "WARN" } },
        { LoggingConfig: { LogFormat: "JSON", LogGroup: "/aws/lambda/main", SystemLogLevel: "WARN" } },
      ],
      [
        "its network",
        { vpcConfig: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"], vpcId: "vpc-1" } },
        { VpcConfig: { SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-1"], VpcId: "vpc-1" } },
      ],
      [
        "its dead-letter queue",
        { deadLetterConfig: { targetArn: "arn:aws:sqs:eu-west-1:123456789012:dead" } },
        { DeadLetterConfig: { TargetArn: "arn:aws:sqs:eu-west-1:123456789012:dead" } },
      ],
      ["its layers", { layers: [`${ARN}:1`] }, { Layers: [{ Arn: `${ARN}:1` }] }],
      [
        "its key",
        { kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
        { KMSKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
      ],
      [
        "its file system",
        { fileSystemConfig: { arn: "arn:aws:efs", localMountPath: "/mnt/data" } },
        { FileSystemConfigs: [{ Arn: "arn:aws:efs", LocalMountPath: "/mnt/data" }] },
      ],
      ["nothing of what the program leaves out", { vpcConfig: {}, deadLetterConfig: {}, environment: {} }, {}],
    ];
    for (const [what, given, described] of settings) {
      it(`with ${what}`, async () => {
        const client = await clientFor(given);
        const answer = await answerTo(client.send(new GetFunctionConfigurationCommand({ FunctionName: "main" })));
        expect(answer).to.deep.equal({ ...PLAIN, ...READY, ...described });
      });
    }

    it("with its tags and its reserved concurrency", async () => {
      const client = await clientFor({ reservedConcurrentExecutions: 2, tags: { team: "blue" } });
      const { Tags, Concurrency } = await client.send(new GetFunctionCommand({ FunctionName: "main" }));
      expect([Tags, Concurrency]).to.deep.equal([{ team: "blue" }, { ReservedConcurrentExecutions: 2 }]);
      const concurrency = await answerTo(client.send(new GetFunctionConcurrencyCommand({ FunctionName: "main" })));
      expect(concurrency).to.deep.equal({ ReservedConcurrentExecutions: 2 });
      const { Tags: listed } = await client.send(new ListTagsCommand({ Resource: `${ARN}:main` }));
      expect(listed).to.deep.equal({ team: "blue" });
    });

    it("that is a container image", async () => {
      const imageConfig = { commands: ["app.handler"], entryPoints: ["/run"], workingDirectory: "/app" };
      const client = await clientFor({ packageType: "Image", imageUri: "registry/app:1", imageConfig });
      const { Code, Configuration } = await client.send(new GetFunctionCommand({ FunctionName: "main" }));
      expect(Code).to.deep.equal({ RepositoryType: "ECR", ImageUri: "registry/app:1" });
      expect(Configuration?.ImageConfigResponse).to.deep.equal({
        ImageConfig: { Command: ["app.handler"], EntryPoint: ["/run"], WorkingDirectory: "/app" },
      });
    });

    const qualifiers: [qualifier: string, version: string][] = [
      ["$LATEST", "$LATEST"],
      ["1", "1"],
      ["live", "1"],
    ];
    for (const [Qualifier, Version] of qualifiers) {
      it(`by the qualifier ${Qualifier}, in which the ARN then ends`, async () => {
        const client = await clientFor({ publish: true }, alias("live"));
        for (const input of [{ FunctionName: "main", Qualifier }, { FunctionName: `${ARN}:main:${Qualifier}` }]) {
          const answer = await client.send(new GetFunctionConfigurationCommand(input));
          expect(answer).to.include({ FunctionArn: `${ARN}:main:${Qualifier}`, Version });
        }
      });
    }

    it("as the latest graph has it", async () => {
      const folder = temporaryFolder();
      const server = await serveGraph(graphOf(folder, lambda("main", CODE, { description: "old" })));
      await server.reconcile(graphOf(folder, lambda("main", CODE, { description: "new" })));
      const command = new GetFunctionConfigurationCommand({ FunctionName: "main" });
      expect((await clientOf(server).send(command)).Description).to.equal("new");
    });
  });

  describe("list", () => {
    it("functions, page by page", async () => {
      const names = ["a", "b", "c"];
      const client = clientOf(await serveGraph(graphOf(temporaryFolder(), ...names.map((name) => lambda(name, CODE)))));
      const pages: (string | undefined)[][] = [];
      for await (const { Functions = [] } of paginateListFunctions({ client, pageSize: 2 }, {})) {
        pages.push(Functions.map(({ FunctionName }) => FunctionName));
      }
      expect(pages).to.deep.equal([["a", "b"], ["c"]]);
    });

    it("what a function is, but not whether it is ready", async () => {
      const client = await clientFor();
      expect((await client.send(new ListFunctionsCommand({}))).Functions).to.deep.equal([PLAIN]);
    });

    it("the versions that the program publishes, and those behind its aliases", async () => {
      const routed = alias("next", { functionVersion: "3", routingConfig: { additionalVersionWeights: { 10: 0.5 } } });
      const client = await clientFor({ publish: true }, routed);
      const expected = ["$LATEST", "1", "3", "10"].map((version) => [version, `${ARN}:main:${version}`]);
      const { Versions = [] } = await client.send(new ListVersionsByFunctionCommand({ FunctionName: "main" }));
      expect(Versions.map(({ Version, FunctionArn }) => [Version, FunctionArn])).to.deep.equal(expected);
      const { Functions = [] } = await client.send(new ListFunctionsCommand({ FunctionVersion: "ALL" }));
      expect(Functions.map(({ Version, FunctionArn }) => [Version, FunctionArn])).to.have.deep.members(expected);
    });

    it("aliases, all or those of a version", async () => {
      const routingConfig = { additionalVersionWeights: { 2: 0.25 } };
      const client = await clientFor(
        { publish: true },
        alias("live", { description: "what callers see", routingConfig }),
        alias("next", { functionVersion: "2" }),
      );
      const live = {
        AliasArn: `${ARN}:main:live`,
        Description: "what callers see",
        FunctionVersion: "1",
        Name: "live",
        RoutingConfig: { AdditionalVersionWeights: { 2: 0.25 } },
      };
      const next = { AliasArn: `${ARN}:main:next`, Description: "", FunctionVersion: "2", Name: "next" };
      const list = async (FunctionVersion?: string) =>
        (await client.send(new ListAliasesCommand({ FunctionName: "main", FunctionVersion }))).Aliases;
      expect(await list()).to.deep.equal([live, next]);
      expect(await list("2")).to.deep.equal([next]);
      const one = client.send(new GetAliasCommand({ FunctionName: "main", Name: "live" }));
      expect(await answerTo(one)).to.deep.equal(live);
    });
  });

  describe("describe the URLs of a function", () => {
    it("with the address that serves them", async () => {
      const cors = { allowOrigins: ["*"], maxAge: 60 };
      const own = url("own", { cors });
      const aliased = url("aliased", {
        qualifier: "live",
        authorizationType: "AWS_IAM",
        invokeMode: "RESPONSE_STREAM",
      });
      const server = await serveGraph(graphOf(temporaryFolder(), lambda("main", CODE), alias("live"), own, aliased));
      const client = clientOf(server);
      const address = (name: string) => server.functionUrls.find((one) => one.name === name)?.url;
      const expected = [
        {
          AuthType: "NONE",
          Cors: { AllowOrigins: ["*"], MaxAge: 60 },
          FunctionArn: `${ARN}:main`,
          FunctionUrl: address("own"),
          InvokeMode: "BUFFERED",
        },
        {
          AuthType: "AWS_IAM",
          FunctionArn: `${ARN}:main:live`,
          FunctionUrl: address("aliased"),
          InvokeMode: "RESPONSE_STREAM",
        },
      ];
      for (const [index, Qualifier] of [undefined, "live"].entries()) {
        const found = client.send(new GetFunctionUrlConfigCommand({ FunctionName: "main", Qualifier }));
        expect(await answerTo(found)).to.deep.equal(expected[index]);
      }
      const all = await client.send(new ListFunctionUrlConfigsCommand({ FunctionName: "main" }));
      expect(all.FunctionUrlConfigs).to.deep.equal(expected);
      expect(await (await fetch(expected[0]?.FunctionUrl ?? "")).text()).to.equal("1");
    });
  });

  it("describe what happens to the events of asynchronous invocations", async () => {
    const destination = "arn:aws:sqs:eu-west-1:123456789012:failed";
    const destinationConfig = { onFailure: { destination } };
    const client = await clientFor({}, eventSettings({ maximumRetryAttempts: 0, destinationConfig }));
    const answer = client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: "main" }));
    expect(await answerTo(answer)).to.deep.equal({
      DestinationConfig: { OnFailure: { Destination: destination }, OnSuccess: {} },
      FunctionArn: `${ARN}:main:$LATEST`,
      MaximumRetryAttempts: 0,
    });
  });

  const other = { FunctionName: "other" };
  const notFound = missing(`Function not found: ${ARN}:other`);
  const refusals: [what: string, send: (client: LambdaClient) => Promise<unknown>, refusal: object][] = [
    ["an unknown function", (client) => client.send(new GetFunctionCommand(other)), notFound],
    ["the settings of one", (client) => client.send(new GetFunctionConfigurationCommand(other)), notFound],
    ["the concurrency of one", (client) => client.send(new GetFunctionConcurrencyCommand(other)), notFound],
    ["the tags of one", (client) => client.send(new ListTagsCommand({ Resource: `${ARN}:other` })), notFound],
    [
      "an unknown version",
      (client) => client.send(new GetFunctionCommand({ FunctionName: "main", Qualifier: "1221" })),
      missing(`Function not found: ${ARN}:main:1221`),
    ],
    [
      "an unknown alias",
      (client) => client.send(new GetAliasCommand({ FunctionName: "main", Name: "none" })),
      missing(`Cannot find alias arn: ${ARN}:main:none`),
    ],
    [
      "a function of another region",
      (client) =>
        client.send(new GetFunctionCommand({ FunctionName: `${ARN.replace("eu-west-1", "us-east-1")}:main` })),
      missing("Functions from 'us-east-1' are not reachable in this region ('eu-west-1')"),
    ],
    [
      "the URL of a function that has none",
      (client) => client.send(new GetFunctionUrlConfigCommand({ FunctionName: "main" })),
      missing("The resource you requested does not exist."),
    ],
    [
      "the URLs of an unknown function",
      (client) => client.send(new ListFunctionUrlConfigsCommand(other)),
      missing("Function does not exist"),
    ],
    [
      "the settings of events where there are none",
      (client) => client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: "main" })),
      missing(`The function ${ARN}:main:$LATEST doesn't have an EventInvokeConfig`),
    ],
    [
      "two different qualifiers",
      (client) => client.send(new GetFunctionCommand({ FunctionName: `${ARN}:main:$LATEST`, Qualifier: "1" })),
      {
        name: "InvalidParameterValueException",
        message: "The derived qualifier from the function name does not match the specified qualifier.",
        status: 400,
      },
    ],
    [
      "the tags of a version",
      (client) => client.send(new ListTagsCommand({ Resource: `${ARN}:main:1` })),
      {
        name: "InvalidParameterValueException",
        message: "Tags on function aliases and versions are not supported. Please specify a function ARN.",
        status: 400,
      },
    ],
    [
      "an unknown choice",
      (client) => client.send(new ListFunctionsCommand({ FunctionVersion: "invalid" as "ALL" })),
      {
        name: "ValidationException",
        message:
          "1 validation error detected: Value 'invalid' at 'functionVersion' failed to satisfy constraint: Member must satisfy enum value set: [ALL]",
        status: 400,
      },
    ],
  ];
  for (const [what, send, refusal] of refusals) {
    it(`refuse ${what}`, async () => {
      expect(await refusalOf(send(await clientFor()))).to.deep.equal(refusal);
    });
  }

  const changes: [what: string, send: (client: LambdaClient) => Promise<unknown>, operation: string][] = [
    [
      "a change, which is the program's",
      (client) => client.send(new DeleteFunctionCommand({ FunctionName: "main" })),
      "lambda DeleteFunction",
    ],
    [
      "the tags of what is not a function",
      (client) =>
        client.send(
          new ListTagsCommand({
            Resource: "arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:01234567-89ab-cdef-0123-456789abcdef",
          }),
        ),
      "lambda ListTags for event-source-mapping",
    ],
  ];
  for (const [what, send, operation] of changes) {
    it(`do not emulate ${what}`, async () => {
      const { name, message, status } = await refusalOf(send(await clientFor()));
      expect([name, status]).to.deep.equal(["NotEmulated", 501]);
      expect(message).to.include(`${operation} is not emulated offline`);
    });
  }
});
