import * as path from "node:path";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { Run } from "../../../components/etl/run/runs";
import { AwsError } from "../../../offline/cloud/core/awsError";
import { DEFINITION, type FaultyBatch, QUEUE, startBatchService } from "../../helpers/aws/batchService";
import { type Dynamo, startDynamo } from "../../helpers/aws/dynamo";
import { startEmrService } from "../../helpers/aws/emrService";
import { setEnvironment } from "../../helpers/handlers/handlerInstance";
import { APPLICATION, CLUSTER, JOB_ROLE } from "../../helpers/offline/emr";

const run = path.resolve(__dirname, "../../../components/etl/run");

type Handler = (event: object, context: object) => Promise<{ batchItemFailures: { itemIdentifier: string }[] }>;

/** A cold start of an entry: modules loaded anew, with nothing in memory. */
function load(entry: string): Handler {
  for (const file of Object.keys(require.cache)) if (file.startsWith(run)) delete require.cache[file];
  return require(path.join(run, entry)).handler;
}

const environment = {
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  RUNS_TABLE_NAME: "runs",
  RETENTION_DAYS: "30",
  MESSAGE_LIFE_SECONDS: "900",
};

const uploaded = (object: object = {}, bucket: object = { name: "uploads" }) => ({
  source: "aws.s3",
  "detail-type": "Object Created",
  detail: { bucket, object: { key: "in/a b+{run}.csv", etag: "1", ...object } },
});

let messages = 0;

/** A message that was sent, and is received for the first time, so many seconds after the first ones. */
function message(body: unknown, seconds = 0) {
  const now = String(Date.now() + seconds * 1000);
  const attributes = { SentTimestamp: now, ApproximateFirstReceiveTimestamp: now };
  return { messageId: `m-${++messages}`, body: typeof body === "string" ? body : JSON.stringify(body), attributes };
}

describe("the function of an EtlPipeline", () => {
  let dynamo: Dynamo;
  let handler: Handler;
  let restore: () => void;
  let logged: string[];
  const { error } = console;

  beforeEach(async () => {
    dynamo = await startDynamo("runs");
    logged = [];
    console.error = (line: string) => logged.push(line);
  });
  afterEach(async () => {
    console.error = error;
    restore();
    await dynamo.close();
  });

  const start = (entry: string, more: Record<string, string>) => {
    restore = setEnvironment({ ...environment, AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint, ...more });
    handler = load(entry);
  };

  /** What the log says of those of the messages that are to be received again. */
  async function receive(...Records: ReturnType<typeof message>[]): Promise<string[]> {
    logged.length = 0;
    const { batchItemFailures } = await handler({ Records }, { getRemainingTimeInMillis: () => 10_000 });
    expect(logged).to.have.length(batchItemFailures.length);
    for (const { itemIdentifier } of batchItemFailures) expect(logged.join()).to.contain(itemIdentifier);
    return logged.map((line) => line.replace(/^Message m-\d+ is not done: /, ""));
  }

  async function record(id: string): Promise<Run> {
    return (await dynamo.client.send(new GetCommand({ TableName: "runs", Key: { id } }))).Item as Run;
  }

  /** Changes a record, as a call would have left it that ended there. */
  async function leave(id: string, changes: Partial<Run>): Promise<void> {
    await dynamo.client.send(new PutCommand({ TableName: "runs", Item: { ...(await record(id)), ...changes } }));
  }

  const idIn = (name = "") => /^runs-([0-9a-f]{32})-\d+$/.exec(name)?.[1] ?? "";

  describe("with AWS Batch", () => {
    let batch: FaultyBatch;

    beforeEach(async () => {
      batch = await startBatchService();
      const SUBMISSION = JSON.stringify({ environment: { FROM: "{uri}" }, parameters: { key: "{key} of {bucket}" } });
      const job = { JOB_QUEUE: QUEUE, JOB_DEFINITION: DEFINITION, SUBMISSION };
      start("job", { ...job, AWS_ENDPOINT_URL_BATCH: batch.endpoint });
    });
    afterEach(() => batch.close());

    const submits = () => batch.requests.filter(({ operation }) => operation === "SubmitJob").map(({ input }) => input);
    const names = () => submits().map(({ jobName }) => String(jobName));
    const changed = (name: unknown, status: string, detail: object = {}) => ({
      source: "aws.batch",
      "detail-type": "Batch Job State Change",
      detail: { jobName: name, jobId: "job", status, ...detail },
    });
    const failed = (name: unknown) =>
      changed(name, "FAILED", { statusReason: "Essential container exited", container: { exitCode: 3 } });

    /** Begins a run, and returns the name of its first attempt. */
    async function begun(): Promise<string> {
      expect(await receive(message(uploaded()))).to.deep.equal([]);
      return names()[0] ?? "";
    }

    it("submits one job for an object whose event arrives often, and tells it which object", async () => {
      expect(await receive(...[1, 2, 3].map(() => message(uploaded())))).to.deep.equal([]);
      expect(await receive(message(uploaded()))).to.deep.equal([]);
      const [submitted, ...others] = submits();
      expect(others).to.deep.equal([]);
      const key = "in/a b+{run}.csv";
      const id = idIn(String(submitted?.jobName));
      expect(submitted?.parameters).to.deep.equal({ key: `${key} of uploads` });
      expect(submitted?.containerOverrides).to.deep.equal({
        environment: [
          { name: "BUCKET_NAME", value: "uploads" },
          { name: "OBJECT_KEY", value: key },
          { name: "RUN_ID", value: id },
          { name: "FROM", value: `s3://uploads/${key}` },
        ],
      });
      const { state, attempt, submissionId, expiresAt, createdAt } = await record(id);
      expect([state, attempt, submissionId]).to.deep.equal(["PENDING", 1, batch.jobs[0]?.id]);
      expect(expiresAt).to.equal(Math.floor(Date.parse(createdAt) / 1000) + 30 * 86_400);
    });

    it("submits a job for each version, or for each content where there are no versions", async () => {
      const versions = [{ "version-id": "v1" }, { "version-id": "v2" }, { etag: "2" }, { key: "other" }];
      await receive(...versions.map((version) => message(uploaded(version))));
      await receive(...versions.map((version) => message(uploaded(version))));
      expect(new Set(names()).size).to.equal(4);
      expect(names()).to.have.length(4);
    });

    it("finds the job whose answer was lost", async () => {
      batch.faults.SubmitJob = ["answer lost"];
      const id = idIn(await begun());
      expect(names()).to.have.length(1);
      expect((await record(id)).submissionId).to.equal(batch.jobs[0]?.id);
    });

    it("finds the job of a call that ended before it could note it, once that call has surely ended", async () => {
      const id = idIn(await begun());
      const crashed = { state: "STARTING", submissionId: undefined, lockedUntil: Date.now() + 60_000 } as const;
      await leave(id, { ...crashed, submissionId: "" });
      const [reason] = await receive(message(uploaded()));
      expect(reason).to.match(/attempt 1 of run .* is being submitted by another call/);
      await leave(id, { ...crashed, submissionId: "", lockedUntil: Date.now() - 1 });
      expect(await receive(message(uploaded()))).to.deep.equal([]);
      expect(names()).to.have.length(1);
      expect(await record(id)).to.include({ state: "PENDING", submissionId: batch.jobs[0]?.id });
    }).timeout(10_000);

    it("submits what Batch refused when the message comes again", async () => {
      batch.faults.SubmitJob = [new AwsError("ClientException", "the queue is disabled", 400)];
      expect(await receive(message(uploaded()))).to.deep.equal(["the queue is disabled"]);
      expect(await receive(message(uploaded()))).to.deep.equal([]);
      expect(batch.jobs).to.have.length(1);
      expect(new Set(names()).size).to.equal(1);
    });

    it("moves the record forward only, whatever the order of the events", async () => {
      const name = await begun();
      for (const [status, state] of [
        ["RUNNING", "RUNNING"],
        ["RUNNABLE", "RUNNING"],
        ["SUCCEEDED", "SUCCEEDED"],
        ["RUNNING", "SUCCEEDED"],
        ["SUCCEEDED", "SUCCEEDED"],
        ["FAILED", "SUCCEEDED"],
      ] as const) {
        expect(await receive(message(changed(name, status)))).to.deep.equal([]);
        expect((await record(idIn(name))).state, status).to.equal(state);
      }
    });

    it("leaves out the children of an array, and the jobs of others", async () => {
      const name = await begun();
      const others = [changed(name, "FAILED", { jobId: "job:1" }), changed(name, "FAILED", { jobId: "job#0" })];
      expect(
        await receive(...[...others, failed("other-1"), failed(`more-${name}`)].map((one) => message(one))),
      ).to.deep.equal([]);
      expect((await record(idIn(name))).state).to.equal("PENDING");
    });

    it("keeps the event of a failure in the queue with its reason, and the record of it", async () => {
      const name = await begun();
      const event = message(failed(name));
      const duplicate = message(failed(name), 60);
      const said = /^attempt 1 of run .* failed: Essential container exited; exit code 3; redrive the message/;
      for (const one of [event, event, duplicate]) expect((await receive(one)).join()).to.match(said);
      expect(await receive(message(uploaded()), message(changed(name, "RUNNING")))).to.deep.equal([]);
      const { state, reason } = await record(idIn(name));
      expect([state, reason]).to.deep.equal(["FAILED", "Essential container exited; exit code 3"]);
      expect(names()).to.have.length(1);
    });

    it("tries again, once, when the event of a failure comes out of the dead letter queue", async () => {
      const name = await begun();
      await receive(message(failed(name)));
      const redriven = message(failed(name), 901);
      expect(await receive(redriven, message(failed(name), 902))).to.deep.equal([]);
      expect(await receive(redriven, message(failed(name), 903), message(uploaded()))).to.deep.equal([]);
      expect(names()).to.deep.equal([name, name.replace(/1$/, "2")]);
      const { state, attempt, reason } = await record(idIn(name));
      expect([state, attempt, reason]).to.deep.equal(["PENDING", 2, undefined]);
    });

    it("continues a retry that ended before it could submit", async () => {
      const name = await begun();
      await receive(message(failed(name)));
      batch.faults.SubmitJob = [new AwsError("ClientException", "the queue is disabled", 400)];
      const redriven = message(failed(name), 901);
      expect(await receive(redriven)).to.deep.equal(["the queue is disabled"]);
      expect(await receive(redriven)).to.deep.equal([]);
      expect(batch.jobs).to.have.length(2);
    });

    it("does not lose a failure whose record has expired", async () => {
      const [reason] = await receive(message(failed(`runs-${"0".repeat(32)}-1`)));
      expect(reason).to.match(/^the record of run 0+ has expired; put the object again/);
    });

    const unreadable: [what: string, body: unknown, reason: RegExp][] = [
      ["no JSON", "hello", /^the message is not JSON/],
      ["a list", [], /^the message is not an object/],
      ["no event", {}, /^`detail` is not an object/],
      ["another event", { source: "shop", "detail-type": "Order", detail: {} }, /^the event is "shop: Order"/],
      ["no bucket", uploaded({}, {}), /`detail.bucket.name` is missing/],
      ["no key", uploaded({ key: 7 }), /`detail.object.key` is missing/],
      ["neither a version nor an ETag", uploaded({ etag: undefined }), /`detail.object.etag` is missing/],
      ["a key that Batch has no room for", uploaded({ key: "k".repeat(40_000) }), /./],
    ];
    for (const [what, body, reason] of unreadable) {
      it(`refuses ${what}, and does the rest of the batch`, async () => {
        const reasons = await receive(message(body), message(uploaded()));
        expect(reasons).to.have.length(1);
        expect(reasons[0]).to.match(reason);
        expect(batch.jobs).to.have.length(1);
      });
    }
  });

  describe("with EMR", () => {
    const words = ["--deploy-mode", "client", "s3://code/a.py", "{uri}", "{version}|{run}"];
    const SUBMISSION = JSON.stringify({ script: "s3://code/a.py", arguments: words });
    let emr: Awaited<ReturnType<typeof startEmrService>>;

    beforeEach(async () => {
      emr = await startEmrService();
    });
    afterEach(() => emr.close());

    const endpoints = () => ({ AWS_ENDPOINT_URL_EMR: emr.endpoint, AWS_ENDPOINT_URL_EMR_SERVERLESS: emr.endpoint });
    const inputs = (of: string) => emr.requests.filter(({ operation }) => operation === of).map(({ input }) => input);

    it("adds a step once, also if the answer is lost, and fails with its message", async () => {
      start("step", { ...endpoints(), SUBMISSION, CLUSTER_ID: CLUSTER });
      emr.faults.AddJobFlowSteps = ["answer lost"];
      await receive(message(uploaded({ "version-id": "v{key}" })), message(uploaded({ "version-id": "v{key}" })));
      const [
        {
          Steps: [step],
        } = { Steps: [] },
        ...others
      ] = inputs("AddJobFlowSteps") as { Steps: { Name: string; HadoopJarStep: { Args: string[] } }[] }[];
      const id = idIn(step?.Name);
      expect([others, step?.HadoopJarStep.Args]).to.deep.equal([
        [],
        ["spark-submit", ...words.slice(0, 3), "s3://uploads/in/a b+{run}.csv", `v{key}|${id}`],
      ]);
      const detail = {
        name: step?.Name,
        stepId: "s-1",
        clusterId: CLUSTER,
        state: "CANCELLED",
        message: "Step s-1 was cancelled.",
      };
      const [reason] = await receive(message({ source: "aws.emr", "detail-type": "EMR Step Status Change", detail }));
      expect(reason).to.contain("failed: Step s-1 was cancelled.; redrive");
      expect(await record(id)).to.include({ state: "FAILED", submissionId: "s-1" });
    });

    it("starts a job run once by its token, and asks EMR Serverless for the reason of a failure", async () => {
      start("serverless", { ...endpoints(), SUBMISSION, APPLICATION_ID: APPLICATION, JOB_ROLE_ARN: JOB_ROLE });
      emr.faults.StartJobRun = ["answer lost"];
      expect(await receive(message(uploaded()))).to.deep.equal([]);
      const { id: jobRunId } = emr.work[0] ?? {};
      expect(emr.work).to.have.length(1);
      emr.change(jobRunId, { state: "FAILED", reason: "Spark failed" });
      const detail = { applicationId: APPLICATION, jobRunId, state: "FAILED" };
      const event = { source: "aws.emr-serverless", "detail-type": "EMR Serverless Job Run State Change", detail };
      expect((await receive(message(event))).join()).to.contain("failed: Spark failed; redrive");
      const { id: other } = emr.add("serverless", { name: "other" });
      expect(await receive(message({ ...event, detail: { ...detail, jobRunId: other } }))).to.deep.equal([]);
    });
  });
});
