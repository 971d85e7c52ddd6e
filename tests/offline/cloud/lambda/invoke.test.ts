import {
  type InvokeCommandInput,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamCompleteEvent,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { alias, CALL_ECHO, invoke, refused, serveFunction } from "../../../helpers/offline/functions";
import { resource } from "../../../helpers/offline/graph";
import { closeServers, type Served, until } from "../../../helpers/offline/served";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };

describe("Lambda's Invoke", () => {
  afterEach(closeServers);

  testFact(RECORDED, "says the version that ran for an alias that routes to two of them", async () => {
    const routingConfig = { additionalVersionWeights: { 2: 0.5 } };
    const server = await serveFunction(CALL_ECHO, { publish: true }, alias("both", { routingConfig }));
    const hit = new Set<string | undefined>();
    for (let call = 0; call < 100 && hit.size < 2; call++) {
      const { ExecutedVersion, result } = await invoke(server, {}, { Qualifier: "both" });
      expect(result.version).to.equal(ExecutedVersion);
      hit.add(ExecutedVersion);
    }
    expect([...hit].sort()).to.deep.equal(["1", "2"]);
  });

  testFact(RECORDED, "takes no payload for an empty object, and passes the client context on", async () => {
    const server = await serveFunction(
      "exports.handler = async (event, { clientContext }) => ({ event, clientContext })",
    );
    const context = { custom: { foo: "bar" }, client: { snap: ["crackle"] }, env: {} };
    const ClientContext = Buffer.from(JSON.stringify(context)).toString("base64");
    const { result } = await invoke(server, {}, { Payload: undefined, ClientContext });
    expect(result).to.deep.equal({ event: {}, clientContext: context });
  });

  testFact(RECORDED, "runs nothing in a dry run", async () => {
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

    testFact(RECORDED, "shows what was printed between the platform's lines, and the cold start once", async () => {
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
    testFacts(
      {
        ...RECORDED,
        facts: ends.map(([what, code, printed, status]) => ({ fact: `shows ${what}`, code, printed, status })),
      },
      async ({ code, printed, status }) => {
        const server = await serveFunction(`exports.handler = async () => { ${code} }`, { timeout: 1 });
        const end = `${printed}END RequestId: ID\n${REPORT}Init Duration: N ms\t${status}\n`;
        expect(await tailOf(server)).to.equal(`START RequestId: ID Version: $LATEST\n${end}`);
      },
    );

    testFact(RECORDED, "has 4 KB at most", async () => {
      const server = await serveFunction("exports.handler = async () => console.log('x'.repeat(9000))");
      const { LogResult = "" } = await invoke(server, {}, { LogType: "Tail" });
      const log = Buffer.from(LogResult, "base64");
      expect(log.length).to.equal(4096);
      expect(log.toString()).to.match(/x\nEND RequestId: \S+\nREPORT .*\t\n$/);
    });

    testFact(RECORDED, "is JSON where the function's log format is", async () => {
      const code = "console.log('hello'); await new Promise((resolve) => setTimeout(resolve, 5));";
      const server = await serveFunction(`exports.handler = async () => { ${code} }`, {
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
      expect(records[0].time <= records[1].timestamp).to.equal(true);
    });

    it("is left out unless it is asked for", async () => {
      expect((await invoke(await serveFunction(CALL_ECHO))).LogResult).to.equal(undefined);
    });
  });

  testFact(RECORDED, "answers with the request's ID", async () => {
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

    testFact(RECORDED, "sends each piece as the handler writes it", async () => {
      const server = await serveFunction(
        "exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('one'); stream.write('two'); stream.end() })",
      );
      const { chunks, LogResult, ExecutedVersion } = await eventsOf(server, "Tail");
      expect(ExecutedVersion).to.equal("$LATEST");
      expect(chunks).to.deep.equal(["one", "two"]);
      expect(Buffer.from(LogResult ?? "", "base64").toString()).to.match(/^START .*\nEND .*\nREPORT /);
    });

    testFact(RECORDED, "sends what a handler returns in one piece", async () => {
      expect((await eventsOf(await serveFunction("exports.handler = async () => 'all'"))).chunks).to.deep.equal([
        '"all"',
      ]);
    });

    testFact(RECORDED, "ends with the error of a handler that fails on the way", async () => {
      const server = await serveFunction(
        "exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('one'); throw new RangeError('far') })",
      );
      const { chunks, ErrorCode, ErrorDetails = "" } = await eventsOf(server);
      expect([chunks, ErrorCode]).to.deep.equal([["one"], "RangeError"]);
      expect(JSON.parse(ErrorDetails).errorMessage).to.equal("far");
    });
  });

  testFact(
    RECORDED,
    "is refused for a function that is at its reserved concurrency, until the event before is over",
    async () => {
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
    },
  );

  testFact(RECORDED, "is refused for a function whose reserved concurrency is 0", async () => {
    const server = await serveFunction(CALL_ECHO, { reservedConcurrentExecutions: 0 });
    expect(await refused(server, {})).to.include({ name: "TooManyRequestsException", status: 429 });
    expect(server.problems).to.deep.equal([]);
  });

  testFact(RECORDED, "is refused where all reserved concurrency is provisioned for another version", async () => {
    const provisioned = resource("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", "warm", {
      functionName: "main",
      qualifier: "1",
      provisionedConcurrentExecutions: 1,
    });
    const server = await serveFunction(CALL_ECHO, { reservedConcurrentExecutions: 1, publish: true }, provisioned);
    expect(await refused(server, {})).to.include({ name: "TooManyRequestsException", status: 429 });
    expect((await invoke(server, {}, { Qualifier: "1" })).ExecutedVersion).to.equal("1");
  });
});
