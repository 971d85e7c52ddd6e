import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { messageIn, startApi } from "../../../../helpers/offline/api";
import { graphOf, lambda, proxy, restApi } from "../../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

/** The operation of a route whose response its function writes. */
function streamed(name: string, more: object = {}): object {
  const operation = JSON.parse(JSON.stringify(proxy(name)));
  const integration = operation["x-amazon-apigateway-integration"];
  const uri = integration.uri.replace("2015-03-31", "2021-11-15").replace(/invocations$/, "response-streaming-$&");
  return { "x-amazon-apigateway-integration": { ...integration, uri, responseTransferMode: "STREAM", ...more } };
}

const writes = (steps: string) => `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
  const http = (metadata) => awslambda.HttpResponseStream.from(stream, metadata);
  ${steps}
});`;

const functions = {
  /** Writes the second piece only after the first has arrived. */
  paced: writes(`
    const { existsSync } = require("node:fs");
    const out = http({ statusCode: 201, headers: { "X-Kind": event.queryStringParameters.kind } });
    out.write("one ");
    while (!existsSync(event.queryStringParameters.file)) await new Promise((resolve) => setTimeout(resolve, 5));
    out.write("two");
    out.end();`),
  bare: writes(`stream.end("no metadata");`),
  early: writes(`throw new Error("too early");`),
  late: writes(`const out = http({ statusCode: 200 }); out.write("half"); throw new Error("too late");`),
  cookies: writes(`http({ cookies: ["a=1", "b=2"], headers: { "X-Kind": "c" } }).end("x");`),
  plain: `exports.handler = async () => ({ statusCode: 200, body: "whole" });`,
};

describe("A route whose response is streamed", () => {
  afterEach(closeServers);

  const start = (more: Record<string, object> = {}) => {
    const paths = Object.keys(functions).map((name) => [`/${name}`, { get: streamed(name) }]);
    return startApi({ paths: { ...Object.fromEntries(paths), ...more } }, functions);
  };

  it("sends what its function has written before the function ends", async () => {
    const file = path.join(temporaryFolder(), "go");
    const server = await start();
    const response = await server.call(`/paced?kind=a&file=${file}`);
    expect([response.status, response.headers.get("x-kind")]).to.deep.equal([201, "a"]);
    expect(response.headers.has("content-length")).to.equal(false);
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).to.equal("one ");
    fs.writeFileSync(file, "");
    expect((await reader.read()).value).to.equal("two");
    expect((await reader.read()).done).to.equal(true);
  });

  it("answers 500 if its function is throttled, as a route whose response is not streamed does", async () => {
    const throttled = lambda("plain", functions.plain, { reservedConcurrentExecutions: 0 });
    const paths = { "/streamed": { get: streamed("plain") }, "/whole": { get: proxy("plain") } };
    const server = await serveGraph(graphOf(temporaryFolder(), throttled, ...restApi("api", { paths })));
    for (const path of ["/streamed", "/whole"]) {
      const response = await server.call(path);
      expect([response.status, await response.text()]).to.deep.equal([500, '{"message":"Internal server error"}']);
    }
  });

  it("answers 502 if its function fails first, or does not begin with metadata, and logs what to write", async () => {
    const server = await start();
    for (const place of ["/bare", "/early", "/plain"]) {
      const response = await server.call(place);
      expect([place, response.status, await messageIn(response)]).to.deep.equal([place, 502, "Internal server error"]);
    }
    expect(server.lines.join("\n")).to.match(/GET \/plain \| Malformed .* of plain: .*awslambda\.streamifyResponse/);
  });

  it("has the cookies of its metadata, 200 unless that names a status, and a trace", async () => {
    const { status, headers } = await (await start()).call("/cookies", {
      headers: { "X-Amzn-Trace-Id": "Root=1-a-b" },
    });
    expect([status, headers.getSetCookie(), headers.get("x-kind")]).to.deep.equal([200, ["a=1", "b=2"], "c"]);
    expect(headers.get("x-amzn-trace-id")).to.match(/^Root=1-a-b;/);
  });

  it("breaks off if its function fails on the way", async () => {
    const response = await (await start()).call("/late");
    expect(response.status).to.equal(200);
    expect(await response.text().catch((error: Error) => error.name)).to.equal("TypeError");
  });

  it("needs both the mode and the address for it", async () => {
    const server = await start({
      "/mode": { get: streamed("plain", { responseTransferMode: "BUFFERED" }) },
    });
    expect(server.problems.join()).to.contain(
      "GET /mode answers 501: its responseTransferMode is BUFFERED, but its uri ends in /response-streaming-invocations",
    );
  });

  for (const runtime of ["nodejs22.x", "nodejs24.x"]) {
    it(`leaves a function that writes its response callable as any other: ${runtime}`, async () => {
      const code = writes(`stream.write('{"statusCode":200,'); stream.end('"body":"all"}');`);
      const document = { paths: { "/": { get: proxy("whole") } } };
      const graph = graphOf(temporaryFolder(), lambda("whole", code, { runtime }), ...restApi("api", document));
      expect(await (await (await serveGraph(graph)).call("/")).text()).to.equal("all");
    });
  }
});
