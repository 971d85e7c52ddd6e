import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { Attempt, Job } from "../../../offline/cloud/batch/job";
import { AwsError } from "../../../offline/cloud/core/awsError";
import { DEFINITION, FAIR_QUEUE, OTHER_QUEUE, QUEUE } from "../../helpers/aws/batchService";
import { type JobsFunction, startJobsFunction } from "../../helpers/handlers/jobsFunction";

describe("the jobs API", () => {
  let jobs: JobsFunction;
  const { error } = console;
  beforeEach(async () => {
    jobs = await startJobsFunction();
  });
  afterEach(async () => {
    console.error = error;
    await jobs.close();
  });

  const post = (body: unknown) => jobs.call("POST", "/jobs", { body });
  const submitted = () => jobs.batch.requests.filter(({ operation }) => operation === "SubmitJob");
  const submit = async (body: object = {}) => String((await post(body)).body.id);
  const find = (id: string) => jobs.batch.service.jobs.find(id) as Job;
  const change = (id: string, changes: Partial<Job>) => Object.assign(find(id), changes);

  describe("POST /jobs", () => {
    it("submits a job and returns its location", async () => {
      const answer = await post({ name: "nightly" });
      expect(answer.status).to.equal(202);
      expect(answer.headers.Location).to.equal(`/Prod/jobs/${answer.body.id}`);
      expect(answer.body.name).to.match(/^nightly-[0-9a-f-]{36}$/);
      expect((await jobs.call("GET", `/jobs/${answer.body.id}`)).body).to.deep.include(answer.body);
    });

    it("passes on to Batch everything that the caller sets", async () => {
      Object.assign(process.env, { JOB_QUEUE: FAIR_QUEUE, JOB_SHARE_IDENTIFIER: "blue" });
      const { call } = jobs.coldStart();
      delete process.env.JOB_SHARE_IDENTIFIER;
      const first = String((await call("POST", "/jobs", { body: { shareIdentifier: "blue" } })).body.id);
      const body = {
        name: "nightly",
        environment: { CATEGORY: "home" },
        parameters: { mode: "quick" },
        arraySize: 2,
        dependsOn: [first],
        timeoutSeconds: 60,
        shareIdentifier: "blue",
        schedulingPriority: 7,
      };
      expect((await call("POST", "/jobs", { body })).status).to.equal(202);
      const { jobName, ...input } = submitted()[1]?.input ?? {};
      expect(jobName).to.match(/^nightly-/);
      expect(input).to.deep.equal({
        jobQueue: FAIR_QUEUE,
        jobDefinition: DEFINITION,
        containerOverrides: { environment: [{ name: "CATEGORY", value: "home" }] },
        parameters: { mode: "quick" },
        arrayProperties: { size: 2 },
        dependsOn: [{ jobId: first }],
        timeout: { attemptDurationSeconds: 60 },
        shareIdentifier: "blue",
        schedulingPriorityOverride: 7,
      });
    });

    const mistakes: [body: object, pointer: string, detail: RegExp][] = [
      [{ name: "-a" }, "#/name", /must match/],
      [{ name: "x".repeat(92) }, "#/name", /must match/],
      [{ arraySize: 1 }, "#/arraySize", /2 or more/],
      [{ arraySize: 10_001 }, "#/arraySize", /10000 or less/],
      [{ timeoutSeconds: 59 }, "#/timeoutSeconds", /60 or more/],
      [{ schedulingPriority: 10_000 }, "#/schedulingPriority", /9999 or less/],
      [{ shareIdentifier: "blue" }, "#/shareIdentifier", /is not one of/],
      [{ dependsOn: Array.from({ length: 21 }, (_, index) => `${index}`) }, "#/dependsOn", /20 or fewer/],
      [{ dependsOn: ["unknown"] }, "#/dependsOn/0", /not the id of a job/],
      [{ environment: { CATEGORY: 1 } }, "#/environment/CATEGORY", /must be a string/],
      [{ environment: { PATH: "/" } }, "#/environment/PATH", /not one of CATEGORY, READ_UNITS_PER_SECOND/],
      [{ environment: { AWS_BATCH_OWN: "1" } }, "#/environment/AWS_BATCH_OWN", /is not one of/],
      [{ parameters: { mode: null } }, "#/parameters/mode", /must be a string/],
      [{ command: ["rm"] }, "#/command", /is not one of/],
    ];
    for (const [body, pointer, detail] of mistakes) {
      it(`refuses ${JSON.stringify(body).slice(0, 60)} and says where it is wrong`, async () => {
        const answer = await post(body);
        expect(answer.status).to.equal(422);
        expect(answer.headers["Content-Type"]).to.equal("application/problem+json");
        expect(answer.body).to.have.nested.property("errors[0].pointer", pointer);
        expect(answer.body).to.have.nested.property("errors[0].detail").that.matches(detail);
        expect(submitted()).to.have.length(0);
      });
    }

    it("refuses every variable when none is allowed", async () => {
      delete process.env.JOB_ENVIRONMENT_NAMES;
      const { call } = jobs.coldStart();
      expect((await call("POST", "/jobs", { body: { environment: { CATEGORY: "a" } } })).status).to.equal(422);
    });

    it("takes the array's size and the share from the environment, and no other share", async () => {
      Object.assign(process.env, { JOB_QUEUE: FAIR_QUEUE, JOB_ARRAY_SIZE: "4", JOB_SHARE_IDENTIFIER: "blue" });
      const { call } = jobs.coldStart();
      delete process.env.JOB_ARRAY_SIZE;
      delete process.env.JOB_SHARE_IDENTIFIER;
      await call("POST", "/jobs", { body: {} });
      await call("POST", "/jobs", { body: { arraySize: 2 } });
      const [first, second] = submitted().map(({ input }) => input);
      expect(first).to.deep.include({ arrayProperties: { size: 4 }, shareIdentifier: "blue" });
      expect(second).to.deep.include({ arrayProperties: { size: 2 } });
      const other = await call("POST", "/jobs", { body: { shareIdentifier: "red" } });
      expect(other.status).to.equal(422);
      expect(other.body).to.have.nested.property("errors[0].pointer", "#/shareIdentifier");
    });

    it("refuses more than the 30 KiB that Batch accepts, and nothing below", async () => {
      const withCategory = (length: number) => post({ environment: { CATEGORY: "é".repeat(length) } });
      const answer = await withCategory(15 * 1024);
      expect(answer.status).to.equal(413);
      expect(answer.body.type).to.equal("urn:problem:content-too-large");
      expect((await withCategory(15 * 1024 - 150)).status).to.equal(202);
      expect(submitted()).to.have.length(1);
    });

    it("gives Batch's reason for a refusal, without ARNs and account ids", async () => {
      const message = `Queue ${QUEUE} of 123456789012 needs a shareIdentifier.`;
      jobs.batch.faults.SubmitJob = [new AwsError("ClientException", message)];
      const answer = await post({});
      expect(answer.status).to.equal(422);
      expect(answer.body.detail).to.equal("AWS Batch refuses the job: Queue … of … needs a shareIdentifier.");
    });
  });

  describe("GET /jobs/{id}", () => {
    it("returns the job's state, and no internals", async () => {
      const id = await submit({ timeoutSeconds: 90 });
      const container = { taskArn: "arn:aws:ecs:eu-west-1:1:task/a", exitCode: 1, reason: "from 123456789012.dkr.ecr" };
      const attempt = { startedAt: Date.UTC(2026, 0, 2), container: { exitCode: 143, logStreamName: "stream" } };
      change(id, {
        status: "FAILED",
        createdAt: Date.UTC(2026, 0, 1),
        startedAt: Date.UTC(2026, 0, 2),
        stoppedAt: Date.UTC(2026, 0, 3),
        statusReason: `Task of ${QUEUE} exited`,
        container,
        attempts: [attempt as Attempt],
      });
      const { body } = await jobs.call("GET", `/jobs/${id}`);
      expect(body).to.deep.equal({
        id,
        name: find(id).submission.name,
        status: "FAILED",
        createdAt: "2026-01-01T00:00:00.000Z",
        startedAt: "2026-01-02T00:00:00.000Z",
        stoppedAt: "2026-01-03T00:00:00.000Z",
        exitCode: 1,
        reason: "from ….dkr.ecr",
        statusReason: "Task of … exited",
        attempts: [{ startedAt: "2026-01-02T00:00:00.000Z", exitCode: 143 }],
        dependsOn: [],
        timeoutSeconds: 90,
      });
    });

    it("returns how many children of an array have which status, and accepts a child's id", async () => {
      const id = await submit({ arraySize: 2 });
      for (const child of find(id).children) change(child.id, { status: "RUNNING" });
      const { array } = (await jobs.call("GET", `/jobs/${id}`)).body as { array: { size: number; statuses: object } };
      expect(array.size).to.equal(2);
      expect(array.statuses).to.include({ RUNNING: 2, FAILED: 0 });
      expect((await jobs.call("GET", `/jobs/${id}%3A1`)).body.array).to.deep.equal({ index: 1 });
    });

    it("answers 404 for a job that does not exist or is in another queue, whatever the method", async () => {
      const input = { jobName: "other", jobQueue: OTHER_QUEUE, jobDefinition: DEFINITION };
      const { id: other } = jobs.batch.service.submit(input);
      for (const id of [other, "unknown"]) {
        for (const [method, path] of Object.entries({ GET: `/jobs/${id}`, DELETE: `/jobs/${id}` })) {
          expect((await jobs.call(method, path)).status, `${method} ${path}`).to.equal(404);
        }
        expect((await jobs.call("GET", `/jobs/${id}/summary`)).status).to.equal(404);
        expect((await post({ dependsOn: [id] })).status).to.equal(422);
      }
      expect(find(other).status).to.equal("SUBMITTED");
    });
  });

  describe("GET /jobs", () => {
    it("lists the jobs of all statuses page by page, the newest first", async () => {
      const ids = [await submit(), await submit(), await submit()];
      const first = await jobs.call("GET", "/jobs", { query: { limit: "2" } });
      const nextToken = String(first.body.nextToken);
      const second = await jobs.coldStart().call("GET", "/jobs", { query: { limit: "2", nextToken } });
      expect(second.body).not.to.have.property("nextToken");
      const found = [first, second].flatMap(({ body }) => body.jobs as { id: string }[]).map(({ id }) => id);
      expect(found).to.deep.equal(ids.reverse());
    });

    it("lists the jobs of one status, and refuses a token of another query", async () => {
      const [id] = [await submit(), await submit(), await submit()];
      change(String(id), { status: "FAILED" });
      const failed = await jobs.call("GET", "/jobs", { query: { status: "FAILED" } });
      expect(failed.body.jobs).to.have.length(1).and.have.nested.property("[0].id", id);
      const { nextToken } = (await jobs.call("GET", "/jobs", { query: { limit: "1" } })).body;
      const query = { limit: "1", status: "FAILED", nextToken: String(nextToken) };
      expect((await jobs.call("GET", "/jobs", { query })).status).to.equal(400);
      expect((await jobs.call("GET", "/jobs", { query: { status: "DONE" } })).status).to.equal(400);
    });
  });

  describe("DELETE /jobs/{id}", () => {
    it("terminates a job with a reason, and does not change a finished one", async () => {
      const id = await submit();
      expect((await jobs.call("DELETE", `/jobs/${id}`)).status).to.equal(202);
      expect(find(id).statusReason).to.equal("Terminated through the API");
      expect((await jobs.call("DELETE", `/jobs/${id}`)).status).to.equal(204);
      expect(jobs.batch.requests.filter(({ operation }) => operation === "TerminateJob")).to.have.length(1);
    });
  });

  describe("GET /jobs/{id}/summary", () => {
    it("returns what the job wrote, and nothing of a checkpoint", async () => {
      const id = await submit();
      const put = (record: object) =>
        jobs.dynamo.client.send(new PutCommand({ TableName: "summaries", Item: { id, attempt: 1, ...record } }));
      await put({ checkpoint: { totals: {} } });
      const early = await jobs.call("GET", `/jobs/${id}/summary`);
      expect(early.status).to.equal(404);
      expect(early.headers["Retry-After"]).to.equal("1");
      expect(early.body.detail).to.contain("is SUBMITTED");
      await put({ summary: { id, items: 3 } });
      expect((await jobs.call("GET", `/jobs/${id}/summary`)).body).to.deep.equal({ id, items: 3 });
    });

    it("says if there will be no summary", async () => {
      const id = await submit();
      change(id, { status: "FAILED" });
      const failed = await jobs.call("GET", `/jobs/${id}/summary`);
      expect(failed.status).to.equal(404);
      expect(failed.headers).not.to.have.property("Retry-After");
      const array = await submit({ arraySize: 2 });
      expect((await jobs.call("GET", `/jobs/${array}/summary`)).body.detail).to.contain(`${array}:0`);
    });
  });

  it("answers 503 with Retry-After when Batch is throttled or unavailable, and repeats no submission", async () => {
    console.error = () => undefined;
    const throttled = new AwsError("TooManyRequestsException", "no", 429);
    Object.assign(jobs.batch.faults, { SubmitJob: [throttled], ListJobs: [throttled, throttled, throttled] });
    for (const answer of [await post({}), await jobs.call("GET", "/jobs")]) {
      expect(answer.status).to.equal(503);
      expect(answer.headers["Retry-After"]).to.equal("1");
    }
    expect(submitted()).to.have.length(1);
    await jobs.batch.close();
    expect((await jobs.call("GET", "/jobs/a")).status).to.equal(503);
  });

  it("does not reveal why it may not use Batch", async () => {
    console.error = () => undefined;
    jobs.batch.faults.DescribeJobs = [new AwsError("AccessDeniedException", "secret", 403)];
    const answer = await jobs.call("GET", "/jobs/a");
    expect(answer.status).to.equal(500);
    expect(JSON.stringify(answer.body)).not.to.contain("secret");
  });
});
