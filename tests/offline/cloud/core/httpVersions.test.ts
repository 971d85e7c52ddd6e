import { once } from "node:events";
import * as http from "node:http";
import * as http2 from "node:http2";
import { type AddressInfo, connect, type Socket } from "node:net";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { NodeHttp2Handler } from "@smithy/node-http-handler";
import { expect } from "chai";
import { graphOf, resource } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();
const PARAMETER = resource("aws:ssm/parameter:Parameter", "url", { name: "url", type: "String", value: "http://a" });
const BUCKET = resource("aws:s3/bucket:Bucket", "files", { bucket: "files" });

describe("An endpoint's HTTP/2", () => {
  let server: Served;
  let client: object;

  before(async () => {
    server = await serveGraph(graphOf(directory, PARAMETER, BUCKET));
    const { endpoint, credentials } = server;
    client = { endpoint, credentials, region: "eu-west-1", maxAttempts: 1, requestHandler: new NodeHttp2Handler() };
  });
  after(closeServers);

  it("serves SDKs that begin with it, on the port that also speaks HTTP/1.1", async () => {
    const get = new GetParameterCommand({ Name: "url" });
    const second = new SSMClient(client);
    expect((await second.send(get)).Parameter?.Value).to.equal("http://a");
    const first = new SSMClient({ ...client, requestHandler: {} });
    expect((await first.send(get)).Parameter?.Value).to.equal("http://a");
    second.destroy();
  });

  it("carries the bodies of S3 both ways", async () => {
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    const Body = Buffer.alloc(3_000_000, "x");
    await s3.send(new PutObjectCommand({ Bucket: "files", Key: "a", Body }));
    const found = await s3.send(new GetObjectCommand({ Bucket: "files", Key: "a" }));
    expect(Body.equals(Buffer.from((await found.Body?.transformToByteArray()) ?? []))).to.equal(true);
    s3.destroy();
  });

  it("verifies signatures", async () => {
    const other = { accessKeyId: server.credentials.accessKeyId, secretAccessKey: "other" };
    const stranger = new SSMClient({ ...client, credentials: other });
    const error = await stranger.send(new GetParameterCommand({ Name: "url" })).catch((reason) => reason);
    expect(error.name).to.equal("InvalidSignatureException");
    stranger.destroy();
    const { status, body } = await request(server.endpoint, { ":method": "POST" });
    expect(status).to.equal(403);
    expect(body).to.contain("MissingAuthenticationToken");
  });

  it("accepts a signature that covers the address as Host, as of HTTP/1.1", async () => {
    const parameters = {
      service: "ssm",
      headers: { "x-amz-target": "AmazonSSM.GetParameter" },
      body: '{"Name":"url"}',
    };
    const { headers, body } = await signed(server, parameters);
    const { host, ...others } = headers as Record<string, string>;
    const answer = await request(server.endpoint, { ":method": "POST", ...others }, body);
    expect([answer.status, JSON.parse(answer.body).Parameter.Value]).to.deep.equal([200, "http://a"]);
    expect(`http://${host}`).to.equal(server.endpoint);
  });

  it("refuses requests for other hosts, whatever their Host header says", async () => {
    const { host } = new URL(server.endpoint);
    const { status, body } = await request(server.endpoint, { ":method": "POST", ":authority": "evil.example", host });
    expect(status).to.equal(421);
    expect(body).to.contain("evil.example");
  });

  it("forwards requests to other endpoints", async () => {
    const other = http.createServer((_, response) => {
      response.writeHead(200, { "Transfer-Encoding": "chunked", "Content-Type": "application/x-amz-json-1.1" });
      response.end('{"Parameter":{"Value":"elsewhere"}}');
    });
    await once(other.listen(0, "127.0.0.1"), "listening");
    const ssm = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { endpoint, credentials } = await serveGraph(graphOf(directory), { endpoints: { ssm } });
    const sdk = new SSMClient({ ...client, endpoint, credentials });
    expect((await sdk.send(new GetParameterCommand({ Name: "url" }))).Parameter?.Value).to.equal("elsewhere");
    sdk.destroy();
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  });

  for (const [what, text] of [
    ["the request line of HTTP/1.1", "PROPFIND / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"],
    ["the preface of HTTP/2", `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${"\0\0\0\x04\0\0\0\0\0"}`],
  ] as const) {
    it(`recognizes ${what} that arrives byte by byte`, async () => {
      const socket = open(server);
      socket.setNoDelay(true);
      for (const byte of Buffer.from(text, "latin1")) {
        socket.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const [answer] = (await once(socket, "data")) as [Buffer];
      const isHttp1 = text.startsWith("PRO");
      if (isHttp1) expect(answer.toString()).to.match(/^HTTP\/1\.1 421 /);
      // A frame of settings.
      else expect(answer[3]).to.equal(4);
      socket.destroy();
    });
  }

  it("survives connections that say nothing, break off, or mistake the preface", async () => {
    for (const text of [
      "",
      "PRI",
      "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
      `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${"x".repeat(99)}`,
    ]) {
      const socket = open(server);
      socket.end(text, "latin1");
      socket.resume();
      await once(socket, "close");
    }
    const { status } = await request(server.endpoint, { ":method": "POST" });
    expect(status).to.equal(403);
  });

  it("ends its connections, and those that have said nothing yet, with the endpoint", async () => {
    const one = await serveGraph(graphOf(directory));
    const silent = open(one);
    const session = http2.connect(one.endpoint);
    await Promise.all([once(silent, "connect"), once(session, "connect")]);
    const ended = Promise.all([once(silent, "close"), once(session, "close")]);
    await one.close();
    await ended;
  });
});

function open({ endpoint }: Served): Socket {
  // The endpoint may break a connection off.
  return connect(Number(new URL(endpoint).port), "127.0.0.1").on("error", () => undefined);
}

async function request(endpoint: string, headers: http2.OutgoingHttpHeaders, body = "") {
  const session = http2.connect(endpoint);
  const stream = session.request(headers);
  stream.end(body);
  const [answer] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  let text = "";
  for await (const chunk of stream) text += chunk;
  session.close();
  return { status: answer[":status"] as unknown as number, body: text };
}
