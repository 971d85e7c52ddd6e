import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { policyDocument } from "../../../../components/access";
import { GravitonBatch } from "../../../../components/batch/gravitonBatch";
import type { JobSource } from "../../../../components/batch/submission/args";
import { accessToJobs } from "../../../../components/batch/submission/jobSource";
import { JobSubmission } from "../../../../components/batch/submission/jobSubmission";
import { JobTrigger } from "../../../../components/batch/trigger/jobTrigger";
import { inputsOf, mistakes, resolved, startMocks } from "../../../helpers/components/mocks";
import { failureOf } from "../../../helpers/offline/program";
import { batchArgs } from "../batchArgs";

const account = "arn:aws:batch:eu-west-1:123456789012";
const queueArn = `${account}:job-queue/main`;
const jobDefinitionArns = { report: `${account}:job-definition/report:3` };

describe("a queue and job definitions given by their ARNs", () => {
  beforeEach(startMocks);

  async function submission(batch: JobSource) {
    const { environment, statements } = accessToJobs(batch, ["submit", "read"], {});
    return [await resolved(environment), await resolved(policyDocument(statements))];
  }

  it("require the same as the GravitonBatch that they are from", async () => {
    const batch = new GravitonBatch("main", batchArgs());
    const arns = { queueArn: batch.queueArn, jobDefinitionArns: batch.jobDefinitionArns };
    expect(await submission(arns)).to.deep.equal(await submission(batch));
  });

  it("require the same if the definitions' names are known only later", async () => {
    const later = pulumi.output(Promise.resolve(jobDefinitionArns));
    expect(await submission({ queueArn, jobDefinitionArns: later })).to.deep.equal(
      await submission({ queueArn, jobDefinitionArns }),
    );
  });

  it("fail the deployment if the job is not among names that are known later", async () => {
    const batch = { queueArn, jobDefinitionArns: pulumi.output(jobDefinitionArns) };
    const { JOB_DEFINITION: arn } = accessToJobs(batch, "submit", { job: "other" }).environment;
    const { message } = await failureOf((arn as unknown as { promise(): Promise<unknown> }).promise());
    expect(message).to.equal('access: there is no job "other"; write `job`: "report"');
  });

  it("are submitted by a trigger", async () => {
    new JobTrigger("nightly", { batch: { queueArn, jobDefinitionArns }, schedule: "rate(1 day)", arraySize: 3 });
    const { target } = await inputsOf("aws:scheduler/schedule:Schedule");
    const { JobQueue, JobDefinition, ArrayProperties } = JSON.parse(target.input);
    expect([JobQueue, JobDefinition]).to.deep.equal([queueArn, jobDefinitionArns.report]);
    expect(ArrayProperties).to.deep.equal({ Size: 3 });
  });

  it("are submitted when the stack is deployed, as an array if they should be", async () => {
    new JobSubmission("seed", { batch: { queueArn, jobDefinitionArns }, arraySize: 3 });
    const { variables } = (await inputsOf("aws:lambda/function:Function")).environment;
    expect(variables).to.deep.include({
      JOB_QUEUE: queueArn,
      JOB_DEFINITION: jobDefinitionArns.report,
      JOB_ARRAY_SIZE: "3",
    });
  });

  it("accept a share, which only the queue can judge", () => {
    const args = { batch: { queueArn, jobDefinitionArns }, schedule: "rate(1 day)", shareIdentifier: "a" };
    expect(mistakes(() => new JobTrigger("nightly", args))).to.deep.equal([]);
  });
});
