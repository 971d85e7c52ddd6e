import { expect } from "chai";
import { Logs } from "../../../../offline/cloud/logs/logs";
import { batchGraph, serveBatch } from "../../../helpers/offline/batch";
import { closeServers, until } from "../../../helpers/offline/served";

describe("the logs of jobs", () => {
  afterEach(closeServers);

  it("split very long lines, and keep an unfinished last line", async () => {
    const server = await serveBatch(batchGraph('process.stdout.write(`${"x".repeat(40_000)}\\nlast`)'));
    await server.end(await server.submit());
    const lines = server.lines.flatMap((line) => / \| (x+|last)$/.exec(line)?.[1] ?? []);
    expect(lines.pop()).to.equal("last");
    expect(lines.join("")).to.have.lengthOf(40_000);
    for (const line of lines) expect(line.length).to.be.at.most(16 * 1024);
  });

  it("show the pieces of a line before it ends", async () => {
    const server = await serveBatch(
      batchGraph('process.stdout.write("x".repeat(20_000)); setInterval(() => {}, 1000)'),
    );
    await server.submit();
    await until(() => server.lines.some((line) => / \| x{16384}$/.test(line)));
  });

  it("forget the oldest stream beyond 500, and the oldest lines of a long one", () => {
    const logs = new Logs();
    const add = (stream: string, message: string) => logs.add("group", stream, [{ timestamp: 0, message }]);
    for (let stream = 0; stream <= 500; stream++) add(`${stream}`, "line");
    expect([logs.findByName("0"), logs.findByName("1")?.events.length]).to.deep.equal([undefined, 1]);
    for (let line = 0; line < 10; line++) add("1", `${line}`.repeat(32 * 1024));
    expect(logs.findByName("1")?.events.map(({ message }) => message[0])).to.deep.equal(["4", "5", "6", "7", "8", "9"]);
  });
});
