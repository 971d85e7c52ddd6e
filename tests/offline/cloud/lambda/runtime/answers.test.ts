import { expect } from "chai";
import { invoke, resultOf, serveFunction } from "../../../../helpers/offline/functions";
import { closeServers } from "../../../../helpers/offline/served";

/** The last runtime that calls callback handlers, and the first one that does not. */
const OLD = { runtime: "nodejs22.x" };
const NEW = { runtime: "nodejs24.x" };

const EXITED = /^RequestId: [\da-f-]{36} Error: Runtime exited with error: exit status 1$/;

describe("What a Lambda function answers", () => {
  afterEach(closeServers);

  describe("before nodejs24.x", () => {
    it("is null when the handler returns without a promise, and the log says why", async () => {
      const server = await serveFunction("exports.handler = () => ({ statusCode: 200 })", OLD);
      expect((await invoke(server)).result).to.equal(null);
      expect(server.lines.join("\n")).to.match(/ignores what a handler returns without a promise/);
    });

    it("is null as soon as nothing is left that could settle the handler's promise", async () => {
      const server = await serveFunction("exports.handler = async () => new Promise(() => {})", {
        ...OLD,
        timeout: 900,
      });
      expect((await invoke(server)).result).to.equal(null);
      expect((await invoke(server)).result).to.equal(null);
      expect(server.lines.join("\n"))
        .to.match(/promise never settles/)
        .and.not.match(/cold start.*cold start/s);
    });

    it("is null, once its work is over, when the handler never calls back", async () => {
      const code = "exports.handler = (e, c, done) => { setTimeout(() => console.log('worked'), 20) }";
      const server = await serveFunction(code, OLD);
      expect((await invoke(server)).result).to.equal(null);
      expect(server.lines.join("\n")).to.match(/\| worked$/m);
    });

    /** A handler whose answer says whether a timer fired first. */
    const waiting = (call: string) =>
      `exports.handler = (event, context, callback) => {
         const answer = { waited: false };
         setTimeout(() => { answer.waited = true }, 30);
         ${call};
       }`;
    const answers: Record<string, [call: string, waited: boolean]> = {
      "a callback, once the event loop is empty": ["callback(null, answer)", true],
      "a callback that does not wait": [
        "context.callbackWaitsForEmptyEventLoop = false; callback(null, answer)",
        false,
      ],
      "context.succeed": ["context.succeed(answer)", false],
      "context.done": ["context.done(null, answer)", false],
      "a promise": ["return Promise.resolve(answer)", false],
      "whatever comes first": ["callback(null, answer); context.succeed('second'); return Promise.resolve(3)", true],
    };
    for (const [what, [call, waited]] of Object.entries(answers)) {
      it(`is that of ${what}`, async () => {
        expect(await resultOf(waiting(call), OLD)).to.deep.equal({ waited });
      });
    }

    const failures: Record<string, [call: string, error: object]> = {
      "a callback": ["callback(new TypeError('no'))", { errorType: "TypeError", errorMessage: "no" }],
      "a callback given a text": ["callback('no')", { errorType: "string", errorMessage: "no", trace: [] }],
      "context.fail": ["context.fail(new TypeError('no'))", { errorType: "TypeError", errorMessage: "no" }],
      "context.fail without an error": ["context.fail()", { errorType: "string", errorMessage: "handled", trace: [] }],
      "a promise rejected with nothing": [
        "return Promise.reject()",
        { errorType: "string", errorMessage: "handled", trace: [] },
      ],
      "an exception": ["throw new TypeError('no')", { errorType: "TypeError", errorMessage: "no" }],
    };
    for (const [what, [call, error]] of Object.entries(failures)) {
      it(`is the error of ${what} at once, whatever is left to do`, async () => {
        const code = `exports.handler = (event, context, callback) => { setInterval(() => {}, 9); ${call} }`;
        expect(await resultOf(code, OLD)).to.deep.include(error);
      });
    }

    it("stays the same when a promise that was left behind is rejected, and the next event gets a new worker", async () => {
      const code = "let calls = 0; exports.handler = async () => { Promise.reject(new Error('lost')); return ++calls }";
      const server = await serveFunction(code, { ...OLD, reservedConcurrentExecutions: 1 });
      for (let call = 0; call < 3; call++) expect((await invoke(server)).result).to.equal(1);
      expect(server.lines.join("\n")).to.match(/\| Runtime.UnhandledPromiseRejection: Error: lost\n.* at .*index\.js/);
    });

    it("is an unhandled rejection if that comes first, with the stack of its reason", async () => {
      const code = "exports.handler = () => { Promise.reject(new RangeError('lost')); setInterval(() => {}, 9) }";
      const { trace, ...error } = await resultOf(code, OLD);
      expect(error).to.deep.equal({
        errorType: "Runtime.UnhandledPromiseRejection",
        errorMessage: "RangeError: lost",
      });
      expect(trace[0]).to.equal("Runtime.UnhandledPromiseRejection: RangeError: lost");
      expect(trace[1]).to.match(/at exports\.handler .*index\.js:1/);
    });

    it("is an error if the result cannot be JSON", async () => {
      expect(await resultOf("exports.handler = async () => 1n", OLD)).to.deep.include({
        errorType: "Error",
        errorMessage: "Unable to stringify response body",
      });
    });
  });

  describe("from nodejs24.x on", () => {
    it("is what the handler returns, with or without a promise", async () => {
      expect(await resultOf("exports.handler = () => 'plain'", NEW)).to.equal("plain");
      expect(await resultOf("exports.handler = async () => 'promised'", NEW)).to.equal("promised");
    });

    it("does not wait for what the handler leaves behind", async () => {
      const code = "exports.handler = async () => { setInterval(() => {}, 9); return 'answered' }";
      expect(await resultOf(code, NEW)).to.equal("answered");
    });

    it("is the runtime's exit when nothing is left that could settle the handler's promise", async () => {
      const code = "exports.handler = async ({ hang }) => hang ? new Promise(() => {}) : 'served'";
      const server = await serveFunction(code, { ...NEW, timeout: 900 });
      const { result } = await invoke(server, { hang: true });
      expect(result.errorType).to.equal("Runtime.ExitError");
      expect(result.errorMessage).to.match(/^RequestId: \S+ Error: Runtime exited without providing a reason$/);
      expect(server.lines.join("\n")).to.match(/promise never settles/);
      expect((await invoke(server)).result).to.equal("served");
    });

    const crashes = {
      "an uncaught exception": "setTimeout(() => { throw new TypeError('later') }); await new Promise(() => {})",
      "a rejection that nothing handles, even beside a result": "Promise.reject(new TypeError('later')); return 1",
    };
    for (const [what, crash] of Object.entries(crashes)) {
      it(`is the runtime's exit after ${what}, and the log shows the stack`, async () => {
        const server = await serveFunction(`exports.handler = async () => { ${crash} }`, NEW);
        const { result } = await invoke(server);
        expect(result).to.have.all.keys("errorType", "errorMessage");
        expect(result.errorType).to.equal("Runtime.ExitError");
        expect(result.errorMessage).to.match(EXITED);
        expect(server.lines.join("\n")).to.match(/\| TypeError: later\n.* at .*index\.js/);
      });
    }

    it("is an error if the result cannot be JSON", async () => {
      expect(await resultOf("exports.handler = async () => 1n", NEW)).to.deep.include({
        errorType: "Runtime.JSONStringifyError",
        errorMessage: "Unable to stringify response body",
      });
    });

    it("says what was thrown when that is not an error", async () => {
      const rejection = (value: string) => resultOf(`exports.handler = async () => { throw ${value} }`, NEW);
      expect(await rejection("undefined")).to.deep.equal({
        errorType: "undefined",
        errorMessage: "undefined",
        trace: [],
      });
      expect(await rejection("{ code: 1 }")).to.deep.equal({
        errorType: "object",
        errorMessage: "[object Object]",
        trace: [],
      });
    });

    it("is a refusal when the handler takes a callback", async () => {
      const result = await resultOf("exports.handler = (event, context, callback) => callback(null, 1)", NEW);
      expect(result.errorType).to.equal("Runtime.CallbackHandlerDeprecated");
      expect(result.errorMessage).to.match(
        /^ERROR: AWS Lambda has removed support for callback-based .* Node\.js 24\./,
      );
    });
  });

  it("names the request, without a trace, when the platform ends the function", async () => {
    const server = await serveFunction("exports.handler = async () => { for (;;); }", { timeout: 1 });
    const { result } = await invoke(server);
    expect(result).to.have.all.keys("errorType", "errorMessage");
    expect(result.errorType).to.equal("Sandbox.Timedout");
    expect(result.errorMessage).to.match(/^RequestId: [\da-f-]{36} Error: Task timed out after 1\.00 seconds$/);
    expect(server.lines.join("\n")).to.match(/\| Sandbox.Timedout: Task timed out after 1\.00 seconds$/m);
  });

  it("is an error without a trace if it has more than 6 MB", async () => {
    expect(await resultOf("exports.handler = async () => 'x'.repeat(6291557)")).to.deep.equal({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    });
  });
});
