import { expect } from "chai";
import type { FunctionAccess } from "../../../components/access";
import { policyDocument } from "../../../components/access";
import { GravitonBatch } from "../../../components/batch/gravitonBatch";
import { inputsOf, resolved, startMocks } from "../../helpers/components/mocks";
import { batchArgs, image, withJob } from "./batchArgs";

const queue = "arn:aws:batch:eu-west-1:123456789012:main-1234567";
const definition = "arn:aws:batch:eu-west-1:123456789012:main-summarise-1234567";
const anyJob = "arn:aws:batch:eu-west-1:123456789012:job/*";

describe("GravitonBatch.access", () => {
  beforeEach(startMocks);

  async function statementsOf({ statements }: FunctionAccess) {
    return JSON.parse((await resolved(policyDocument(statements))) as string).Statement;
  }

  function failure(create: () => unknown): string {
    try {
      create();
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  }

  it("lets a function submit a job: to the queue, by the definition with and without a revision", async () => {
    const access = new GravitonBatch("main", batchArgs()).access("submit", { job: "summarise" });
    expect(await resolved(access.environment)).to.deep.equal({ JOB_QUEUE: queue, JOB_DEFINITION: definition });
    expect(await statementsOf(access)).to.deep.equal([
      { Effect: "Allow", Action: ["batch:SubmitJob"], Resource: [queue, definition, `${definition}:*`, anyJob] },
      { Effect: "Allow", Action: ["batch:TagResource"], Resource: [anyJob] },
    ]);
  });

  it("defaults to the only job, uses the given names, and leaves tags out where none are propagated", async () => {
    const batch = new GravitonBatch("main", withJob({ propagateTags: false, arraySize: 10 }));
    const access = batch.access("submit", { queueEnvironmentName: "Q", definitionEnvironmentName: "D" });
    expect(await resolved(access.environment)).to.deep.equal({ Q: queue, D: definition, JOB_ARRAY_SIZE: "10" });
    expect(await statementsOf(access)).to.have.lengthOf(1);
  });

  it("lets a function read jobs", async () => {
    const access = new GravitonBatch("main", batchArgs()).access("read");
    expect(await resolved(access.environment)).to.deep.equal({ JOB_QUEUE: queue });
    expect(await statementsOf(access)).to.deep.equal([
      { Effect: "Allow", Action: ["batch:DescribeJobs", "batch:ListJobs"], Resource: ["*"] },
    ]);
  });

  it("lets a function terminate jobs, which it may then also read", async () => {
    const access = new GravitonBatch("main", batchArgs()).access("terminate");
    expect((await statementsOf(access)).slice(1)).to.deep.equal([
      { Effect: "Allow", Action: ["batch:TerminateJob", "batch:CancelJob"], Resource: [anyJob] },
    ]);
  });

  it("combines several levels, with each variable and statement once", async () => {
    const access = new GravitonBatch("main", batchArgs()).access(["submit", "read", "terminate"]);
    expect(await resolved(access.environment)).to.have.all.keys("JOB_QUEUE", "JOB_DEFINITION");
    expect(await statementsOf(access)).to.have.lengthOf(4);
  });

  it("ties the permission to submit to the share", async () => {
    const batch = new GravitonBatch("main", batchArgs({ fairShare: { shares: [{ identifier: "a" }] } }));
    const access = batch.access("submit", { shareIdentifier: "a" });
    expect((await resolved(access.environment)).JOB_SHARE_IDENTIFIER).to.equal("a");
    expect((await statementsOf(access))[0].Condition).to.deep.equal({ StringEquals: { "batch:ShareIdentifier": "a" } });
  });

  it("requires a valid share with fair share, and none without", async () => {
    const fair = new GravitonBatch("fair", batchArgs({ fairShare: { shares: [{ identifier: "a" }] } }));
    const plain = new GravitonBatch("plain", batchArgs());
    expect(failure(() => fair.access("submit"))).to.match(/write `shareIdentifier`/);
    expect(failure(() => fair.access("submit", { shareIdentifier: "a b" }))).to.match(/letters and digits/);
    expect(failure(() => plain.access("submit", { shareIdentifier: "a" }))).to.match(/leave it out/);
    await inputsOf("aws:batch/jobQueue:JobQueue", "plain");
  });

  it("says which jobs exist", async () => {
    const batch = new GravitonBatch("main", batchArgs({ jobs: { one: { image }, two: { image } } }));
    expect(failure(() => batch.access("submit"))).to.match(/no job is given; write `job`: "one" or "two"/);
    expect(failure(() => batch.access("submit", { job: "three" }))).to.match(
      /no job "three"; write `job`: "one" or "two"/,
    );
    await inputsOf("aws:batch/jobQueue:JobQueue");
  });
});
