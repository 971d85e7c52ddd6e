import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { invoke, serveFunction } from "../../../helpers/offline/functions";
import { graphOf, lambda } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

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

  const unserved: Record<string, [inputs: Properties, why: RegExp]> = {
    Java: [{ runtime: "java21" }, /the runtime java21 is not served: only nodejs\* and python3\.\* are$/],
    "a custom runtime": [{ runtime: "provided.al2023" }, /the runtime provided\.al2023 is not served: only/],
    "Python 2": [{ runtime: "python2.7" }, /the runtime python2\.7 is not served: only/],
    "a container image": [
      { packageType: "Image", imageUri: "1.dkr.ecr.eu-west-1.amazonaws.com/a:1", runtime: "" },
      /a container image is not run: give the code as an archive, for Node\.js or Python$/,
    ],
  };
  for (const [what, [inputs, why]] of Object.entries(unserved)) {
    it(`say at the start and when they are called that ${what} does not run offline`, async () => {
      const server = await serveFunction("", inputs);
      expect(server.problems).to.have.lengthOf(1);
      expect(server.problems[0])
        .to.match(/^function main does not run offline: /)
        .and.match(why);
      const { result, FunctionError } = await invoke(server);
      expect(FunctionError).to.equal("Unhandled");
      expect(result.errorMessage).to.match(why);
    });
  }

  it("are named together where the same thing keeps them from running", async () => {
    const images = ["a", "b", "c"].map((name) => lambda(name, "", { packageType: "Image" }));
    const server = await serveGraph(graphOf(temporaryFolder(), ...images));
    expect(server.problems).to.deep.equal([
      "functions a, b, c do not run offline: a container image is not run: give the code as an archive, for Node.js or Python",
    ]);
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
