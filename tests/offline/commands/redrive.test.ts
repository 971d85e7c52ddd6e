import * as fs from "node:fs";
import * as path from "node:path";
import { ListQueuesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { begin } from "../../helpers/offline/cli";
import { repository, type Started, startOffline } from "../../helpers/offline/start";
import { temporaryFolder } from "../../helpers/temporaryFolder";

const PROGRAM = `
  const aws = require("@pulumi/aws");
  const dead = new aws.sqs.Queue("dead", { fifoQueue: true });
  const redrivePolicy = dead.arn.apply((arn) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 }));
  const settings = { fifoQueue: true, contentBasedDeduplication: true, visibilityTimeoutSeconds: 0 };
  exports.jobs = new aws.sqs.Queue("jobs", { ...settings, redrivePolicy }).name;
`;

describe("pulumi-offline redrive", function () {
  this.timeout(60_000);
  let folder: string;
  let started: Started;

  before(async () => {
    folder = temporaryFolder();
    fs.symlinkSync(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: queues\nruntime: nodejs\n");
    fs.writeFileSync(path.join(folder, "package.json"), "{}");
    fs.writeFileSync(path.join(folder, "index.js"), PROGRAM);
    started = await startOffline([], folder);
  });
  after(() => started.interrupt());

  it("moves dead letters back, and says how many", async () => {
    const redrive = (...parameters: string[]) => begin("redrive", ...parameters, "--cwd", folder).ended;
    const { error } = await redrive("unheard-of-name");
    expect(error).to.equal("error: The program has no queue unheard-of-name. Its queues: dead, jobs.\n");
    const { endpoint, credentials } = started;
    const sdk = new SQSClient({ endpoint, credentials, region: "us-east-1" });
    const { QueueUrls = [] } = await sdk.send(new ListQueuesCommand({ QueueNamePrefix: "jobs" }));
    const jobs = path.basename(QueueUrls[0] ?? "");
    const receive = async () => (await sdk.send(new ReceiveMessageCommand({ QueueUrl: jobs }))).Messages ?? [];
    await sdk.send(new SendMessageCommand({ QueueUrl: jobs, MessageBody: "poison", MessageGroupId: "1" }));
    expect(await receive()).to.have.length(1);
    expect(await receive()).to.deep.equal([]);
    const [moved, none, wrong] = [await redrive("dead"), await redrive("dead", "--to", jobs), await redrive("jobs")];
    expect(moved).to.deep.equal({ code: 0, out: "moved 1 message from dead\n", error: "" });
    expect(none.out).to.equal("moved 0 messages from dead\n");
    expect(wrong.error).to.match(
      /^error: Source queue must be configured as a Dead Letter Queue\. No redrivePolicy of a queue names jobs: only /,
    );
    expect((await receive())[0]?.Body).to.equal("poison");
  });
});
