import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { WebSocketServer } from "ws";
import type { GatewayRequest } from "../../../../../offline/cloud/apigateway/request/request";
import { Connection, QUOTAS, type Quotas } from "../../../../../offline/cloud/apigateway/websocket/connection";
import { graphOf, lambda } from "../../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../../helpers/offline/served";
import { connect, refusal, socketApi } from "../../../../helpers/offline/webSockets";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

describe("the limits of a WebSocket connection", () => {
  let server: WebSocketServer | undefined;
  afterEach(async () => {
    for (const socket of server?.clients ?? []) socket.terminate();
    server?.close();
    await closeServers();
  });

  const ends: [what: string, quotas: Partial<Quotas>, messages: string[]][] = [
    ["after the idle time without a message", { idleMilliseconds: 20 }, []],
    ["at the end of its life, though it is in use", { lifeMilliseconds: 20 }, ["one", "two"]],
  ];
  for (const [what, quotas, messages] of ends) {
    it(`close it ${what}`, async () => {
      const listening = new WebSocketServer({ host: "127.0.0.1", port: 0 });
      server = listening;
      const left = new Promise((resolve) => {
        listening.on("connection", (socket) => {
          const connection = new Connection({} as GatewayRequest, { ...QUOTAS, ...quotas });
          connection.open(socket, { onMessage: () => {}, onClose: resolve });
        });
      });
      await once(listening, "listening");
      const client = await connect(`ws://127.0.0.1:${(listening.address() as AddressInfo).port}`);
      for (const message of messages) client.socket.send(message);
      expect(await client.closed).to.deep.equal({ code: 1001, reason: "Going away" });
      expect(await left).to.deep.equal({ code: 1001, reason: "Going away" });
    });
  }

  it("are what AWS documents, in bytes and milliseconds", () => {
    const [kilobyte, minute] = [1024, 60_000];
    expect(QUOTAS).to.deep.equal({
      messageBytes: 128 * kilobyte,
      frameBytes: 32 * kilobyte,
      idleMilliseconds: 10 * minute,
      lifeMilliseconds: 120 * minute,
    });
  });

  it("include the time of an integration", async () => {
    const slow = `exports.handler = ({ requestContext: { routeKey } }) =>
      new Promise((resolve) => setTimeout(resolve, 100, { statusCode: 200, body: routeKey }));`;
    const route = { calls: "slow", integration: { timeoutMilliseconds: 50 }, responds: true };
    const graph = graphOf(
      temporaryFolder(),
      lambda("slow", slow),
      ...socketApi("chat", { $default: route }),
      ...socketApi("closed", { $connect: route }),
    );
    const server = await serveGraph(graph);
    const [chat, closed] = server.webSockets.map(({ url }) => url) as [string, string];
    expect(await refusal(closed)).to.equal('504 {"message":"Endpoint request timed out"}');
    const client = await connect(chat);
    const { message, ...ids } = JSON.parse(await client.ask("hello"));
    expect(message).to.equal("Endpoint request timed out");
    expect(ids).to.have.all.keys("connectionId", "requestId");
    client.socket.close();
  });
});
