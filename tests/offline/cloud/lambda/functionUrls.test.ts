import { once } from "node:events";
import * as net from "node:net";
import { expect } from "chai";
import { recordedByLocalstack, testFact } from "../../../helpers/facts";
import { ECHO } from "../../../helpers/offline/api";
import { FORBIDDEN, functionUrl, serveUrl } from "../../../helpers/offline/functionUrls";
import { graphOf, lambda } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };

/** A port that nothing else gets meanwhile: systems hand out those from 32,768 on. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(10_000 + Math.floor(Math.random() * 10_000), "127.0.0.1");
  const listening = await once(server, "listening").catch(() => undefined);
  if (!listening) return freePort();
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Recorded from AWS by localstack, 2026-03 (test_lambda.py), unless a case says otherwise. */
describe("Lambda's function URLs", () => {
  afterEach(closeServers);

  describe("answer with", () => {
    testFact(RECORDED, "the ID under which the function runs", async () => {
      const { url } = await serveUrl("exports.handler = async (event, { awsRequestId }) => awsRequestId");
      const response = await fetch(url);
      expect(response.headers.get("x-amzn-requestid")).to.equal(await response.text());
    });

    testFact(RECORDED, "429 when the function is throttled", async () => {
      const { url } = await serveUrl(ECHO, {}, { reservedConcurrentExecutions: 0 });
      const response = await fetch(url);
      expect([response.status, await response.json()]).to.deep.equal([429, { Message: "Rate Exceeded." }]);
    });

    testFact(RECORDED, "413 for a request over 6 MB", async () => {
      const { url } = await serveUrl(ECHO);
      const response = await fetch(url, { method: "POST", body: "x".repeat(6 * 2 ** 20 + 1) });
      expect([response.status, await response.json()]).to.deep.equal([
        413,
        { Message: "Request must be smaller than 6291456 bytes for the InvokeFunction operation" },
      ]);
    });
  });

  testFact(
    RECORDED,
    "refuse every request when the function or the alias does not exist, and the start says so",
    async () => {
      const graph = graphOf(temporaryFolder(), lambda("main", ECHO), functionUrl({ qualifier: "gone" }));
      const server = await serveGraph(graph);
      expect(server.problems).to.deep.equal(["function URL url answers 403: the program has no function main:gone"]);
      const response = await fetch(server.functionUrls[0]?.url ?? "");
      expect([response.status, await response.json()]).to.deep.equal([403, { Message: FORBIDDEN }]);
    },
  );

  it("keep their address while the program changes, and end with the resource", async () => {
    const directory = temporaryFolder();
    const server: Served = await serveGraph(graphOf(directory, lambda("main", ECHO), functionUrl()));
    const [before] = server.functionUrls;
    await server.reconcile(graphOf(directory, lambda("main", "exports.handler = async () => 'new'"), functionUrl()));
    expect(server.functionUrls[0]).to.deep.equal(before);
    expect(await (await fetch(before?.url ?? "")).text()).to.equal("new");
    await server.reconcile(graphOf(directory, lambda("main", ECHO)));
    expect(server.functionUrls).to.deep.equal([]);
    expect(await fetch(before?.url ?? "").catch(() => "closed")).to.equal("closed");
  });

  it("have the same port in each run, and another one where that is in use", async () => {
    const graph = graphOf(temporaryFolder(), lambda("main", ECHO), functionUrl());
    const serve = async (port: number) => (await serveGraph(graph, { port })).functionUrls[0]?.url ?? "";
    const first = await serve(await freePort());
    expect(Number(new URL(first).port)).to.be.within(20_000, 29_999);
    expect(await serve(await freePort())).not.to.equal(first);
    await closeServers();
    expect(await serve(await freePort())).to.equal(first);
  });
});
