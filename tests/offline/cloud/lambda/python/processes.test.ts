import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { Archive } from "../../../../../offline/engine/values";
import { invoke } from "../../../../helpers/offline/functions";
import { graphOf, lambda, lambdaOf } from "../../../../helpers/offline/graph";
import { needsPython, pythonResult, servePython } from "../../../../helpers/offline/python";
import { closeServers, serveGraph, until } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const PROCESS = "import os\ndef handler(event, context):\n    return os.getpid()";

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    // Processes that nobody has waited for count as running.
    return !/^\d+ \(.*\) Z/.test(fs.readFileSync(`/proc/${processId}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("A Lambda function in Python", () => {
  needsPython();
  afterEach(closeServers);

  it("stays loaded between events", async () => {
    const server = await servePython(
      "calls = 0\ndef handler(event, context):\n    global calls\n    calls += 1\n    return calls",
    );
    const results = [await invoke(server), await invoke(server), await invoke(server)];
    expect(results.map(({ result }) => result)).to.deep.equal([1, 2, 3]);
    expect(server.lines.join("\n"))
      .to.match(/cold start/)
      .and.not.match(/cold start.*cold start/s);
  });

  const handlers: Record<string, [file: string, handler: string]> = {
    "a file in a folder": ["src/app.py", "src/app.main"],
    "a module in a package": ["src/app.py", "src.app.main"],
    "a package": ["app/__init__.py", "app.main"],
    "a file that is called like one of the runtime": ["main.py", "main.main"],
  };
  for (const [what, [file, handler]] of Object.entries(handlers)) {
    it(`finds its handler in ${what}`, async () => {
      const files = { [file]: "def main(event, context):\n    return 'answer'" };
      expect(await pythonResult(files, { handler })).to.equal("answer");
    });
  }

  it("has its code as the working directory, an empty standard input, and its modules before others", async () => {
    const files = {
      "index.py":
        "import channel, sys\ndef handler(event, context):\n    return [channel.own, open('a.txt').read(), sys.stdin.read()]",
      "channel.py": "own = 'mine'",
      "a.txt": "text",
    };
    expect(await pythonResult(files)).to.deep.equal(["mine", "text", ""]);
  });

  it("has Lambda's variables, and nothing of this process", async () => {
    process.env.PARENTS_SECRET = "parent";
    const code = "import os\ndef handler(event, context):\n    return dict(os.environ)";
    const server = await servePython(code, { environment: { variables: { TABLE: "items" } } });
    const { result } = await invoke(server);
    delete process.env.PARENTS_SECRET;
    expect(result).to.include({
      TABLE: "items",
      AWS_REGION: "eu-west-1",
      AWS_EXECUTION_ENV: "AWS_Lambda_python3.9",
      AWS_ENDPOINT_URL: server.endpoint,
      _HANDLER: "index.handler",
    });
    expect(result._X_AMZN_TRACE_ID).to.match(/^Root=1-[\da-f]{8}-[\da-f]{24};Parent=[\da-f]{16};Sampled=0$/);
    expect(result).not.to.have.any.keys("PARENTS_SECRET", "HOME");
  });

  it("gets a context", async () => {
    const code = `
def handler(event, context):
    given = context.client_context
    return [
        context.aws_request_id, context.function_name, context.function_version, context.invoked_function_arn,
        context.memory_limit_in_mb, context.log_group_name, context.log_stream_name, context.tenant_id,
        context.identity.cognito_identity_id, context.get_remaining_time_in_millis(),
        given and [given.custom, given.env, given.client.app_title, given.client.installation_id],
    ]`;
    const server = await servePython(code, { memorySize: 256, timeout: 7 });
    const [requestId, ...first] = (await invoke(server)).result;
    expect(requestId).to.match(/^[\da-f-]{36}$/);
    const arn = "arn:aws:lambda:eu-west-1:123456789012:function:main";
    expect(first.slice(0, 5)).to.deep.equal(["main", "$LATEST", arn, "256", "/aws/lambda/main"]);
    expect(first[5]).to.match(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\]/);
    expect(first.slice(6, 8)).to.deep.equal([null, null]);
    expect(first[8]).to.be.within(5000, 7000);
    expect(first[9]).to.equal(null);
    const app = { custom: { a: 1 }, client: { app_title: "shop" } };
    const ClientContext = Buffer.from(JSON.stringify(app)).toString("base64");
    const second = (await invoke(server, {}, { ClientContext })).result;
    expect(second.at(-1)).to.deep.equal([{ a: 1 }, null, "shop", null]);
  });

  describe("logs", () => {
    it("what it prints, in order, with the request, also through other processes and file descriptors", async () => {
      const code = `
import os, subprocess, sys
print("loading")
def handler(event, context):
    print("out", 1)
    print("error", file=sys.stderr)
    print("é\\udc80".encode("utf-8", "replace").decode(), end="\\n")
    subprocess.run(["echo", "child"])
    os.write(1, b"raw\\n")
    return context.aws_request_id`;
      const server = await servePython(code);
      const { result } = await invoke(server);
      const request = result.slice(0, 8);
      await until(() => ["child", "raw"].every((line) => server.lines.includes(`main ${request} | ${line}`)));
      expect(server.lines).to.include("main starting | loading");
      const own = server.lines.filter((line) => /out 1|error|é/.test(line));
      expect(own).to.deep.equal(["out 1", "error", "é?"].map((text) => `main ${request} | ${text}`));
    });

    it("what handlers of signals and other threads write, and even what goes to the runtime's own descriptor", async () => {
      const code = `
import os, signal, threading, time
def on_alarm(number, frame):
    print("alarm")
def handler(event, context):
    signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    thread = threading.Thread(target=lambda: [print("thread") for _ in range(200)])
    thread.start()
    for _ in range(200): print("main")
    thread.join()
    signal.setitimer(signal.ITIMER_REAL, 0)
    os.write(3, b"stray\\n")
    return "served"`;
      const server = await servePython(code, { timeout: 30 });
      expect((await invoke(server)).result).to.equal("served");
      const count = (text: string) => server.lines.filter((line) => line.endsWith(` | ${text}`)).length;
      expect([count("stray") > 0, count("alarm") > 0]).to.deep.equal([true, true]);
    });

    it("records of the logging module with their level, from WARNING on", async () => {
      const code =
        "import logging\ndef handler(event, context):\n    logging.info('hidden')\n    logging.warning('shown %d', 1)";
      const server = await servePython(code);
      await invoke(server);
      expect(server.lines.join("\n"))
        .to.match(/ \| \[WARNING\] shown 1$/m)
        .and.not.match(/hidden/);
    });

    it("these records as JSON, from the level on that the function asks for, but not what it prints", async () => {
      const code = `
import logging
def handler(event, context):
    print("plain")
    logging.getLogger("own").debug("hidden")
    logging.getLogger("own").info("shown %s", "é", extra={"order": 1})
    try:
        1 / 0
    except ZeroDivisionError:
        logging.exception({"failed": True})
    return context.aws_request_id`;
      const server = await servePython(code, { loggingConfig: { logFormat: "JSON", applicationLogLevel: "INFO" } });
      const { result: requestId } = await invoke(server);
      const lines = server.lines.map((line) => line.replace(/^.* \| /, ""));
      expect(lines).to.include("plain");
      const [info, error] = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
      expect(info.timestamp).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      const { timestamp: _, ...rest } = info;
      expect(rest).to.deep.equal({ level: "INFO", message: "shown é", logger: "own", requestId, order: 1 });
      expect(error).to.deep.include({ level: "ERROR", message: { failed: true }, errorType: "ZeroDivisionError" });
      expect(error.stackTrace[0]).to.match(/index\.py", line 8, in handler/);
      expect(error.location).to.match(/index\.py:handler:10$/);
    });
  });

  it("runs several events in several processes, up to the reserved concurrency", async () => {
    const code = "import os, time\ndef handler(event, context):\n    time.sleep(0.5)\n    return os.getpid()";
    const server = await servePython(code, { reservedConcurrentExecutions: 2, timeout: 30 });
    const results = await Promise.all(Array.from({ length: 4 }, () => invoke(server)));
    expect(new Set(results.map(({ result }) => result)).size).to.equal(2);
  });

  it("takes over an edit, and keeps the old code if the new one does not load", async () => {
    const directory = temporaryFolder();
    const versionOf = (text: string) =>
      graphOf(directory, lambda("main", { "index.py": text }, { runtime: "python3.9" }));
    const answering = (text: string) => versionOf(`def handler(event, context):\n    return '${text}'`);
    const server = await serveGraph(answering("one"));
    expect((await invoke(server)).result).to.equal("one");
    expect(await server.reconcile(answering("two"))).to.deep.equal([
      { action: "updated", kind: "function", name: "main" },
    ]);
    expect((await invoke(server)).result).to.equal("two");
    const [kept] = await server.reconcile(versionOf("def handler(:"));
    expect(kept?.action).to.equal("kept");
    expect((await invoke(server)).result).to.equal("two");
    expect(server.lines.join("\n")).to.match(/the new code does not load.*Syntax error in module 'index'/);
  });

  it("leaves nothing in the folder of its code, in which an edit would be seen", async () => {
    const directory = temporaryFolder();
    fs.mkdirSync(path.join(directory, "src"));
    fs.writeFileSync(
      path.join(directory, "src/index.py"),
      "import other\nhandler = lambda event, context: other.answer",
    );
    fs.writeFileSync(path.join(directory, "src/other.py"), "answer = 1");
    const server = await serveGraph(
      graphOf(directory, lambdaOf("main", new Archive({ path: "src" }), { runtime: "python3.9" })),
    );
    expect((await invoke(server)).result).to.equal(1);
    expect(fs.readdirSync(path.join(directory, "src"))).to.have.members(["index.py", "other.py"]);
  });

  it("ends with the server, together with what it has started", async () => {
    const code =
      "import os, subprocess\ndef handler(event, context):\n    return [os.getpid(), subprocess.Popen(['sleep', '600']).pid]";
    const server = await servePython(code);
    const { result } = await invoke(server);
    expect(result.map(isRunning)).to.deep.equal([true, true]);
    await server.close();
    await until(() => !result.some(isRunning));
  });

  it("ends when the command is killed, even in the middle of an event", async () => {
    const folder = temporaryFolder();
    const own = path.join(folder, "pids");
    const code = `import os, subprocess, time
def handler(event, context):
    with open(${JSON.stringify(own)}, "w") as file:
        file.write(f"{os.getpid()} {subprocess.Popen(['sleep', '600']).pid} ")
    time.sleep(600)`;
    const script = path.join(__dirname, "../../../../helpers/offline/servesPython.ts");
    const command = spawn(process.execPath, ["--require", "tsx/cjs", script], {
      env: { ...process.env, CODE: code, FOLDER: folder },
      stdio: "ignore",
    });
    await until(() => fs.existsSync(own) && fs.readFileSync(own, "utf8").endsWith(" "));
    const pids = fs.readFileSync(own, "utf8").trim().split(" ").map(Number);
    expect(pids.map(isRunning)).to.deep.equal([true, true]);
    command.kill("SIGKILL");
    await once(command, "exit");
    await until(() => !pids.some(isRunning));
  });

  it("does not run, and says so at the start, if Python is older than its runtime", async () => {
    const server = await servePython(PROCESS, { runtime: "python3.99" });
    const problem =
      /python3\.99 is needed, but python3 is 3\.\d+\.\d+\S* on this machine: install Python 3\.99 or later/;
    expect(server.problems.join("\n"))
      .to.match(/^function main does not run offline: /)
      .and.match(problem);
    const { result, FunctionError } = await invoke(server);
    expect(FunctionError).to.equal("Unhandled");
    expect(result.errorMessage).to.match(problem);
  });
});
