import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { graphOf, lambda, resource, temporaryFolder } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";

const directory = temporaryFolder();

async function start(
  code: string | Record<string, string>,
  inputs: Properties = {},
  more = [] as ReturnType<typeof lambda>[],
) {
  return serveGraph(graphOf(directory, lambda("main", code, inputs), ...more));
}

async function invoke({ endpoint, credentials }: Served, payload: unknown = {}, options = {}) {
  const client = new LambdaClient({ endpoint, region: "eu-west-1", credentials, maxAttempts: 1 });
  const input = { FunctionName: "main", Payload: JSON.stringify(payload), ...options };
  const { Payload, ...rest } = await client.send(new InvokeCommand(input));
  const text = Payload?.transformToString();
  return { ...rest, result: text ? JSON.parse(text) : undefined };
}

describe("Lambda functions", () => {
  afterEach(closeServers);

  describe("what a function sees", () => {
    it("gets the event, and a context with name, ARN, memory and remaining time", async () => {
      const server = await start(
        "exports.handler = async (event, c) => ({ event, name: c.functionName, arn: c.invokedFunctionArn, memory: c.memoryLimitInMB, left: c.getRemainingTimeInMillis(), group: c.logGroupName })",
        { memorySize: 256, timeout: 7 },
      );
      const { result } = await invoke(server, { a: 1 });
      expect(result).to.deep.include({
        event: { a: 1 },
        name: "main",
        arn: "arn:aws:lambda:eu-west-1:123456789012:function:main",
        memory: "256",
        group: "/aws/lambda/main",
      });
      expect(result.left).to.be.within(6000, 7000);
    });

    it("has its own environment and Lambda's, and nothing of this process", async () => {
      process.env.PARENTS_SECRET = "parent";
      const server = await start("exports.handler = async () => process.env", {
        environment: { variables: { TABLE: "items", NODE_OPTIONS: "--max-old-space-size=1" } },
      });
      const { result } = await invoke(server);
      delete process.env.PARENTS_SECRET;
      expect(result).to.include({
        TABLE: "items",
        AWS_REGION: "eu-west-1",
        AWS_LAMBDA_FUNCTION_NAME: "main",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
        AWS_ENDPOINT_URL: server.endpoint,
        AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
        _HANDLER: "index.handler",
      });
      expect(result).not.to.have.any.keys("PARENTS_SECRET", "HOME", "NODE_OPTIONS");
    });

    it("is called through an alias with the alias in its ARN", async () => {
      const alias = resource("aws:lambda/alias:Alias", "live", {
        name: "live",
        functionName: "main",
        functionVersion: "1",
      });
      const server = await start("exports.handler = async (e, c) => c.invokedFunctionArn", {}, [alias]);
      const { result, ExecutedVersion } = await invoke(server, {}, { Qualifier: "live" });
      expect(result).to.match(/function:main:live$/);
      expect(ExecutedVersion).to.equal("live");
    });
  });

  describe("how handlers are written", () => {
    const styles: Record<string, [string | Record<string, string>, Properties?]> = {
      async: ["exports.handler = async () => 'answer'"],
      callback: ["exports.handler = (e, c, done) => setTimeout(() => done(null, 'answer'), 5)"],
      "context.succeed": ["exports.handler = (e, c, done) => c.succeed('answer')"],
      "an ES module": [{ "index.mjs": "export const handler = async () => 'answer'" }],
      "an ES module with top-level await": [
        { "index.mjs": "const a = await 'answer'; export const handler = async () => a" },
      ],
      "type module": [
        { "index.js": "export const handler = async () => 'answer'", "package.json": '{"type":"module"}' },
      ],
      "in a folder": [{ "src/app.js": "exports.main = async () => 'answer'" }, { handler: "src/app.main" }],
      "nested exports": ["exports.a = { b: async () => 'answer' }", { handler: "index.a.b" }],
    };
    for (const [style, [code, inputs]] of Object.entries(styles)) {
      it(`runs one written as ${style}`, async () => {
        const { result } = await invoke(await start(code, inputs));
        expect(result).to.equal("answer");
      });
    }

    it("refuses callback handlers from nodejs24.x on, as Lambda does", async () => {
      const server = await start("exports.handler = (e, c, done) => done(null, 1)", { runtime: "nodejs24.x" });
      const { result } = await invoke(server);
      expect(result.errorType).to.equal("Runtime.CallbackHandlerDeprecated");
    });
  });

  describe("failures are contained: the caller learns of them and the next event is served", () => {
    const flaky = (failure: string) =>
      `exports.handler = async (event) => { if (event.fail) { ${failure} } return "served" }`;
    const failures: Record<string, [code: string, errorType: string, message: RegExp]> = {
      "an exception": [flaky("throw new RangeError('too far')"), "RangeError", /too far/],
      "an endless loop": [flaky("for (;;);"), "Sandbox.Timedout", /^Task timed out after 1\.00 seconds$/],
      "a promise that never settles": [
        flaky("await new Promise(() => setInterval(() => {}, 1000))"),
        "Sandbox.Timedout",
        /timed out/,
      ],
      "process.exit": [flaky("process.exit(3)"), "Runtime.ExitError", /exit status 3/],
      "an uncaught exception": [
        flaky("setTimeout(() => { throw new TypeError('later') }); await new Promise(() => {})"),
        "TypeError",
        /later/,
      ],
      "an unhandled rejection": [
        flaky("Promise.reject(new Error('lost')); await new Promise(() => {})"),
        "Runtime.UnhandledPromiseRejection",
        /lost/,
      ],
      "more memory than it has": [
        flaky("const all = []; for (;;) all.push(new Array(1e4).fill({}))"),
        "Runtime.OutOfMemory",
        /memorySize of 64 MB/,
      ],
      "a result that is no JSON": [flaky("return 1n"), "Runtime.MarshalError", /BigInt/],
      "a result over 6 MB": [flaky("return 'x'.repeat(6291557)"), "Function.ResponseSizeTooLarge", /6291556/],
    };
    for (const [failure, [code, errorType, message]] of Object.entries(failures)) {
      it(failure, async () => {
        const server = await start(code, { timeout: failure.includes("memory") ? 15 : 1, memorySize: 64 });
        const { result, FunctionError } = await invoke(server, { fail: true });
        expect(FunctionError).to.equal("Unhandled");
        expect(result.errorType).to.equal(errorType);
        expect(result.errorMessage).to.match(message);
        expect((await invoke(server)).result).to.equal("served");
      });
    }

    const unloadable: Record<
      string,
      [code: string | Record<string, string>, errorType: string, message: RegExp, Properties?]
    > = {
      "a handler that is not exported": ["exports.other = 1", "Runtime.HandlerNotFound", /index\.handler is undefined/],
      "a module that is missing": ["require('./nowhere')", "Runtime.ImportModuleError", /nowhere/],
      "a file that is missing": ["", "Runtime.ImportModuleError", /Cannot find app\.js/, { handler: "app.handler" }],
      "a syntax error": ["exports.handler = async () => {", "Runtime.UserCodeSyntaxError", /index\.js:1/],
      "an exception while loading": ["throw new Error('no configuration')", "Error", /no configuration/],
      "a handler name without an export": ["", "Runtime.MalformedHandlerName", /file\.export/, { handler: "index" }],
    };
    for (const [failure, [code, errorType, message, inputs]] of Object.entries(unloadable)) {
      it(failure, async () => {
        const { result } = await invoke(await start(code, inputs));
        expect(result.errorType).to.equal(errorType);
        expect(result.errorMessage).to.match(message);
      });
    }

    it("a function of another runtime says that it does not run, and why", async () => {
      const server = await start("", { runtime: "python3.13" });
      expect(server.problems.join()).to.match(/main does not run offline: its runtime is python3\.13/);
      expect((await invoke(server)).result.errorMessage).to.match(/python3\.13/);
    });
  });

  it("runs one event at a time in a worker and several events in several workers", async () => {
    const server = await start(
      "let busy = false; exports.handler = async () => { if (busy) return 'shared'; busy = true; await new Promise(r => setTimeout(r, 400)); busy = false; return require('worker_threads').threadId }",
    );
    const results = await Promise.all(Array.from({ length: 4 }, () => invoke(server)));
    const threads = results.map(({ result }) => result);
    expect(threads).not.to.include("shared");
    expect(new Set(threads).size).to.be.greaterThan(1);
  });

  it("never runs more events at once than the reserved concurrency", async () => {
    const server = await start(
      "exports.handler = async () => { await new Promise(r => setTimeout(r, 30)); return require('worker_threads').threadId }",
      {
        reservedConcurrentExecutions: 1,
      },
    );
    const results = await Promise.all(Array.from({ length: 4 }, () => invoke(server)));
    expect(new Set(results.map(({ result }) => result)).size).to.equal(1);
  });

  it("logs what a function prints with its name and request, and one line for each invocation", async () => {
    const server = await start(
      "exports.handler = async () => { console.log('one\\ntwo'); process.stderr.write('three\\n') }",
    );
    await invoke(server);
    const [first = "", second, third, report] = server.lines;
    expect(first).to.match(/^main [0-9a-f]{8} \| one$/);
    expect([second, third]).to.deep.equal([first.replace("one", "two"), first.replace("one", "three")]);
    expect(report).to.match(/^main [0-9a-f]{8} \| [\d.]+ ms, cold start \d+ ms, \d+ of 128 MB$/);
    await invoke(server);
    expect(server.lines.at(-1)).not.to.include("cold start");
  });

  it("answers asynchronous invocations at once and runs them", async () => {
    const server = await start("exports.handler = async () => { console.log('ran') }");
    const { StatusCode } = await invoke(server, {}, { InvocationType: "Event" });
    expect(StatusCode).to.equal(202);
    await invoke(server);
    expect(server.lines.filter((line) => line.endsWith("| ran"))).to.have.length(2);
  });

  it("names the functions there are when asked for another", async () => {
    const server = await start("exports.handler = async () => 1");
    const error = await invoke(server, {}, { FunctionName: "nowhere" }).catch((reason) => reason);
    expect(error.name).to.equal("ResourceNotFoundException");
    expect(error.message).to.match(/nowhere.*The program has main/);
  });
});
