import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type FunctionAccess, LambdaFunction, type LambdaFunctionArgs } from "../../../components";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";

const functionType = "aws:lambda/function:Function";
const code = new pulumi.asset.AssetArchive({
  "index.js": new pulumi.asset.StringAsset("exports.handler = async () => 1"),
});
const account = "123456789012";
const onInstances = {
  capacityProviderConfig: { lambdaManagedInstancesCapacityProviderConfig: { capacityProviderArn: "arn" } },
};

describe("LambdaFunction", () => {
  beforeEach(startMocks);

  async function lambda(args: LambdaFunctionArgs = {}) {
    new LambdaFunction("work", { code, ...args });
    return inputsOf(functionType);
  }

  async function policy(args: LambdaFunctionArgs = {}): Promise<object[]> {
    await lambda(args);
    const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy");
    return JSON.parse(policy).Statement;
  }

  async function countOf(type: string) {
    return (await resources()).filter((resource) => resource.type === type).length;
  }

  it("runs on Graviton, traced, with JSON logs in a group of its own", async () => {
    const { code: _, ...inputs } = await lambda();
    expect(inputs).to.deep.equal({
      architectures: ["arm64"],
      runtime: "nodejs24.x",
      handler: "index.handler",
      memorySize: 512,
      timeout: 10,
      ephemeralStorage: { size: 512 },
      environment: { variables: {} },
      tracingConfig: { mode: "Active" },
      loggingConfig: {
        logGroup: "/aws/lambda/work-1",
        logFormat: "JSON",
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
      },
      publish: false,
      role: `arn:aws:iam:eu-west-1:${account}:work-1234567`,
    });
    expect(await inputsOf("aws:cloudwatch/logGroup:LogGroup")).to.deep.equal({
      namePrefix: "/aws/lambda/work-",
      retentionInDays: 30,
    });
    expect((await resources()).map(({ type }) => type)).to.have.members([
      "graviton:index:LambdaFunction",
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:iam/role:Role",
      "aws:iam/rolePolicy:RolePolicy",
      functionType,
    ]);
  });

  it("trusts only Lambda, and may write its own logs and traces and nothing else", async () => {
    expect(await policy()).to.deep.equal([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [`arn:aws:cloudwatch:eu-west-1:${account}:/aws/lambda/work-1:*`],
      },
      { Effect: "Allow", Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: ["*"] },
    ]);
    expect(JSON.parse((await inputsOf("aws:iam/role:Role")).assumeRolePolicy).Statement).to.deep.equal([
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
    ]);
  });

  it("passes on the other settings", async () => {
    const inputs = await lambda({
      description: "does the work",
      runtime: "nodejs22.x",
      handler: "main.run",
      architecture: "x86_64",
      memorySize: 1024,
      timeout: 30,
      ephemeralStorage: 1024,
      reservedConcurrency: 5,
      logLevel: "DEBUG",
      kmsKeyArn: "key",
      tags: { team: "a" },
      functionArgs: { description: "wins", snapStart: { applyOn: "None" } },
      tracing: false,
    });
    expect(inputs).to.deep.include({
      description: "wins",
      runtime: "nodejs22.x",
      handler: "main.run",
      architectures: ["x86_64"],
      memorySize: 1024,
      timeout: 30,
      ephemeralStorage: { size: 1024 },
      reservedConcurrentExecutions: 5,
      kmsKeyArn: "key",
      tags: { team: "a" },
      snapStart: { applyOn: "None" },
      tracingConfig: { mode: "PassThrough" },
    });
    expect(inputs.loggingConfig.applicationLogLevel).to.equal("DEBUG");
  });

  it("keeps logs as long as told, encrypted with the function's key", async () => {
    await lambda({ logRetentionDays: 365, kmsKeyArn: "key" });
    const group = await inputsOf("aws:cloudwatch/logGroup:LogGroup");
    expect(group).to.include({ retentionInDays: 365, kmsKeyId: "key" });
  });

  it("may not send traces if tracing is off", async () => {
    expect(await policy({ tracing: false })).to.have.length(1);
  });

  it("merges its access into its environment and its one policy", async () => {
    const access: FunctionAccess[] = [
      { environment: { TABLE_NAME: pulumi.output("t") }, statements: [{ actions: ["a:B"], resources: ["r"] }] },
      {
        environment: { QUEUE: "q" },
        statements: [{ actions: ["c:D"], resources: ["s"], conditions: { Bool: { "aws:SecureTransport": "true" } } }],
      },
    ];
    const statements = await policy({ environment: { STAGE: "dev" }, access });
    expect(statements.slice(2)).to.deep.equal([
      { Effect: "Allow", Action: ["a:B"], Resource: ["r"] },
      { Effect: "Allow", Action: ["c:D"], Resource: ["s"], Condition: { Bool: { "aws:SecureTransport": "true" } } },
    ]);
    const { environment } = await inputsOf(functionType);
    expect(environment.variables).to.deep.equal({ TABLE_NAME: "t", QUEUE: "q", STAGE: "dev" });
    expect(await countOf("aws:iam/rolePolicy:RolePolicy")).to.equal(1);
  });

  it("creates network interfaces in a VPC", async () => {
    const vpc = { subnetIds: ["a", "b"], securityGroupIds: ["c"] };
    const [, , network] = await policy({ vpc });
    expect(network).to.have.property("Action").that.includes("ec2:CreateNetworkInterface");
    expect((await inputsOf(functionType)).vpcConfig).to.deep.equal(vpc);
  });

  it("mounts a file system through its access point only", async () => {
    const accessPointArn = `arn:aws:elasticfilesystem:eu-west-1:${account}:access-point/fsap-1`;
    const fileSystem = { accessPointArn, mountPath: "/mnt/data" };
    const statements = await policy({ fileSystem, vpc: { subnetIds: ["a"], securityGroupIds: ["b"] } });
    expect(statements[3]).to.deep.equal({
      Effect: "Allow",
      Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
      Resource: [`arn:aws:elasticfilesystem:eu-west-1:${account}:file-system/*`],
      Condition: { StringEquals: { "elasticfilesystem:AccessPointArn": accessPointArn } },
    });
    const { fileSystemConfig } = await inputsOf(functionType);
    expect(fileSystemConfig).to.deep.equal({ arn: accessPointArn, localMountPath: "/mnt/data" });
  });

  const destinations = {
    sqs: ["sqs:SendMessage"],
    sns: ["sns:Publish"],
    lambda: ["lambda:InvokeFunction"],
    events: ["events:PutEvents"],
  };
  for (const [service, actions] of Object.entries(destinations)) {
    it(`sends failed events to ${service}, after bounded retries`, async () => {
      const destinationArn = `arn:aws:${service}:eu-west-1:${account}:failed`;
      const statements = await policy({ onFailure: { destinationArn } });
      expect(statements.at(-1)).to.deep.equal({ Effect: "Allow", Action: actions, Resource: [destinationArn] });
      expect(await inputsOf("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")).to.deep.equal({
        functionName: "work-1234567",
        destinationConfig: { onFailure: { destination: destinationArn } },
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: 3600,
      });
    });
  }

  it("calls everything through the alias when there is one", async () => {
    const work = new LambdaFunction("work", {
      code,
      alias: { provisionedConcurrency: 2 },
      onFailure: { destinationArn: "arn:aws:sqs:eu-west-1:1:q", retries: 0, maximumAge: 60 },
      url: {},
    });
    expect(await resolved(work.qualifier)).to.equal("live");
    expect(await resolved(work.functionArn)).to.match(/:live$/);
    expect(await resolved(work.invokeArn)).to.match(/:live\/invocations$/);
    expect((await inputsOf(functionType)).publish).to.equal(true);
    expect(await inputsOf("aws:lambda/alias:Alias")).to.deep.equal({
      name: "live",
      functionName: "work-1234567",
      functionVersion: "1",
    });
    expect(await inputsOf("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig")).to.include({
      qualifier: "live",
      provisionedConcurrentExecutions: 2,
    });
    const events = await inputsOf("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
    expect(events).to.include({ qualifier: "live", maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 });
    expect(await inputsOf("aws:lambda/functionUrl:FunctionUrl")).to.include({ qualifier: "live" });
  });

  it("shifts a share of the alias's calls to another version", async () => {
    await lambda({ alias: { name: "prod", routing: { "3": 0.1 } } });
    const routed = { name: "prod", routingConfig: { additionalVersionWeights: { "3": 0.1 } } };
    expect(await inputsOf("aws:lambda/alias:Alias")).to.deep.include(routed);
  });

  it("has a URL for signed requests", async () => {
    const work = new LambdaFunction("work", { code, url: { cors: { allowOrigins: ["https://a.example"] } } });
    expect(await resolved(work.url)).to.equal("https://work.lambda-url.eu-west-1.on.aws/");
    expect(await inputsOf("aws:lambda/functionUrl:FunctionUrl")).to.deep.equal({
      functionName: "work-1234567",
      authorizationType: "AWS_IAM",
      invokeMode: "BUFFERED",
      cors: { allowOrigins: ["https://a.example"], allowMethods: ["*"], allowHeaders: ["content-type"], maxAge: 600 },
    });
    expect(await countOf("aws:lambda/permission:Permission")).to.equal(0);
  });

  it("opens its URL to anybody when told to", async () => {
    await lambda({ url: { auth: "none", streaming: true } });
    const url = await inputsOf("aws:lambda/functionUrl:FunctionUrl");
    expect(url).to.include({ authorizationType: "NONE", invokeMode: "RESPONSE_STREAM" });
    const permission = await inputsOf("aws:lambda/permission:Permission");
    expect(permission).to.include({ principal: "*", invokedViaFunctionUrl: true });
  });

  it("limits its role with a permissions boundary", async () => {
    await lambda({ permissionsBoundary: "boundary" });
    expect(await inputsOf("aws:iam/role:Role")).to.include({ permissionsBoundary: "boundary" });
  });

  it("notifies topics of errors, throttles and calls near the timeout", async () => {
    await lambda({ alarmTopicArns: ["topic"], timeout: 20 });
    const alarms = (await resources()).filter(({ type }) => type.endsWith(":MetricAlarm"));
    expect(alarms.map(({ inputs }) => inputs.metricName)).to.have.members(["Errors", "Throttles", "Duration"]);
    const slow = alarms.find(({ name }) => name === "work-duration");
    expect(slow?.inputs).to.include({ extendedStatistic: "p99", threshold: 16_000 });
  });

  it("measures slow calls against the function's final timeout", async () => {
    await lambda({ alarmTopicArns: ["topic"], functionArgs: { timeout: 100 } });
    expect(await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "work-duration")).to.include({ threshold: 80_000 });
  });

  it("tags its alarms like itself", async () => {
    await lambda({ alarmTopicArns: ["topic"], tags: { team: "a" } });
    const { tags } = await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "work-errors");
    expect(tags).to.deep.equal({ team: "a" });
  });

  it("accepts layers that fit, however their architectures are given", async () => {
    const layers = [{ arn: "one" }, { arn: "two", compatibleArchitectures: pulumi.output(["x86_64", "arm64"]) }];
    expect((await lambda({ layers })).layers).to.deep.equal(["one", "two"]);
  });

  it("takes the memory and the timeout of instances with a capacity provider", async () => {
    const inputs = await lambda({ memorySize: 32_768, timeout: 5400, functionArgs: onInstances });
    expect(inputs).to.deep.include({ memorySize: 32_768, timeout: 5400, ...onInstances });
  });

  it("leaves limits that are known only later to AWS", async () => {
    expect(await lambda({ memorySize: pulumi.output(16_384) })).to.deep.include({ memorySize: 16_384 });
  });

  describe("refuses", () => {
    const cases: [what: string, args: LambdaFunctionArgs, path: string, reason: RegExp][] = [
      ["no code", { code: undefined }, "entry", /is missing; write the handler's source file, or `code`/],
      ["both code and entry", { entry: "index.ts" }, "code", /one of them/],
      ["an entry that does not exist", { code: undefined, entry: "no.ts" }, "entry", /there is no file .*no\.ts/],
      ["a folder as an entry", { code: undefined, entry: "." }, "entry", /there is no file/],
      ["bundle options without an entry", { bundle: {} }, "bundle", /without `entry`/],
      ["a handler without an export", { handler: "index" }, "handler", /file\.export/],
      [
        "a handler outside the bundle",
        { code: undefined, entry: "index.ts", handler: "app.run" },
        "handler",
        /index\.export/,
      ],
      [
        "an entry for another runtime",
        { code: undefined, entry: "index.ts", runtime: "python3.13" },
        "runtime",
        /does not run `entry`/,
      ],
      [
        "a long description",
        { description: "x".repeat(257) },
        "description",
        /has 257 characters; write a string of up to 256/,
      ],
      ["an unknown architecture", { architecture: "arm" as "arm64" }, "architecture", /"arm64" or "x86_64"/],
      ["too little memory", { memorySize: 64 }, "memorySize", /128 to 10240 MB/],
      ["a timeout of 0", { timeout: 0 }, "timeout", /1 to 900 seconds/],
      [
        "the memory of instances without a capacity provider",
        { memorySize: 16_384 },
        "memorySize",
        /128 to 10240 MB, or up to 32768 MB with a capacity provider/,
      ],
      [
        "a timeout that AWS accepts, but not the provider",
        { timeout: 1800 },
        "timeout",
        /1 to 900 seconds: the AWS provider refuses more, although AWS accepts 1800/,
      ],
      [
        "a timeout over that of instances",
        { functionArgs: onInstances, timeout: 5401 },
        "timeout",
        /up to 5400 seconds/,
      ],
      ["a small /tmp", { ephemeralStorage: 1 }, "ephemeralStorage", /512 to 10240 MB/],
      ["a negative concurrency", { reservedConcurrency: -1 }, "reservedConcurrency", /0 to/],
      [
        "a reserved variable",
        { environment: { AWS_REGION: "x" } },
        "environment.AWS_REGION",
        /reserved by Lambda.*_HANDLER/,
      ],
      ["an invalid variable", { environment: { "a-b": "x" } }, "environment.a-b", /letters, digits/],
      [
        "a large environment",
        { environment: { BIG: "x".repeat(4094) } },
        "environment",
        /4097 bytes; Lambda allows 4096/,
      ],
      [
        "two accesses with one variable",
        { access: [0, 1].map(() => ({ environment: { TABLE_NAME: "t" }, statements: [] })) },
        "access[1].environment.TABLE_NAME",
        /`environmentName`/,
      ],
      [
        "six layers",
        { layers: Array.from({ length: 6 }, () => ({ arn: "a" })) },
        "layers",
        /has 6; write an array of up to 5 objects with `arn`/,
      ],
      [
        "a layer for x86",
        { layers: [{ arn: "a", compatibleArchitectures: ["x86_64"] }] },
        "layers[0]",
        /built for x86_64, but the function runs on arm64/,
      ],
      ["an invalid log level", { logLevel: "LOUD" as "INFO" }, "logLevel", /"TRACE"/],
      [
        "an invalid retention",
        { logRetentionDays: 31 },
        "logRetentionDays",
        /is 31; write 0, 1, 3, .* or 3653 days, where 0 keeps logs for ever/,
      ],
      ["an alias of digits", { alias: { name: "12" } }, "alias.name", /not only digits/],
      ["no provisioned concurrency", { alias: { provisionedConcurrency: 0 } }, "alias.provisionedConcurrency", /1 to/],
      [
        "more provisioned than reserved",
        { alias: { provisionedConcurrency: 3 }, reservedConcurrency: 2 },
        "alias.provisionedConcurrency",
        /1 to 2/,
      ],
      ["a share over 1", { alias: { routing: { "1": 2 } } }, "alias.routing.1", /from 0 to 1/],
      ["routing to an alias", { alias: { routing: { live: 0.5 } } }, "alias.routing.live", /is not a version/],
      [
        "two other versions",
        { alias: { routing: { "1": 0.1, "2": 0.1 } } },
        "alias.routing",
        /has 2; write the share of one version/,
      ],
      [
        "routing to versions that are not warm",
        { alias: { provisionedConcurrency: 1, routing: { "1": 0.1 } } },
        "alias.routing",
        /leave out one/,
      ],
      [
        "a CORS method that a URL does not support",
        { url: { cors: { allowOrigins: ["https://a.b"], allowMethods: ["GET", "OPTIONS"] } } },
        "url.cors.allowMethods[1]",
        /is "OPTIONS"; write "GET", "POST"/,
      ],
      [
        "seven CORS methods",
        { url: { cors: { allowOrigins: ["https://a.b"], allowMethods: Array(7).fill("GET") } } },
        "url.cors.allowMethods",
        /has 7; write an array of up to 6 of the values "GET", /,
      ],
      ["an unknown URL auth", { url: { auth: "open" as "none" } }, "url.auth", /"iam" or "none"/],
      [
        "an open URL for any page",
        { url: { auth: "none", cors: { allowOrigins: ["*"] } } },
        "url.cors.allowOrigins",
        /origins of your/,
      ],
      ["four retries", { onFailure: { destinationArn: "a", retries: 4 } }, "onFailure.retries", /0 to 2/],
      ["a short maximum age", { onFailure: { destinationArn: "a", maximumAge: 1 } }, "onFailure.maximumAge", /60 to/],
      [
        "a file system without a VPC",
        { fileSystem: { accessPointArn: "a", mountPath: "/mnt/a" } },
        "fileSystem",
        /needs `vpc`/,
      ],
      [
        "another mount path",
        { fileSystem: { accessPointArn: "a", mountPath: "/data" } },
        "fileSystem.mountPath",
        /\/mnt\//,
      ],
      [
        "an argument that it wires up itself",
        { functionArgs: { role: "r" } },
        "functionArgs.role",
        /write the component's `access`/,
      ],
    ];
    for (const [what, args, path, reason] of cases) {
      it(what, async () => {
        const found = mistakes(() => new LambdaFunction("work", { code, ...args }));
        expect(found.map(([place]) => place)).to.include(path);
        expect(found.find(([place]) => place === path)?.[1]).to.match(reason);
        expect(await resources()).to.deep.equal([]);
      });
    }

    it("a name that leaves no room for Pulumi's suffix", () => {
      const [[path, reason] = []] = mistakes(() => new LambdaFunction("x".repeat(57), { code }));
      expect([path, reason]).to.deep.equal([
        "name",
        `"${"x".repeat(57)}" has 57 characters; write at most 56, as AWS allows 64 and Pulumi adds 8`,
      ]);
    });
  });
});
