import * as path from "node:path";
import { expect } from "chai";
import { GravitonBatch } from "../../../../components/batch/gravitonBatch";
import type { JobSubmissionArgs } from "../../../../components/batch/submission/args";
import { JobSubmission } from "../../../../components/batch/submission/jobSubmission";
import type { Submission, Submitted } from "../../../../components/batch/submission/submit";
import { AwsError } from "../../../../offline/cloud/core/awsError";
import { rules } from "../../../../policies/policies";
import { DEFINITION, FAIR_QUEUE, type FaultyBatch, QUEUE, startBatchService } from "../../../helpers/aws/batchService";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../../helpers/components/mocks";
import { setEnvironment } from "../../../helpers/handlers/handlerInstance";
import { failureOf } from "../../../helpers/offline/program";
import { violations } from "../../../helpers/policies/policies";
import { batchArgs } from "../batchArgs";

const invocationType = "aws:lambda/invocation:Invocation";

describe("JobSubmission", () => {
  beforeEach(startMocks);

  function submission(args: Partial<JobSubmissionArgs> = {}): JobSubmission {
    return new JobSubmission("seed", { batch: new GravitonBatch("main", batchArgs()), ...args });
  }

  it("calls its function once, and again when a trigger or the job's input changes", async () => {
    submission({ triggers: { version: "1" }, environment: { A: "b" }, parameters: { c: "d" } });
    const { input, ...others } = await inputsOf(invocationType);
    expect(JSON.parse(input)).to.deep.equal({
      name: "seed",
      environment: { A: "b" },
      parameters: { c: "d" },
      triggers: { version: "1" },
    });
    expect(others).to.deep.equal({ functionName: "seed-1234567" });
  });

  it("does not call it again for a longer wait", async () => {
    submission({ timeout: 100 });
    const { input } = await inputsOf(invocationType);
    await startMocks();
    submission({ timeout: 200 });
    expect((await inputsOf(invocationType)).input).to.equal(input);
  });

  it("lets its function submit this job, read jobs and nothing else, and outlive the wait", async () => {
    submission({ job: "summarise", timeout: 100 });
    const inputs = await inputsOf("aws:lambda/function:Function", "seed");
    expect(inputs.timeout).to.equal(160);
    expect(inputs.environment.variables).to.have.all.keys("JOB_QUEUE", "JOB_DEFINITION", "WAIT_SECONDS");
    expect(inputs.environment.variables.WAIT_SECONDS).to.equal("100");
    const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy", "seed");
    const actions = JSON.parse(policy).Statement.flatMap(({ Action }: { Action: string[] }) => Action);
    expect(actions.filter((action: string) => action.startsWith("batch:"))).to.have.members([
      "batch:SubmitJob",
      "batch:TagResource",
      "batch:DescribeJobs",
      "batch:ListJobs",
    ]);
  });

  it("outputs its function's name, and no id if the function is not called", async () => {
    const one = submission();
    expect(await resolved(one.functionName)).to.equal("seed-1234567");
    expect(await resolved(one.jobId)).to.equal("");
  });

  it("does not wait when told not to", async () => {
    submission({ wait: false });
    const { timeout, environment } = await inputsOf("aws:lambda/function:Function", "seed");
    expect([timeout, environment.variables.WAIT_SECONDS]).to.deep.equal([60, "0"]);
  });

  it("passes on its other settings", async () => {
    submission({ logRetentionDays: 7, permissionsBoundary: "boundary", tags: { team: "a" } });
    expect(await inputsOf("aws:cloudwatch/logGroup:LogGroup", "seed")).to.include({ retentionInDays: 7 });
    expect(await inputsOf("aws:iam/role:Role", "seed")).to.deep.include({
      permissionsBoundary: "boundary",
      tags: { team: "a" },
    });
  });

  it("violates no policy", async () => {
    submission();
    const found = await Promise.all(
      (await resources()).map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });

  const wrong: [what: string, args: Partial<JobSubmissionArgs>, path: string, reason: RegExp][] = [
    ["a short timeout", { timeout: 5 }, "timeout", /30 to 840 seconds/],
    ["a timeout without waiting", { wait: false, timeout: 60 }, "timeout", /leave out one/],
    ["Batch's own variables", { environment: { AWS_BATCH_X: "1" } }, "environment.AWS_BATCH_X", /write another name/],
    ["a job that does not exist", { job: "migrate" }, "batch", /no job "migrate"; write `job`/],
    ["a share of a queue without shares", { shareIdentifier: "a" }, "batch", /leave it out/],
    [
      "a retention that CloudWatch does not offer",
      { logRetentionDays: 8 },
      "logRetentionDays",
      /0 keeps logs for ever/,
    ],
    ["more than Batch allows", { environment: { A: "b".repeat(30 * 1024) } }, "environment", /object in S3/],
  ];
  for (const [what, args, at, reason] of wrong) {
    it(`refuses ${what}, before anything is registered`, async () => {
      const batch = new GravitonBatch("main", batchArgs());
      const [[place, said] = []] = mistakes(() => new JobSubmission("seed", { batch, ...args }));
      expect(place).to.equal(at);
      expect(said).to.match(reason);
      expect((await resources()).map(({ type }) => type)).not.to.include("graviton:index:JobSubmission");
    });
  }

  it("refuses a name that Batch does not allow", () => {
    const batch = new GravitonBatch("main", batchArgs());
    expect(mistakes(() => new JobSubmission("_seed", { batch })).map(([at]) => at)).to.deep.equal(["name"]);
  });

  describe("its function, over HTTP", () => {
    let service: FaultyBatch;
    let restore: () => void;
    let handler: (submission: Submission) => Promise<Submitted>;

    beforeEach(async () => {
      service = await startBatchService();
      restore = setEnvironment({
        AWS_ENDPOINT_URL_BATCH: service.endpoint,
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        JOB_QUEUE: QUEUE,
        JOB_DEFINITION: DEFINITION,
        WAIT_SECONDS: "0",
      });
      const file = path.resolve(__dirname, "../../../../components/batch/submission/submit.ts");
      delete require.cache[file];
      handler = require(file).handler;
    });
    afterEach(async () => {
      restore();
      await service.close();
    });

    const seed = { name: "seed", environment: { A: "b" }, parameters: { c: "d" }, triggers: {} };
    const waiting = (seconds: number) => {
      process.env.WAIT_SECONDS = String(seconds);
      return handler(seed);
    };
    const submits = () => service.requests.filter(({ operation }) => operation === "SubmitJob");
    const change = (changes: object) => {
      // As if they had been submitted long ago.
      for (const job of service.jobs) Object.assign(job, { createdAt: 1 }, changes);
    };
    /** Changes the job once the function has asked about it. */
    async function onceDescribed(changes: object): Promise<void> {
      while (!service.requests.some(({ operation }) => operation === "DescribeJobs")) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      change(changes);
    }

    it("submits the job with its input, under a name of its own", async () => {
      const { jobId, jobName, status } = await handler(seed);
      expect(jobName).to.match(/^seed-[0-9a-f]{16}$/);
      expect([service.jobs.map(({ id }) => id), status]).to.deep.equal([[jobId], "SUBMITTED"]);
      expect(submits()[0]?.input).to.deep.equal({
        jobName,
        jobQueue: QUEUE,
        jobDefinition: process.env.JOB_DEFINITION,
        containerOverrides: { environment: [{ name: "A", value: "b" }] },
        parameters: { c: "d" },
      });
    });

    it("submits to the share, with the job definition's array size", async () => {
      const undo = setEnvironment({ JOB_QUEUE: FAIR_QUEUE, JOB_SHARE_IDENTIFIER: "a", JOB_ARRAY_SIZE: "5" });
      await handler(seed).finally(undo);
      expect(submits()[0]?.input).to.deep.include({ shareIdentifier: "a", arrayProperties: { size: 5 } });
    });

    it("does not submit again what an earlier call submitted", async () => {
      const first = await handler(seed);
      expect(await handler(seed)).to.deep.equal(first);
      change({ status: "SUCCEEDED", stoppedAt: Date.now() });
      expect(await handler(seed)).to.deep.equal(first);
      expect(submits()).to.have.length(1);
    });

    it("submits again after a change of the triggers, the definition, or a failure", async () => {
      await handler(seed);
      await handler({ ...seed, triggers: { version: "2" } });
      const undo = setEnvironment({ JOB_DEFINITION: DEFINITION.replace(/1$/, "2") });
      await handler(seed).finally(undo);
      expect(submits()).to.have.length(3);
      change({ status: "FAILED" });
      await handler(seed);
      expect(submits()).to.have.length(4);
    });

    it("runs again what succeeded long before", async () => {
      await handler(seed);
      change({ status: "SUCCEEDED", stoppedAt: Date.now() - 3_600_000 });
      await handler(seed);
      expect(submits()).to.have.length(2);
    });

    it("finds the job whose response was lost instead of submitting another", async () => {
      service.faults.SubmitJob = ["answer lost"];
      const { jobId } = await handler(seed);
      expect(service.jobs.map(({ id }) => id)).to.deep.equal([jobId]);
      expect(submits()).to.have.length(1);
    });

    it("retries when Batch is busy or the role is new, but not when the request is wrong", async () => {
      const refusals = [
        new AwsError("AccessDeniedException", "no", 403),
        new AwsError("TooManyRequestsException", "no", 429),
      ];
      service.faults.SubmitJob = [...refusals];
      await handler(seed);
      expect(submits()).to.have.length(3);
      service.faults.SubmitJob = [new AwsError("ClientException", "no such queue")];
      const error = await failureOf(handler({ ...seed, name: "other" }));
      expect(error.message).to.contain("no such queue");
      expect(submits()).to.have.length(4);
    });

    it("waits until the job has succeeded", async () => {
      const ended = waiting(30);
      await onceDescribed({ status: "SUCCEEDED" });
      expect((await ended).status).to.equal("SUCCEEDED");
    });

    it("fails with the job's reasons", async () => {
      const ended = failureOf(waiting(30));
      const container = { taskArn: "", reason: "OutOfMemoryError", exitCode: 137, logStreamName: "seed/1" };
      await onceDescribed({ status: "FAILED", statusReason: "Essential container in task exited", container });
      const { message } = await ended;
      expect(message).to.match(
        /^The job seed-\w+ \([\w-]+\) failed: Essential container in task exited; OutOfMemoryError; /,
      );
      expect(message).to.contain("exit code 137; log stream seed/1");
    });

    it("reports the job's state when the time is up", async () => {
      const { message } = await failureOf(waiting(0.1));
      expect(message).to.match(/is SUBMITTED after 0\.1 seconds; write a longer `timeout`, or `wait: false`/);
    });
  });
});
