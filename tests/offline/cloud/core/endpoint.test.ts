import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { send } from "../../../helpers/offline/api";
import { graphOf } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { type SignedRequest, signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();

const call = async (server: Served, request: SignedRequest) => send(server.endpoint, await signed(server, request));

const STRANGER = { accessKeyId: "AKIAOTHER", secretAccessKey: "other" };
const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("The AWS endpoint", () => {
  afterEach(closeServers);

  it("names a service or operation that is not emulated, and the workaround, in each protocol", async () => {
    const server = await serveGraph(graphOf(directory));
    const headers = { "x-amz-target": "Firehose_20150804.PutRecord" };
    const json = await call(server, { service: "firehose", headers });
    expect([json.status, json.headers["x-amzn-errortype"]]).to.deep.equal([501, "NotEmulated"]);
    const { __type, message } = JSON.parse(json.body) as { __type: string; message: string };
    expect(__type).to.equal("NotEmulated");
    expect(message).to.match(/^firehose is not emulated offline \(PutRecord\)\. .*--endpoint firehose=http/);

    const xml = await call(server, { service: "autoscaling", headers: FORM });
    expect(xml.body).to.match(/<Code>NotEmulated<\/Code><Message>autoscaling is not emulated/);

    const rest = await call(server, { service: "polly", path: "/v1/speech" });
    expect(JSON.parse(rest.body).message).to.match(/^polly is not emulated offline \(POST \/v1\/speech\)/);
  });

  it("finds the service in a presigned URL as well", async () => {
    const server = await serveGraph(graphOf(directory));
    const response = await call(server, { service: "polly", method: "GET", path: "/v1/speech", expiresIn: 60 });
    expect([response.status, response.body].join()).to.match(/501.*polly is not emulated/);
  });

  it("answers GetCallerIdentity", async () => {
    const server = await serveGraph(graphOf(directory));
    const response = await call(server, {
      service: "sts",
      headers: FORM,
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    expect(response.body).to.match(/<Account>123456789012<\/Account><Arn>arn:aws:iam::123456789012:user\/offline</);
  });

  it("refuses unsigned requests and other access keys, as other pages and programs on the machine may find the port", async () => {
    const server = await serveGraph(graphOf(directory));
    const unsigned = await fetch(server.endpoint, { method: "POST", body: "{}" });
    expect([unsigned.status, unsigned.headers.get("x-amzn-errortype")]).to.deep.equal([
      403,
      "MissingAuthenticationTokenException",
    ]);
    const { endpoint } = server;
    const client = new DynamoDBClient({ endpoint, region: "eu-west-1", credentials: STRANGER, maxAttempts: 1 });
    const error = await client.send(new ListTablesCommand({})).catch((reason) => reason);
    expect(error.name).to.equal("UnrecognizedClientException");
  });

  it("does not mistake a property that every object has for a service", async () => {
    const server = await serveGraph(graphOf(directory));
    for (const service of ["constructor", "__proto__", "toString"]) {
      const { status, body } = await call(server, { service });
      expect([service, status]).to.deep.equal([service, 501]);
      expect(body).to.contain(`${service} is not emulated offline`);
    }
  });

  it("gives each answer a request id", async () => {
    const server = await serveGraph(graphOf(directory));
    const headers = [
      (await call(server, { service: "sts", headers: FORM, body: "Action=GetCallerIdentity&Version=2011-06-15" }))
        .headers,
      (await call(server, { service: "firehose" })).headers,
      (await send(server.endpoint, {})).headers,
    ];
    for (const one of headers) expect(one["x-amzn-requestid"]).to.match(/^[0-9a-f-]{36}$/);
    const s3 = await call(server, { service: "s3", method: "GET", path: "/", credentials: STRANGER });
    expect(s3.headers["x-amz-request-id"]).to.match(/^[0-9a-f-]{36}$/);
  });

  it("survives malformed requests", async () => {
    const server = await serveGraph(graphOf(directory));
    const { status } = await send(server.endpoint, { path: "//" });
    expect(status).to.equal(403);
  });

  it("refuses bodies that exceed the limit", async () => {
    const { endpoint, credentials } = await serveGraph(graphOf(directory));
    const client = new DynamoDBClient({ endpoint, region: "eu-west-1", credentials, maxAttempts: 1 });
    const Item = { id: { S: "x".repeat(17 * 2 ** 20) } };
    const error = await client.send(new PutItemCommand({ TableName: "items", Item })).catch((reason) => reason);
    expect([error.name, error.message]).to.deep.equal(["RequestTooLarge", "The request has more than 16777216 bytes"]);
  });

  describe("given another endpoint for a service", () => {
    it("forwards requests and answers unchanged", async () => {
      const other = http.createServer((request, response) => {
        let body = "";
        request.on("data", (chunk) => {
          body += chunk;
        });
        request.on("end", () =>
          response
            .writeHead(202, { "X-Other": "yes" })
            .end(`${request.url} ${request.headers["x-amz-target"]} ${body}`),
        );
      });
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const batch = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      const server = await serveGraph(graphOf(directory), { endpoints: { batch } });
      const request = { service: "batch", path: "/v1/submitjob", query: { a: "1" }, headers: { "x-amz-target": "t" } };
      const response = await call(server, { ...request, body: "text" });
      expect([response.status, response.headers["x-other"]]).to.deep.equal([202, "yes"]);
      expect(response.body).to.equal("/v1/submitjob?a=1 t text");
      other.closeAllConnections();
      await new Promise((resolve) => other.close(resolve));
    });

    it("refuses one that is not a URL", async () => {
      const error = await serveGraph(graphOf(directory), { endpoints: { batch: "localhost" } }).catch(
        (reason) => reason,
      );
      expect(error.message).to.match(/endpoint of batch is "localhost", but must be a URL/);
    });

    it("says so if nothing answers there", async () => {
      const server = await serveGraph(graphOf(directory), { endpoints: { batch: "http://127.0.0.1:1" } });
      const response = await call(server, { service: "batch" });
      expect([response.status, response.body].join()).to.match(/502.*batch does not answer at http:\/\/127\.0\.0\.1:1/);
    });
  });
});
