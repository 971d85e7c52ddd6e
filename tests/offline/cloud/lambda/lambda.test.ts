import { expect } from "chai";
import { invoke, serveFunction } from "../../../helpers/offline/functions";
import { closeServers } from "../../../helpers/offline/served";

describe("Lambda functions", () => {
  afterEach(closeServers);

  describe("report a failure to the caller, and serve the next event, after", () => {
    const flaky = (failure: string) =>
      `exports.handler = async (event) => { if (event.fail) { ${failure} } return "served" }`;
    const failures: Record<string, [code: string, errorType: string, message: RegExp]> = {
      "an exception": [flaky("throw new RangeError('too far')"), "RangeError", /too far/],
      "an endless loop": [flaky("for (;;);"), "Sandbox.Timedout", /Task timed out after 1\.00 seconds$/],
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
        /^Error: lost$/,
      ],
      "more memory than it has": [
        flaky("const all = []; for (;;) all.push(new Array(1e4).fill({}))"),
        "Runtime.OutOfMemory",
        /memorySize of 64 MB/,
      ],
      "a result that is not JSON": [flaky("return 1n"), "Error", /Unable to stringify response body/],
      "a result over 6 MB": [flaky("return 'x'.repeat(6291557)"), "Function.ResponseSizeTooLarge", /6291556/],
    };
    for (const [failure, [code, errorType, message]] of Object.entries(failures)) {
      it(failure, async () => {
        const server = await serveFunction(code, { timeout: failure.includes("memory") ? 15 : 1, memorySize: 64 });
        const { result, FunctionError } = await invoke(server, { fail: true });
        expect(FunctionError).to.equal("Unhandled");
        expect(result.errorType).to.equal(errorType);
        expect(result.errorMessage).to.match(message);
        expect((await invoke(server)).result).to.equal("served");
      });
    }
  });

  it("say that they do not run offline, and why, if their runtime is another", async () => {
    const server = await serveFunction("", { runtime: "python3.13" });
    expect(server.problems.join()).to.match(/main does not run offline: its runtime is python3\.13/);
    expect((await invoke(server)).result.errorMessage).to.match(/python3\.13/);
  });

  it("run one event at a time in a worker, and several events in several workers", async () => {
    const server = await serveFunction(
      "let busy = false; exports.handler = async () => { if (busy) return 'shared'; busy = true; await new Promise(r => setTimeout(r, 400)); busy = false; return require('worker_threads').threadId }",
    );
    const results = await Promise.all(Array.from({ length: 4 }, () => invoke(server)));
    const threads = results.map(({ result }) => result);
    expect(threads).not.to.include("shared");
    expect(new Set(threads).size).to.be.greaterThan(1);
  });

  it("log what they print, with their name and the request, and a summary of each invocation", async () => {
    const server = await serveFunction(
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

  it("run asynchronous invocations, which are answered at once", async () => {
    const server = await serveFunction("exports.handler = async () => { console.log('ran') }");
    const { StatusCode } = await invoke(server, {}, { InvocationType: "Event" });
    expect(StatusCode).to.equal(202);
    await invoke(server);
    expect(server.lines.filter((line) => line.endsWith("| ran"))).to.have.length(2);
  });

  it("are listed in the log when an unknown one is invoked", async () => {
    const server = await serveFunction("exports.handler = async () => 1");
    await invoke(server, {}, { FunctionName: "nowhere" }).catch(() => undefined);
    expect(server.lines.join("\n")).to.match(
      /^error: Function not found: \S+:nowhere:\$LATEST; the program has main$/m,
    );
  });
});
