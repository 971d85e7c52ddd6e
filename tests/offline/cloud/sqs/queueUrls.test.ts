import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { invoke } from "../../../helpers/offline/functions";
import { graphOf, lambda } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { queue } from "../../../helpers/offline/sqs";
import { repository } from "../../../helpers/offline/start";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs";
const SEND = `
  exports.handler = async ({ QueueUrl = process.env.QUEUE_URL, MessageBody }) => {
    const sqs = new SQSClient();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    return [QueueUrl, Messages.map(({ Body }) => Body)];
  };`;
const NAMES = "{ ReceiveMessageCommand, SendMessageCommand, SQSClient }";

describe("A handler that has the URL of a queue", () => {
  afterEach(closeServers);

  async function serve(files: Record<string, string>) {
    const folder = temporaryFolder();
    fs.symlinkSync(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
    const environment = { variables: { QUEUE_URL: URL } };
    return serveGraph(graphOf(folder, lambda("main", files, { environment, timeout: 20 }), queue("jobs")));
  }

  it("sends to it, whether the URL comes from its environment or is a part of its code", async () => {
    const server = await serve({ "index.js": `const ${NAMES} = require("@aws-sdk/client-sqs");${SEND}` });
    const { result } = await invoke(server, { MessageBody: "a" });
    expect(result).to.deep.equal([URL.replace(/^https:\/\/[^/]*/, server.endpoint), ["a"]]);
    expect((await invoke(server, { QueueUrl: URL, MessageBody: "b" })).result).to.deep.equal([URL, ["b"]]);
  });

  it("sends to it from an ES module", async () => {
    const code = `import { request } from "node:https";
      export const handler = async ({ host }) => new Promise((resolve, reject) =>
        request({ host, method: "GET", path: "/", headers: { host } }, ({ statusCode }) => resolve(statusCode))
          .on("error", reject).end());`;
    const server = await serve({ "index.mjs": code });
    expect((await invoke(server, { host: "sqs.eu-west-1.amazonaws.com" })).result).to.equal(403);
  });
});
