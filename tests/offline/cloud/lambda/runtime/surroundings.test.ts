import { expect } from "chai";
import { invoke, resultOf, serveFunction } from "../../../../helpers/offline/functions";
import { resource } from "../../../../helpers/offline/graph";
import { closeServers } from "../../../../helpers/offline/served";

/** The variables that Lambda sets, except those for its Runtime API and for libraries that are not here. */
const VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_XRAY_CONTEXT_MISSING",
  "AWS_XRAY_DAEMON_ADDRESS",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
  "LANG",
  "PATH",
  "PWD",
  "TZ",
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
];

describe("The environment of a Lambda function", () => {
  afterEach(closeServers);

  it("has its own variables and Lambda's, and nothing of this process", async () => {
    process.env.PARENTS_SECRET = "parent";
    const server = await serveFunction("exports.handler = async () => process.env", {
      environment: { variables: { TABLE: "items", TZ: "Asia/Tokyo", NODE_OPTIONS: "--max-old-space-size=1" } },
    });
    const { result } = await invoke(server);
    delete process.env.PARENTS_SECRET;
    expect(result).to.include({
      TABLE: "items",
      TZ: "Asia/Tokyo",
      AWS_REGION: "eu-west-1",
      AWS_LAMBDA_FUNCTION_NAME: "main",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
      _HANDLER: "index.handler",
    });
    expect(result).to.include.all.keys(VARIABLES);
    expect(result).not.to.have.any.keys("PARENTS_SECRET", "HOME", "NODE_OPTIONS", "AWS_LAMBDA_LOG_FORMAT");
    expect(result._X_AMZN_TRACE_ID).to.match(/^Root=1-[\da-f]{8}-[\da-f]{24};Parent=[\da-f]{16};Sampled=0$/);
  });

  it("has the time zone ':UTC' unless it sets another", async () => {
    expect(await resultOf("exports.handler = async () => process.env.TZ")).to.equal(":UTC");
  });

  describe("its context", () => {
    it("has name, ARN, version, memory, log group and remaining time", async () => {
      const code =
        "exports.handler = async (event, context) => ({ event, ...context, left: context.getRemainingTimeInMillis() })";
      const { result } = await invoke(await serveFunction(code, { memorySize: 256, timeout: 7 }), { a: 1 });
      const { left, awsRequestId, logStreamName, ...context } = result;
      expect(context).to.deep.equal({
        event: { a: 1 },
        functionName: "main",
        functionVersion: "$LATEST",
        invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:main",
        memoryLimitInMB: "256",
        logGroupName: "/aws/lambda/main",
        callbackWaitsForEmptyEventLoop: true,
      });
      expect(awsRequestId).to.match(/^[\da-f-]{36}$/);
      expect(logStreamName).to.match(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\]/);
      expect(left).to.be.within(6000, 7000);
    });

    it("has methods that answer before nodejs24.x only", async () => {
      const code =
        "exports.handler = async (event, { done, fail, succeed }) => [done, fail, succeed].map((f) => typeof f)";
      expect(await resultOf(code)).to.deep.equal(["function", "function", "function"]);
      expect(await resultOf(code, { runtime: "nodejs24.x" })).to.deep.equal(["undefined", "undefined", "undefined"]);
    });

    it("has what the caller says about itself", async () => {
      const server = await serveFunction("exports.handler = async (event, context) => context.clientContext");
      const context = { custom: { foo: "bar" }, env: { platform: "test" } };
      const ClientContext = Buffer.from(JSON.stringify(context)).toString("base64");
      expect((await invoke(server, {}, { ClientContext })).result).to.deep.equal(context);
      const error = await invoke(server, {}, { ClientContext: "{" }).catch((reason) => reason);
      expect(error.name).to.equal("InvalidRequestContentException");
    });

    it("has the alias it was called through in its ARN, and the alias's version", async () => {
      const alias = resource("aws:lambda/alias:Alias", "live", {
        name: "live",
        functionName: "main",
        functionVersion: "7",
      });
      const code =
        "exports.handler = async (e, { invokedFunctionArn, functionVersion }) => [invokedFunctionArn, functionVersion]";
      const server = await serveFunction(code, {}, alias);
      const { result, ExecutedVersion } = await invoke(server, {}, { Qualifier: "live" });
      expect(result).to.deep.equal(["arn:aws:lambda:eu-west-1:123456789012:function:main:live", "7"]);
      expect(ExecutedVersion).to.equal("7");
    });
  });

  describe("its console", () => {
    const json = (inputs = {}) => ({ loggingConfig: { logFormat: "JSON", ...inputs } });

    async function logged(body: string, inputs: object) {
      const server = await serveFunction(`exports.handler = async () => { ${body} }`, inputs as Record<string, string>);
      await invoke(server);
      return server.lines.slice(0, -1).map((line) => line.replace(/^main [\da-f]{8} \| /, ""));
    }

    it("writes the text alone, at every level, when the log format is Text", async () => {
      expect(await logged("console.log('a %s', 'b'); console.debug('c'); console.fatal('d')", {})).to.deep.equal([
        "a b",
        "c",
        "d",
      ]);
    });

    it("writes records when the log format is JSON", async () => {
      const lines = await logged("console.warn('a %s', 'b'); console.log({ items: 2 })", json());
      const [first, second] = lines.map((line) => JSON.parse(line));
      expect(first).to.include({ level: "WARN", message: "a b" });
      expect(first.timestamp).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(first.requestId).to.match(/^[\da-f-]{36}$/);
      expect(second).to.deep.include({ level: "INFO", message: { items: 2 } });
    });

    it("describes errors when the log format is JSON", async () => {
      const lines = await logged(
        "console.error(new RangeError('far')); console.error('seen', new RangeError('far'))",
        json(),
      );
      const [alone, beside] = lines.map((line) => JSON.parse(line));
      expect(alone.message).to.include({ errorType: "RangeError", errorMessage: "far" });
      expect(alone.message.stackTrace[0]).to.equal("RangeError: far");
      expect(beside).to.include({ errorType: "RangeError", errorMessage: "far" });
      expect(beside.message).to.match(/^seen RangeError: far\n/);
    });

    it("can write an object that refers to itself when the log format is JSON", async () => {
      const [line = ""] = await logged("const a = {}; a.a = a; console.log(a)", json());
      expect(JSON.parse(line).message).to.match(/Circular/);
    });

    it("leaves out what is below the log level, INFO by default", async () => {
      const all = "console.debug('d'); console.info('i'); console.warn('w'); console.error('e')";
      const messages = async (inputs: object) => (await logged(all, inputs)).map((line) => JSON.parse(line).message);
      expect(await messages(json())).to.deep.equal(["i", "w", "e"]);
      expect(await messages(json({ applicationLogLevel: "ERROR" }))).to.deep.equal(["e"]);
      expect(await messages(json({ applicationLogLevel: "TRACE" }))).to.deep.equal(["d", "i", "w", "e"]);
    });
  });
});
