import {
  type InvokeCommandInput,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamCompleteEvent,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { invoke, serveFunction } from "../../../helpers/offline/functions";
import { resource } from "../../../helpers/offline/graph";
import { closeServers, type Served, until } from "../../../helpers/offline/served";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function";
const ECHO =
  "exports.handler = async (event, context) => ({ event, version: context.functionVersion, arn: context.invokedFunctionArn })";

const NAME_PATTERN =
  "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";
const QUALIFIER_PATTERN = "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";

function noMatch(value: string, member = "functionName", pattern = NAME_PATTERN): string {
  return `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`;
}

const alias = (name: string, settings = {}) =>
  resource("aws:lambda/alias:Alias", name, { name, functionName: "main", functionVersion: "1", ...settings });

async function refused(server: Served, options: Partial<InvokeCommandInput>, payload: unknown = {}) {
  const error = await invoke(server, payload, options).catch((reason) => reason);
  return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode, Type: error.Type };
}

/** Recorded from AWS by localstack, 2026-03: test_lambda.py and test_lambda_api.py. */
describe("Lambda's Invoke", () => {
  afterEach(closeServers);

  describe("names a function", () => {
    const references: [what: string, input: Partial<InvokeCommandInput>, arn: string][] = [
      ["by its name", { FunctionName: "main" }, `${ARN}:main`],
      ["by its name and an alias", { FunctionName: "main:live" }, `${ARN}:main:live`],
      ["by a partial ARN", { FunctionName: "123456789012:function:main" }, `${ARN}:main`],
      ["by the end of an ARN", { FunctionName: "function:main" }, `${ARN}:main`],
      ["by its ARN", { FunctionName: `${ARN}:main` }, `${ARN}:main`],
      ["by its ARN with a version", { FunctionName: `${ARN}:main:1` }, `${ARN}:main:1`],
      ["by its ARN and an alias", { FunctionName: `${ARN}:main`, Qualifier: "live" }, `${ARN}:main:live`],
      ["twice by the same alias", { FunctionName: `${ARN}:main:live`, Qualifier: "live" }, `${ARN}:main:live`],
    ];
    for (const [what, input, arn] of references) {
      it(what, async () => {
        const server = await serveFunction(ECHO, {}, alias("live"));
        expect((await invoke(server, {}, input)).result.arn).to.equal(arn);
      });
    }
  });

  describe("says the version that ran", () => {
    const versions: [qualifier: string | undefined, version: string][] = [
      [undefined, "$LATEST"],
      ["$LATEST", "$LATEST"],
      ["1", "1"],
      ["live", "1"],
    ];
    for (const [Qualifier, version] of versions) {
      it(`for the qualifier ${Qualifier}`, async () => {
        const server = await serveFunction(ECHO, {}, alias("live"));
        const { ExecutedVersion, result } = await invoke(server, {}, { Qualifier });
        expect([ExecutedVersion, result.version]).to.deep.equal([version, version]);
      });
    }

    it("for an alias that routes to two of them", async () => {
      const routingConfig = { additionalVersionWeights: { 2: 0.5 } };
      const server = await serveFunction(ECHO, { publish: true }, alias("both", { routingConfig }));
      const hit = new Set<string | undefined>();
      for (let call = 0; call < 100 && hit.size < 2; call++) {
        const { ExecutedVersion, result } = await invoke(server, {}, { Qualifier: "both" });
        expect(result.version).to.equal(ExecutedVersion);
        hit.add(ExecutedVersion);
      }
      expect([...hit].sort()).to.deep.equal(["1", "2"]);
    });
  });

  const missing = (name: string) => ["ResourceNotFoundException", `Function not found: ${ARN}:${name}`, 404] as const;
  const invalid = (...mistakes: string[]) => {
    const count = mistakes.length === 1 ? "1 validation error" : `${mistakes.length} validation errors`;
    return ["ValidationException", `${count} detected: ${mistakes.join("; ")}`, 400] as const;
  };
  const long = "a".repeat(129);
  const farAway = `arn:aws:lambda:nowhere:123456789012:function:main`;
  const refusals: [
    what: string,
    Partial<InvokeCommandInput>,
    readonly [name: string, message: string, status: number],
  ][] = [
    ["an unknown function", { FunctionName: "other" }, missing("other:$LATEST")],
    ["a name that is too long for one", { FunctionName: "a".repeat(65) }, missing(`${"a".repeat(65)}:$LATEST`)],
    ["an ARN without a name", { FunctionName: ARN }, missing("function:$LATEST")],
    ["an unknown alias", { Qualifier: "other" }, missing("main:other")],
    ["a version of a function that publishes none", { Qualifier: "10" }, missing("main:10")],
    ["a misspelt $LATEST", { Qualifier: "$latest" }, missing("main:$latest")],
    [
      "a function of another region",
      { FunctionName: "arn:aws:lambda:us-east-1:123456789012:function:main" },
      ["ResourceNotFoundException", "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')", 404],
    ],
    [
      "two different qualifiers",
      { FunctionName: `${ARN}:main:$LATEST`, Qualifier: "1" },
      [
        "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier.",
        400,
      ],
    ],
    ...[
      "main!",
      "*",
      "some:function:main",
      farAway,
      "function:main:$LATEST:more",
      `${ARN}:main:1:2`,
      `${ARN}:main:$LATES`,
    ]
      .concat("arn:aws:ec2:eu-west-1:123456789012:instance:i-1234567890abcdef0")
      .concat("arn:aws:lambda::123456789012:function:main", "arn:aws:lambda:eu-west-1::function:main")
      .map((name): (typeof refusals)[number] => [`the name ${name}`, { FunctionName: name }, invalid(noMatch(name))]),
    ["a malformed qualifier", { Qualifier: "no!" }, invalid(noMatch("no!", "qualifier", QUALIFIER_PATTERN))],
    [
      "a long qualifier and a malformed name, both at once",
      { Qualifier: long, FunctionName: farAway },
      invalid(
        `Value '${long}' at 'qualifier' failed to satisfy constraint: Member must have length less than or equal to 128`,
        noMatch(farAway),
      ),
    ],
    [
      "an unknown invocation type",
      { InvocationType: "Later" as "Event" },
      invalid(
        "Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
      ),
    ],
    [
      "a client context that is not JSON in Base64",
      { ClientContext: "?" },
      ["InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.", 400],
    ],
    [
      "an event over 1 MB",
      { InvocationType: "Event", Payload: JSON.stringify("x".repeat(2 ** 20 - 1)) },
      [
        "RequestEntityTooLargeException",
        "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)",
        413,
      ],
    ],
    [
      "a payload over 6 MB",
      { Payload: JSON.stringify("x".repeat(6 * 2 ** 20)) },
      [
        "RequestEntityTooLargeException",
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
        413,
      ],
    ],
  ];
  for (const [what, input, [name, message, status]] of refusals) {
    it(`refuses ${what}`.slice(0, 120), async () => {
      const server = await serveFunction(ECHO);
      expect(await refused(server, input)).to.include({ name, message, status });
    });
  }

  const malformed: [what: string, Uint8Array][] = [
    ["not UTF-8", Buffer.from("6e8772", "hex")],
    ["not JSON", Buffer.from("{")],
  ];
  for (const [what, Payload] of malformed) {
    it(`refuses a payload that is ${what}`, async () => {
      const server = await serveFunction(ECHO);
      const { name, message, status, Type } = await refused(server, { Payload });
      expect([name, status, Type]).to.deep.equal(["InvalidRequestContentException", 400, "User"]);
      expect(message).to.match(/^Could not parse request body into json: Could not parse payload into json: ./);
    });
  }

  it("takes no payload for an empty object, and passes the client context on", async () => {
    const server = await serveFunction(
      "exports.handler = async (event, { clientContext }) => ({ event, clientContext })",
    );
    const context = { custom: { foo: "bar" }, client: { snap: ["crackle"] }, env: {} };
    const ClientContext = Buffer.from(JSON.stringify(context)).toString("base64");
    const { result } = await invoke(server, {}, { Payload: undefined, ClientContext });
    expect(result).to.deep.equal({ event: {}, clientContext: context });
  });

  it("runs nothing in a dry run", async () => {
    const server = await serveFunction("exports.handler = async () => console.log('ran')");
    const { StatusCode, result, ExecutedVersion } = await invoke(server, {}, { InvocationType: "DryRun" });
    expect([StatusCode, result, ExecutedVersion]).to.deep.equal([204, undefined, undefined]);
    expect(server.lines).to.deep.equal([]);
  });

  describe("with the tail of the log", () => {
    async function tailOf(server: Served, payload = {}, options: Partial<InvokeCommandInput> = {}) {
      const { LogResult = "", $metadata } = await invoke(server, payload, { LogType: "Tail", ...options });
      const log = Buffer.from(LogResult, "base64").toString();
      const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
      return log
        .replaceAll($metadata.requestId ?? "no ID", "ID")
        .replace(time, "TIME")
        .replace(/[\d.]+ (ms|MB)/g, "N $1");
    }
    const REPORT =
      "REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\tMax Memory Used: N MB\t";

    it("shows what was printed between the platform's lines, and the cold start once", async () => {
      const server = await serveFunction(
        "exports.handler = async (event) => { console.log(event); console.warn('care'); process.stdout.write('raw\\n') }",
      );
      const lines =
        "START RequestId: ID Version: $LATEST\nTIME\tID\tINFO\t{}\nTIME\tID\tWARN\tcare\nraw\nEND RequestId: ID\n";
      expect(await tailOf(server)).to.equal(`${lines}${REPORT}Init Duration: N ms\t\n`);
      expect(await tailOf(server)).to.equal(`${lines}${REPORT}\t\n`.replace("\t\t\n", "\t\n"));
    });

    const ends: [what: string, code: string, printed: string, status: string][] = [
      [
        "an exception",
        "throw Object.assign(new RangeError('far'), { stack: 'RangeError: far' })",
        'TIME\tID\tERROR\tInvoke Error \t{"errorType":"RangeError","errorMessage":"far","stack":["RangeError: far"]}\n',
        "",
      ],
      ["a timeout", "for (;;);", "TIME ID Task timed out after 1.00 seconds\n\n", "Status: timeout\t"],
      [
        "an exit",
        "process.exit(3)",
        "RequestId: ID Error: Runtime exited with error: exit status 3\nRuntime.ExitError\n",
        "Status: error\tError Type: Runtime.ExitError\t",
      ],
    ];
    for (const [what, code, printed, status] of ends) {
      it(`shows ${what}`, async () => {
        const server = await serveFunction(`exports.handler = async () => { ${code} }`, { timeout: 1 });
        const end = `${printed}END RequestId: ID\n${REPORT}Init Duration: N ms\t${status}\n`;
        expect(await tailOf(server)).to.equal(`START RequestId: ID Version: $LATEST\n${end}`);
      });
    }

    it("has 4 KB at most", async () => {
      const server = await serveFunction("exports.handler = async () => console.log('x'.repeat(9000))");
      const { LogResult = "" } = await invoke(server, {}, { LogType: "Tail" });
      const log = Buffer.from(LogResult, "base64");
      expect(log.length).to.equal(4096);
      expect(log.toString()).to.match(/x\nEND RequestId: \S+\nREPORT .*\t\n$/);
    });

    it("is JSON where the function's log format is", async () => {
      const server = await serveFunction("exports.handler = async () => console.log('hello')", {
        loggingConfig: { logFormat: "JSON" },
      });
      const { LogResult = "" } = await invoke(server, {}, { LogType: "Tail" });
      const lines = Buffer.from(LogResult, "base64").toString().trim().split("\n");
      const records = lines.map((line) => JSON.parse(line));
      expect(records.map(({ type, message }) => type ?? message)).to.deep.equal([
        "platform.start",
        "hello",
        "platform.report",
      ]);
      expect(records[2].record).to.include({ status: "success" });
    });

    it("is left out unless it is asked for", async () => {
      expect((await invoke(await serveFunction(ECHO))).LogResult).to.equal(undefined);
    });
  });

  it("answers with the request's ID", async () => {
    const server = await serveFunction("exports.handler = async (event, { awsRequestId }) => awsRequestId");
    const { result, $metadata } = await invoke(server);
    expect(result).to.equal($metadata.requestId);
  });

  describe("with a response stream", () => {
    async function eventsOf({ endpoint, credentials }: Served, LogType?: "Tail") {
      const client = new LambdaClient({ endpoint, credentials, region: "eu-west-1", maxAttempts: 1 });
      const { EventStream = [], ExecutedVersion } = await client.send(
        new InvokeWithResponseStreamCommand({ FunctionName: "main", LogType }),
      );
      const chunks: string[] = [];
      let end: InvokeWithResponseStreamCompleteEvent = {};
      for await (const { PayloadChunk, InvokeComplete } of EventStream) {
        if (PayloadChunk) chunks.push(Buffer.from(PayloadChunk.Payload ?? []).toString());
        end = InvokeComplete ?? end;
      }
      return { chunks, ExecutedVersion, ...end };
    }

    it("sends each piece as the handler writes it", async () => {
      const server = await serveFunction(
        "exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('one'); stream.write('two'); stream.end() })",
      );
      const { chunks, LogResult, ExecutedVersion } = await eventsOf(server, "Tail");
      expect(ExecutedVersion).to.equal("$LATEST");
      expect(chunks).to.deep.equal(["one", "two"]);
      expect(Buffer.from(LogResult ?? "", "base64").toString()).to.match(/^START .*\nEND .*\nREPORT /);
    });

    it("sends what a handler returns in one piece", async () => {
      expect((await eventsOf(await serveFunction("exports.handler = async () => 'all'"))).chunks).to.deep.equal([
        '"all"',
      ]);
    });

    it("ends with the error of a handler that fails on the way", async () => {
      const server = await serveFunction(
        "exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('one'); throw new RangeError('far') })",
      );
      const { chunks, ErrorCode, ErrorDetails = "" } = await eventsOf(server);
      expect([chunks, ErrorCode]).to.deep.equal([["one"], "RangeError"]);
      expect(JSON.parse(ErrorDetails).errorMessage).to.equal("far");
    });
  });

  it("is refused for a function that is at its reserved concurrency, until the event before is over", async () => {
    const server = await serveFunction(
      "exports.handler = async ({ wait }) => { console.log('began'); await new Promise((r) => setTimeout(r, wait)) }",
      { reservedConcurrentExecutions: 1 },
    );
    const first = invoke(server, { wait: 1000 });
    await until(() => server.lines.some((line) => line.endsWith("| began")));
    const error = await invoke(server).catch((reason) => reason);
    expect(error).to.include({
      name: "TooManyRequestsException",
      message: "Rate Exceeded.",
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      Type: "User",
    });
    expect(error.$metadata.httpStatusCode).to.equal(429);
    await first;
    expect((await invoke(server, { wait: 0 })).StatusCode).to.equal(200);
  });

  it("is refused for a function whose reserved concurrency is 0", async () => {
    const server = await serveFunction(ECHO, { reservedConcurrentExecutions: 0 });
    expect(await refused(server, {})).to.include({ name: "TooManyRequestsException", status: 429 });
    expect(server.problems).to.deep.equal([]);
  });

  it("is refused where all reserved concurrency is provisioned for another version", async () => {
    const provisioned = resource("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", "warm", {
      functionName: "main",
      qualifier: "1",
      provisionedConcurrentExecutions: 1,
    });
    const server = await serveFunction(ECHO, { reservedConcurrentExecutions: 1, publish: true }, provisioned);
    expect(await refused(server, {})).to.include({ name: "TooManyRequestsException", status: 429 });
    expect((await invoke(server, {}, { Qualifier: "1" })).ExecutedVersion).to.equal("1");
  });
});
