import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { send } from "../../../helpers/offline/api";
import { graphOf, temporaryFolder } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";

const directory = temporaryFolder();

function signedFor(service: string, { credentials }: Served, headers: Record<string, string> = {}): RequestInit {
  const scope = `${credentials.accessKeyId}/20260101/eu-west-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  return { method: "POST", headers: { authorization, ...headers }, body: "Action=GetCallerIdentity" };
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("The AWS endpoint", () => {
  afterEach(closeServers);

  it("names the service and the operation that is not emulated, and the way around, in each protocol", async () => {
    const server = await serveGraph(graphOf(directory));
    const json = await fetch(
      server.endpoint,
      signedFor("kinesis", server, { "x-amz-target": "Kinesis_20131202.PutRecord" }),
    );
    expect([json.status, json.headers.get("x-amzn-errortype")]).to.deep.equal([501, "NotEmulated"]);
    const { __type, message } = (await json.json()) as { __type: string; message: string };
    expect(__type).to.equal("NotEmulated");
    expect(message).to.match(/^kinesis is not emulated offline \(PutRecord\)\. .*--endpoint kinesis=http/);

    const xml = await fetch(server.endpoint, signedFor("sqs", server, FORM));
    expect(await xml.text()).to.match(/<Code>NotEmulated<\/Code><Message>sqs is not emulated/);

    const rest = await fetch(`${server.endpoint}/schedules/nightly`, signedFor("scheduler", server));
    expect(((await rest.json()) as { message: string }).message).to.match(
      /^scheduler is not emulated offline \(POST \/schedules\/nightly\)/,
    );
  });

  it("finds the service in a presigned URL as well", async () => {
    const server = await serveGraph(graphOf(directory));
    const credential = encodeURIComponent(`${server.credentials.accessKeyId}/20260101/eu-west-1/polly/aws4_request`);
    const response = await fetch(`${server.endpoint}/v1/speech?X-Amz-Credential=${credential}`);
    expect([response.status, await response.text()].join()).to.match(/501.*polly is not emulated/);
  });

  it("answers STS who the caller is", async () => {
    const server = await serveGraph(graphOf(directory));
    const response = await fetch(server.endpoint, signedFor("sts", server, FORM));
    expect(await response.text()).to.match(
      /<Arn>arn:aws:iam::123456789012:user\/offline<\/Arn>.*<Account>123456789012</,
    );
  });

  it("refuses unsigned requests and other access keys, as other pages and programs on the machine may find it", async () => {
    const server = await serveGraph(graphOf(directory));
    const unsigned = await fetch(server.endpoint, { method: "POST", body: "{}" });
    expect([unsigned.status, unsigned.headers.get("x-amzn-errortype")]).to.deep.equal([
      403,
      "MissingAuthenticationTokenException",
    ]);
    const credentials = { accessKeyId: "AKIAOTHER", secretAccessKey: "other" };
    const client = new DynamoDBClient({ endpoint: server.endpoint, region: "eu-west-1", credentials, maxAttempts: 1 });
    const error = await client.send(new ListTablesCommand({})).catch((reason) => reason);
    expect(error.name).to.equal("UnrecognizedClientException");
  });

  it("survives requests that are none", async () => {
    const server = await serveGraph(graphOf(directory));
    const { status } = await send(server.endpoint, { path: "//" });
    expect(status).to.equal(403);
  });

  it("refuses bodies that no service reads whole", async () => {
    const { endpoint, credentials } = await serveGraph(graphOf(directory));
    const client = new DynamoDBClient({ endpoint, region: "eu-west-1", credentials, maxAttempts: 1 });
    const Item = { id: { S: "x".repeat(17 * 2 ** 20) } };
    const error = await client.send(new PutItemCommand({ TableName: "items", Item })).catch((reason) => reason);
    expect([error.name, error.message]).to.deep.equal(["RequestTooLarge", "The request has more than 16777216 bytes"]);
  });

  describe("given another endpoint for a service", () => {
    it("hands requests and answers on as they are", async () => {
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
      const response = await fetch(
        `${server.endpoint}/v1/submitjob?a=1`,
        signedFor("batch", server, { "x-amz-target": "t" }),
      );
      expect([response.status, response.headers.get("x-other")]).to.deep.equal([202, "yes"]);
      expect(await response.text()).to.equal("/v1/submitjob?a=1 t Action=GetCallerIdentity");
      other.closeAllConnections();
      await new Promise((resolve) => other.close(resolve));
    });

    it("refuses what is no URL", async () => {
      const error = await serveGraph(graphOf(directory), { endpoints: { batch: "localhost" } }).catch(
        (reason) => reason,
      );
      expect(error.message).to.match(/endpoint of batch is "localhost", but must be a URL/);
    });

    it("says so when nobody answers there", async () => {
      const server = await serveGraph(graphOf(directory), { endpoints: { batch: "http://127.0.0.1:1" } });
      const response = await fetch(server.endpoint, signedFor("batch", server));
      expect([response.status, await response.text()].join()).to.match(
        /502.*batch does not answer at http:\/\/127\.0\.0\.1:1/,
      );
    });
  });
});
