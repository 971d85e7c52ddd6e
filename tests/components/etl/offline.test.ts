import * as fs from "node:fs";
import * as path from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SQSClient, StartMessageMoveTaskCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { runProgram } from "../../../offline";
import { at } from "../../helpers/clock";
import { writeProgram } from "../../helpers/offline/program";
import { s3Of } from "../../helpers/offline/s3";
import { closeServers, type Served, serveGraph, until } from "../../helpers/offline/served";
import { temporaryFolder } from "../../helpers/temporaryFolder";

const repository = path.resolve(__dirname, "../../..");

/** The job of objects called bad fails until this exists. */
const mended = path.join(temporaryFolder(), "mended");

const program = `
  import { DataBucket, EtlPipeline, GravitonBatch, ItemsTable, JobImage, LambdaFunction, ServerlessApi } from "pulumi-graviton";
  import { servedBy } from ${JSON.stringify(path.join(repository, "handlers/http/router"))};
  import { runsRoutes } from ${JSON.stringify(path.join(repository, "handlers/runs/routes"))};
  const { bucketName } = new DataBucket("uploads");
  const batch = new GravitonBatch("batch", {
    environments: [{ type: "FARGATE", maxVcpus: 4 }],
    jobs: { load: { image: new JobImage("image", { context: "job" }).imageUri, attempts: 1 } },
    subnetIds: ["subnet-1"],
    securityGroupIds: ["sg-1"],
  });
  const etl = new EtlPipeline("etl", {
    bucket: { bucketName, events: "managed", prefix: "in/", suffix: ".csv" },
    job: { batch, environment: { FROM: "{uri}", MENDED: ${JSON.stringify(mended)} } },
    maximumReceives: 1,
  });
  const records = new ItemsTable("records");
  const runs = new LambdaFunction("runs", {
    entry: ${JSON.stringify(path.join(repository, "handlers/runs.ts"))},
    access: [etl.access("read"), records.access("crud", { environmentName: "RECORDS_TABLE_NAME" })],
    timeout: 30,
  });
  new ServerlessApi("api", { routes: servedBy(runsRoutes, runs), auth: "none" });
  export const { queueArn, deadLetterArn } = etl;
  export const bucket = bucketName;
`;

const job = `
  const { OBJECT_KEY, FROM, MENDED } = process.env;
  console.log("worked on", FROM);
  if (OBJECT_KEY.includes("bad") && !require("node:fs").existsSync(MENDED)) process.exit(3);
`;

describe("EtlPipeline offline", function () {
  // It runs a program with the components, functions and a few jobs.
  this.timeout(120_000);
  let server: Served;
  let outputs: Record<string, string>;
  let sqs: SQSClient;

  before(async () => {
    const directory = writeProgram({
      "Pulumi.yaml": "name: etl\nruntime: nodejs\nmain: index.ts\n",
      "index.ts": program,
      "job/Dockerfile": 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["node", "index.js"]\n',
      "job/index.js": job,
    });
    const graph = await runProgram({ directory, config: { "aws:region": "eu-west-1" } });
    outputs = graph.outputs as Record<string, string>;
    server = await serveGraph(graph);
    const { endpoint, credentials } = server;
    sqs = new SQSClient({ endpoint, credentials: { ...credentials }, region: "eu-west-1", maxAttempts: 1 });
  });
  after(closeServers);

  const put = (Key: string, Body: string) =>
    s3Of(server).send(new PutObjectCommand({ Bucket: outputs.bucket, Key, Body }));
  const urlOf = (arn = "") => arn.replace(/^.*:(\d+):(.*)$/, `${server.endpoint}/$1/$2`);
  const receive = async (arn = "", VisibilityTimeout = 0) => {
    const input = { QueueUrl: urlOf(arn), MaxNumberOfMessages: 10, WaitTimeSeconds: 0, VisibilityTimeout };
    return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
  };
  const jobs = (key: string) => server.lines.filter((line) => line.endsWith(`worked on s3://${outputs.bucket}/${key}`));

  interface Run {
    id: string;
    state: string;
    attempt: number;
    object: { key: string };
    reason?: string;
  }

  async function runs(query = ""): Promise<Run[]> {
    return ((await (await server.call(`/runs${query}`)).json()) as { runs: Run[] }).runs;
  }

  async function ended(key: string, state: string, attempt = 1): Promise<Run> {
    let found: Run | undefined;
    await until(async () => {
      found = (await runs(`?state=${state}`)).find(
        ({ object, ...run }) => object.key === key && run.attempt === attempt,
      );
      return found !== undefined;
    });
    return found as Run;
  }

  it("runs one job for an object that is put three times, and another for its next version", async () => {
    await put("in/orders.csv", "1");
    await Promise.all([put("in/orders.csv", "1"), put("in/orders.csv", "1"), put("other.csv", "1")]);
    const run = await ended("in/orders.csv", "SUCCEEDED");
    expect(await (await server.call(`/runs/${run.id}`)).json()).to.deep.equal(run);
    await put("in/orders.csv", "2");
    await until(async () => (await runs("?state=SUCCEEDED")).length === 2);
    expect(jobs("in/orders.csv")).to.have.length(2);
    expect(await runs()).to.have.length(2);
  });

  it("keeps the failure as a dead letter with its reason, and tries again when that is redriven", async () => {
    await put("in/bad.csv", "1");
    const failed = await ended("in/bad.csv", "FAILED");
    expect(failed.reason).to.match(/exit code 3$/);
    // As if the time had gone by for which SQS hides a message that was received.
    await at(Date.now() + 200_000, async () => {
      expect(await receive(outputs.queueArn)).to.deep.equal([]);
      const letters = await receive(outputs.deadLetterArn);
      expect(letters).to.have.length(1);
      const { detail } = JSON.parse(letters[0]?.Body ?? "");
      expect([detail.status, detail.container.exitCode]).to.deep.equal(["FAILED", 3]);
      fs.writeFileSync(mended, "");
      await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: outputs.deadLetterArn }));
      await until(async () => jobs("in/bad.csv").length === 2);
    });
    const { id, reason } = await ended("in/bad.csv", "SUCCEEDED", 2);
    expect([id, reason]).to.deep.equal([failed.id, undefined]);
    expect(await receive(outputs.deadLetterArn)).to.deep.equal([]);
  });

  it("has nothing to complain about", () => expect(server.problems).to.deep.equal([]));
});
