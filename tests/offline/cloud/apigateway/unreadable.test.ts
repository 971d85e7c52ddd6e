import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { ECHO, startFunction } from "../../../helpers/offline/api";
import { closeServers, type Served, until } from "../../../helpers/offline/served";

describe("The gateway, given bytes that are not a request,", () => {
  let server: Served;
  beforeEach(async () => {
    server = await startFunction(ECHO);
  });
  afterEach(closeServers);

  const host = () => new URL(server.apis[0]?.url ?? "").host;

  function open(bytes: string): Socket {
    const socket = connect(Number(new URL(server.apis[0]?.url ?? "").port), "127.0.0.1");
    socket.write(bytes);
    return socket;
  }

  const requests: [name: string, bytes: string, status: number][] = [
    ["a method that does not exist", "get / HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    ["a header without a colon", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n", 400],
    ["a negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400],
    ["headers of 20 KB", `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ["an unknown expectation", "GET / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n", 417],
    ["CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", 405],
  ];
  for (const [name, bytes, status] of requests) {
    it(`answers ${name} with a problem document`, async () => {
      const [head = "", body = ""] = (await text(open(bytes))).split("\r\n\r\n");
      expect(head).to.match(new RegExp(`^HTTP/1.1 ${status} .*\r\nContent-Type: application/problem\\+json\r\n`));
      expect(JSON.parse(body)).to.include({ status });
    });
  }

  it("refuses a body that is announced to be too large without waiting for it", async () => {
    const socket = open(`POST /Prod/x HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: ${11 * 2 ** 20}\r\n\r\n{`);
    const [answer] = await once(socket, "data");
    socket.destroy();
    expect(String(answer)).to.match(/^HTTP\/1.1 413 /);
  });

  it("logs that the caller left, and no status", async () => {
    const socket = open(`POST /Prod/x HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 100\r\n\r\n{`);
    await once(socket, "connect");
    await until(async () => (await server.call("/y")).status === 200);
    socket.destroy();
    await until(() => server.lines.some((line) => /POST \/Prod\/x unanswered, the caller left/.test(line)));
    expect(server.lines.join("\n")).not.to.match(/POST \/Prod\/x 5/);
  });
});
