import { expect } from "chai";
import { invoke } from "../../../../helpers/offline/functions";
import { needsPython, servePython } from "../../../../helpers/offline/python";
import { closeServers, until } from "../../../../helpers/offline/served";

describe("A Lambda function in Python logs", () => {
  needsPython();
  afterEach(closeServers);

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
alarms = []
def on_alarm(number, frame):
    alarms.append(print("alarm"))
def handler(event, context):
    signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    thread = threading.Thread(target=lambda: [print("thread") for _ in range(200)])
    thread.start()
    while not alarms: print("main")
    thread.join()
    signal.setitimer(signal.ITIMER_REAL, 0)
    os.write(3, b"stray\\n3\\n")
    return "served"`;
    const server = await servePython(code, { timeout: 30 });
    expect((await invoke(server)).result).to.equal("served");
    const count = (text: string) => server.lines.filter((line) => line.endsWith(` | ${text}`)).length;
    expect([count("stray"), count("3")]).to.deep.equal([1, 1]);
    // It may come between the text of another line and its end.
    expect(server.lines.some((line) => line.endsWith("alarm"))).to.equal(true);
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

  it("these records to the caller with their time and request, as Lambda writes them", async () => {
    const code = `
import logging
def handler(event, context):
    logging.getLogger().setLevel("INFO")
    logging.info("shown")
    print("[INFO] printed")
    logging.getLogger().handlers[0].setFormatter(logging.Formatter("own %(message)s"))
    logging.info("[INFO] form")`;
    const { LogResult = "", $metadata } = await invoke(await servePython(code), {}, { LogType: "Tail" });
    const lines = Buffer.from(LogResult, "base64").toString().split("\n");
    const record = `\\[INFO\\]\\t\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\\t${$metadata.requestId}\\tshown`;
    expect(lines[1]).to.match(new RegExp(`^${record}$`));
    expect(lines.slice(2, 4)).to.deep.equal(["[INFO] printed", "own [INFO] form"]);
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
