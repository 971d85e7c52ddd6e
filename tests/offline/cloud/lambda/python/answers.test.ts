import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { recordedByLocalstack, testFact, testFacts } from "../../../../helpers/facts";
import { invoke } from "../../../../helpers/offline/functions";
import { needsPython, pythonResult, servePython } from "../../../../helpers/offline/python";
import { closeServers } from "../../../../helpers/offline/served";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };

const RUNTIME = { service: "Lambda", source: "the sources of AWS's runtime for Python (awslambdaric 4.2.2)" };

const UUID = /^[\da-f-]{36}$/;

describe("What a Lambda function in Python answers", () => {
  needsPython();
  afterEach(closeServers);

  const results: Record<string, [expression: string, answer: unknown]> = {
    "what the handler returns": [
      "{'event': event, 'list': [1, 2.5, None, True]}",
      { event: { a: "é" }, list: [1, 2.5, null, true] },
    ],
    "null for nothing": ["None", null],
    "text that looks like a mark": ["'\"5\"'", '"5"'],
    "bytes as they are": ["b'{\"raw\": 1}'", { raw: 1 }],
  };
  testFacts(
    {
      ...RUNTIME,
      facts: Object.entries(results).map(([what, [expression, answer]]) => ({
        fact: `is ${what}`,
        expression,
        answer,
      })),
    },
    async ({ expression, answer }) => {
      const server = await servePython(`def handler(event, context):\n    return ${expression}`);
      expect((await invoke(server, { a: "é" })).result).to.deep.equal(answer);
    },
  );

  testFact(RUNTIME, "has all digits of decimals, of which DynamoDB's items are full", async () => {
    const code =
      "from decimal import Decimal\ndef handler(event, context):\n    return [Decimal('1.10'), Decimal(10 ** 20)]";
    const { endpoint, credentials } = await servePython(code);
    const client = new LambdaClient({ endpoint, region: "eu-west-1", credentials });
    const { Payload } = await client.send(new InvokeCommand({ FunctionName: "main" }));
    expect(Payload?.transformToString()).to.equal("[1.10, 100000000000000000000]");
  });

  testFact(RECORDED, "is the exception's type, message, request and frames", async () => {
    const server = await servePython("def handler(event, context):\n    raise Exception('Handler fails')\n");
    const { result, FunctionError } = await invoke(server);
    expect(FunctionError).to.equal("Unhandled");
    expect(result).to.have.all.keys("errorMessage", "errorType", "requestId", "stackTrace");
    expect(result).to.include({ errorMessage: "Handler fails", errorType: "Exception" });
    expect(result.requestId).to.match(UUID);
    expect(result.stackTrace).to.have.lengthOf(1);
    expect(result.stackTrace[0]).to.match(
      /^ {2}File ".*\/index\.py", line 2, in handler\n {4}raise Exception\('Handler fails'\)\n$/,
    );
    expect(server.lines.join("\n")).to.match(
      / \| Exception: Handler fails\n.* \| {3}File ".*index\.py", line 2, in handler\n.* \| {5}raise Exception/,
    );
  });

  testFact(RECORDED, "has no request if the code fails while it is loaded, but the frames of the import", async () => {
    const { stackTrace, ...error } = await pythonResult("raise Exception('Runtime startup fails')\n");
    expect(error).to.deep.equal({ errorMessage: "Runtime startup fails", errorType: "Exception", requestId: "" });
    expect(stackTrace[0]).to.match(/^ {2}File ".*importlib\/__init__\.py", line \d+, in import_module\n/);
    expect(stackTrace.at(-1)).to.match(/index\.py", line 1, in <module>\n {4}raise Exception/);
  });

  const faults: Record<string, [files: Record<string, string>, handler: string, type: string, message: RegExp]> = {
    "a module that does not exist": [
      {},
      "nowhere.handler",
      "Runtime.ImportModuleError",
      /^Unable to import module 'nowhere': No module named 'nowhere'$/,
    ],
    "a package that is missing": [
      { "index.py": "import nowhere" },
      "index.handler",
      "Runtime.ImportModuleError",
      /^Unable to import module 'index': No module named 'nowhere'$/,
    ],
    "a function that does not exist": [
      { "index.py": "" },
      "index.handler",
      "Runtime.HandlerNotFound",
      /^Handler 'handler' missing on module 'index'$/,
    ],
    "a syntax error": [
      { "index.py": "def handler(:" },
      "index.handler",
      "Runtime.UserCodeSyntaxError",
      /^Syntax error in module 'index': invalid syntax \(index\.py, line 1\)$/,
    ],
    "a handler name without a function": [
      { "index.py": "" },
      "index",
      "Runtime.MalformedHandlerName",
      /^Bad handler 'index': not enough values to unpack \(expected 2, got 1\)$/,
    ],
    "a handler that is named like a module of Python itself": [
      { "time.py": "" },
      "time.handler",
      "Runtime.BuiltInModuleConflict",
      /^Cannot use built-in module time as a handler module$/,
    ],
  };
  testFacts(
    {
      ...RUNTIME,
      facts: Object.entries(faults).map(([what, [files, handler, errorType, message]]) => ({
        fact: `names ${what} in Lambda's words`,
        files,
        handler,
        errorType,
        message,
      })),
    },
    async ({ files, handler, errorType, message }) => {
      const result = await pythonResult({ "other.txt": "", ...files }, { handler });
      expect(result).to.include({ errorType, requestId: "" });
      expect(result.errorMessage).to.match(message);
    },
  );

  testFact(RUNTIME, "shows the line of a syntax error", async () => {
    const { stackTrace } = await pythonResult("x = 1\ndef handler(:\n");
    expect(stackTrace).to.have.lengthOf(1);
    expect(stackTrace[0]).to.match(/^ {2}File ".*\/index\.py" Line 2\n {4}def handler\(:\n$/);
  });

  testFact(RUNTIME, "is a marshalling error if the result cannot be JSON", async () => {
    const result = await pythonResult("def handler(event, context):\n    return {1, 2}");
    expect(result).to.deep.include({
      errorType: "Runtime.MarshalError",
      errorMessage: "Unable to marshal response: Object of type set is not JSON serializable",
      stackTrace: [],
    });
    expect(result.requestId).to.match(UUID);
  });

  testFact(RECORDED, "is an error without a trace if it has more than 6 MB, and the next event is served", async () => {
    const server = await servePython("def handler(event, context):\n    return 'x' * event['size']");
    expect((await invoke(server, { size: 6291557 })).result).to.deep.equal({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    });
    expect((await invoke(server, { size: 6291554 })).result).to.have.lengthOf(6291554);
  });

  const exits: Record<string, [statement: string, message: RegExp]> = {
    "sys.exit(0)": ["sys.exit(0)", / Error: Runtime exited without providing a reason$/],
    "sys.exit(3)": ["sys.exit(3)", / Error: Runtime exited with error: exit status 3$/],
    "os._exit(4)": ["os._exit(4)", / Error: Runtime exited with error: exit status 4$/],
    "a signal": ["os.kill(os.getpid(), 9)", / Error: Runtime exited with error: signal: killed$/],
  };
  testFacts(
    {
      ...RECORDED,
      facts: Object.entries(exits).map(([what, [statement, message]]) => ({
        fact: `is the runtime's exit after ${what}, and the next event gets a new process`,
        statement,
        message,
      })),
    },
    async ({ statement, message }) => {
      const code = `import os, sys\ndef handler(event, context):\n    if event.get('exit'): ${statement}\n    return 'served'`;
      const server = await servePython(code);
      const { result } = await invoke(server, { exit: true });
      expect(result).to.have.all.keys("errorType", "errorMessage");
      expect(result.errorType).to.equal("Runtime.ExitError");
      expect(result.errorMessage).to.match(message);
      expect((await invoke(server)).result).to.equal("served");
    },
  );

  testFact(RECORDED, "is the runtime's exit if the code exits while it is loaded", async () => {
    const result = await pythonResult("import sys\nsys.exit(0)");
    expect(result.errorType).to.equal("Runtime.ExitError");
    expect(result.errorMessage).to.match(/Error: Runtime exited without providing a reason$/);
  });

  testFact(RECORDED, "is a timeout if the handler takes longer than it may", async () => {
    const code =
      "import time\ndef handler(event, context):\n    time.sleep(event.get('sleep', 0))\n    return 'served'";
    const server = await servePython(code, { timeout: 1 });
    const { result } = await invoke(server, { sleep: 60 });
    expect(result.errorType).to.equal("Sandbox.Timedout");
    expect(result.errorMessage).to.match(/^RequestId: [\da-f-]{36} Error: Task timed out after 1\.00 seconds$/);
    expect((await invoke(server)).result).to.equal("served");
  });
});
