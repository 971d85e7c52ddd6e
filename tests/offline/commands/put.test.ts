import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { callbacks } from "../../helpers/offline/callbacks";
import { begin } from "../../helpers/offline/cli";
import { until } from "../../helpers/offline/served";
import { type Started, startOffline } from "../../helpers/offline/start";

describe("pulumi-offline put", function () {
  // Each test starts the command.
  this.timeout(60_000);
  let folder: string;
  let started: Started;

  before(async () => {
    folder = callbacks();
    started = await startOffline([], folder);
  });
  after(() => started.interrupt());

  const run = (...parameters: string[]) => begin(...parameters, "--cwd", folder).ended;
  const got = (what: string) => until(() => new RegExp(`GOT ${what}$`, "m").test(started.output()));

  const puts: [what: string, parameters: string[], answer: RegExp, line: string][] = [
    [
      "an object into a bucket",
      ["bucket", "uploads", "--key", "in/a b.txt", "--data", "x"],
      /^s3:\/\/uploads-\w+\/in\/a b\.txt\n$/,
      "object in/a\\+b.txt",
    ],
    ["a message into a queue", ["queue", "orders", "--data", "one lamp"], /^[0-9a-f-]{36}\n$/, "message one lamp"],
    ["a message to a topic", ["topic", "news", "--data", "Sale!"], /^[0-9a-f-]{36}\n$/, "news Sale!"],
    [
      "each line of a file into a stream",
      ["stream", "clicks", "--key", "k", "--lines", "--data", "LINES"],
      /^(shardId-0{12} \d{56}\n){2}$/,
      "record (a,)?b",
    ],
    ["an event on a bus", ["bus", "shop", "--source", "till", "--data", '{"order":7}'], /^[0-9a-f-]{36}\n$/, "event 7"],
  ];
  for (const [what, parameters, answer, line] of puts) {
    it(`puts ${what}, which reaches the function`, async () => {
      const file = path.join(folder, "lines.txt");
      fs.writeFileSync(file, "a\nb\n");
      const { out, error } = await run("put", ...parameters.map((one) => (one === "LINES" ? file : one)));
      expect(error).to.equal("");
      expect(out).to.match(answer);
      await got(line);
    });
  }

  it("has a schedule that fires when tick moves the clock", async () => {
    await run("tick", "--to", "1h");
    await got("time Scheduled Event");
  });

  it("needs no permission that the program does not give", () => {
    expect(started.output()).not.to.contain("AWS does not let it");
  });

  it("says what it cannot put, and where", async () => {
    const blank = path.join(folder, "blank.txt");
    fs.writeFileSync(blank, "\n\n");
    const [kind, name, none, key, detail, options, nothing] = await Promise.all([
      run("put", "table", "x", "--data", "y"),
      run("put", "queue", "order", "--data", "y"),
      run("put", "stream", "unheard-of-name", "--data", "y"),
      run("put", "bucket", "uploads", "--data", "y"),
      run("put", "bus", "shop", "--data", "not JSON"),
      run("put", "topic", "news", "--data", "y", "--key", "k", "--detail-type", "sale"),
      run("put", "queue", "orders", "--lines", "--data", blank),
    ]);
    expect(kind.error).to.equal("error: table is not one of stream, queue, topic, bus, bucket.\n");
    expect(name.error).to.equal("error: The program has no queue order. Did you mean orders?\n");
    expect(key.error).to.equal("error: An object needs a key: write --key KEY.\n");
    expect(none.error).to.equal("error: The program has no stream unheard-of-name. Its streams: clicks.\n");
    expect(detail.error).to.equal("error: --data must be a JSON object: it is the detail of an event.\n");
    expect(options.error).to.equal(
      "error: --key is only for a stream or a bucket, not for a topic.\n" +
        "--detail-type is only for a bus, not for a topic.\n",
    );
    expect(nothing.error).to.equal("error: --data has no line that is not empty, so nothing was put.\n");
  });

  it("leaves logs that are read by the name of a function, or of a log group in the program or in AWS", async () => {
    const [named, group, wrong] = await Promise.all([
      run("logs", "errors"),
      run("logs", "/made/by/nobody"),
      run("logs", "/aws/lambda/hourl"),
    ]);
    expect(named).to.deep.equal({ code: 0, out: "", error: "" });
    expect(group.error).to.equal("error: The program has no log group /made/by/nobody. Its log groups: errors.\n");
    expect(wrong.code).to.equal(1);
  });
});
