import { expect } from "chai";
import { AwsError } from "../../../offline/cloud/core/awsError";
import type { Fault } from "../../../offline/cloud/core/service";
import { DEFINITION, QUEUE } from "../../helpers/aws/batchService";
import { dieBeforeRecord, endLock, idempotencyRecord } from "../../helpers/handlers/idempotencyRecord";
import { type JobsFunction, startJobsFunction } from "../../helpers/handlers/jobsFunction";

describe("POST /jobs, which must not submit a job twice", () => {
  let jobs: JobsFunction;
  const { error } = console;
  beforeEach(async () => {
    console.error = () => undefined;
    jobs = await startJobsFunction();
  });
  afterEach(async () => {
    console.error = error;
    await jobs.close();
  });

  const post = (key: string | undefined = "key", body: object = { name: "nightly" }, instance = jobs.coldStart()) =>
    instance.call("POST", "/jobs", { body, headers: key === "" ? {} : { "Idempotency-Key": key } });
  const sent = (operation: string) => jobs.batch.requests.filter((request) => request.operation === operation).length;
  const submit = (jobName: string) =>
    jobs.batch.service.submit({ jobName, jobQueue: QUEUE, jobDefinition: DEFINITION });
  const record = () => idempotencyRecord(jobs.dynamo);

  it("answers the same request with the same job", async () => {
    const first = await post();
    const again = await post();
    expect(first.status).to.equal(202);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers.Location).to.equal(first.headers.Location);
    expect(again.headers["Idempotent-Replayed"]).to.equal("true");
    expect(sent("SubmitJob")).to.equal(1);
    expect((await post("key", { name: "other" })).status).to.equal(422);
  });

  it("submits one job for ten requests at once, and one for each without a key", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post()));
    expect(answers.every(({ status }) => status === 202 || status === 409)).to.equal(true);
    expect(jobs.batch.jobs.length).to.equal(1);
    await Promise.all([post(""), post("")]);
    expect(jobs.batch.jobs.length).to.equal(3);
  });

  for (const key of ["key", ""]) {
    it(`finds the job when only the response was lost, ${key ? "with" : "without"} a key`, async () => {
      jobs.batch.faults.SubmitJob = ["answer lost"];
      const answer = await post(key);
      expect(answer.status).to.equal(202);
      expect(jobs.batch.jobs.map(({ id }) => id)).to.deep.equal([answer.body.id]);
      expect(sent("SubmitJob")).to.equal(1);
    });
  }

  it("records the job's name, holds the key while the outcome is unknown, and looks before it submits again", async () => {
    jobs.batch.faults.SubmitJob = ["request lost"];
    expect((await post()).status).to.equal(503);
    const { plan, done, lockedUntil } = await record();
    expect(done).to.equal(false);
    expect(jobs.batch.requests.find(({ operation }) => operation === "SubmitJob")?.input.jobName).to.equal(plan.name);
    expect(lockedUntil).to.be.greaterThan(Date.now() + 20_000);
    expect((await post()).status).to.equal(409);
    expect(sent("SubmitJob")).to.equal(1);
    await endLock(jobs.dynamo);
    const looks = sent("ListJobs");
    expect((await post()).status).to.equal(202);
    expect(sent("ListJobs")).to.equal(looks + 1);
    expect(jobs.batch.jobs.length).to.equal(1);
  });

  it("finds the job of a function that died between submitting it and recording it", async () => {
    const dying = dieBeforeRecord(jobs.coldStart());
    expect((await post("key", undefined, dying)).status).to.equal(500);
    expect((await post()).status).to.equal(409);
    await endLock(jobs.dynamo);
    const answer = await post();
    expect(answer.status).to.equal(202);
    expect(jobs.batch.jobs.map(({ id }) => id)).to.deep.equal([answer.body.id]);
    expect(sent("SubmitJob")).to.equal(1);
  });

  const faults: [what: string, fault: Fault, status: number, held: boolean][] = [
    ["throttled", new AwsError("TooManyRequestsException", "no", 429), 503, false],
    ["refused", new AwsError("ClientException", "no"), 422, false],
    ["answered with a server error", new AwsError("ServerException", "no", 500), 503, true],
  ];
  for (const [what, fault, status, held] of faults) {
    it(`${held ? "holds" : "releases"} the key of a submission that is ${what}`, async () => {
      jobs.batch.faults.SubmitJob = [fault];
      expect((await post()).status).to.equal(status);
      expect((await post()).status).to.equal(held ? 409 : 202);
    });
  }

  it("releases the key of a submission that nobody received", async () => {
    await jobs.batch.close();
    expect((await post()).status).to.equal(503);
    expect((await record()).lockedUntil).to.equal(0);
  });

  it("does not mistake a job whose name differs in case for its own", async () => {
    jobs.batch.faults.SubmitJob = [new AwsError("TooManyRequestsException", "no", 429)];
    await post();
    const { plan } = await record();
    const { id } = submit(plan.name.toUpperCase());
    expect((await post()).body.id).not.to.equal(id);
  });

  it("finds its job behind a page of others whose names differ in case", async () => {
    jobs.batch.faults.SubmitJob = ["request lost"];
    await post();
    const { plan } = await record();
    const names = [plan.name, ...Array<string>(100).fill(plan.name.toUpperCase())];
    const [own] = names.map(submit);
    await endLock(jobs.dynamo);
    expect((await post()).body.id).to.equal(own?.id);
  });

  it("submits over a new connection each time, and reads over one kept open", async () => {
    await post("");
    await jobs.call("GET", "/jobs/a");
    const connections = jobs.batch.requests.map(({ operation, connection }) => [operation, connection]);
    expect(connections).to.deep.equal([
      ["SubmitJob", "close"],
      ["DescribeJobs", "keep-alive"],
    ]);
  });
});
