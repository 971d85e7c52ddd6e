import { BatchClient, SubmitJobCommand } from "@aws-sdk/client-batch";
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { AddJobFlowStepsCommand, EMRClient } from "@aws-sdk/client-emr";
import { EMRServerlessClient, StartJobRunCommand } from "@aws-sdk/client-emr-serverless";
import { expect } from "chai";
import { DOCUMENTATION, recordedByLocalstack, testFact } from "../../../helpers/facts";
import { computeEnvironment, jobDefinition, jobQueue } from "../../../helpers/offline/batch";
import { APPLICATION, application, CLUSTER, cluster, JOB_ROLE, simulatedStep } from "../../../helpers/offline/emr";
import { ACCOUNT, closeEvents, REGION, type ServedEvents, serveEvents } from "../../../helpers/offline/events";
import { until } from "../../../helpers/offline/served";

const JOBS = `arn:aws:batch:${REGION}:${ACCOUNT}`;

describe("What services publish on the default event bus", () => {
  let served: ServedEvents;
  let client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

  before(async () => {
    const jobs = [computeEnvironment("spot"), jobQueue("main", "spot"), jobDefinition("work")];
    served = await serveEvents([...jobs, cluster(), application({ type: "hive" })], ["sqs"]);
    const { endpoint, credentials } = served.server;
    client = { endpoint, region: REGION, credentials };
    for (const source of ["aws.batch", "aws.emr", "aws.emr-serverless"]) await served.rule(source, {});
  });
  after(closeEvents);

  const events = async (count: number) => (await served.messages(count)).map((text) => JSON.parse(text));

  testFact({ service: "Batch", source: DOCUMENTATION }, "Every change of a job's state is an event", async () => {
    const { jobId, jobArn } = await new BatchClient(client).send(
      new SubmitJobCommand({ jobName: "job", jobQueue: "main", jobDefinition: "work" }),
    );
    const got = await events(4);
    // EventBridge delivers in no certain order.
    expect(got.map(({ detail }) => detail.status)).to.have.members(["PENDING", "RUNNABLE", "STARTING", "FAILED"]);
    expect(got[0]).to.deep.include({ source: "aws.batch", "detail-type": "Batch Job State Change", region: REGION });
    expect(got[0].resources).to.deep.equal([jobArn]);
    const ended = got.find(({ detail }) => detail.status === "FAILED");
    expect(ended.detail).to.deep.include({ jobArn, jobId, jobName: "job", jobQueue: `${JOBS}:job-queue/main` });
    expect(ended.detail.jobDefinition).to.equal(`${JOBS}:job-definition/work:1`);
  });

  testFact({ service: "EMR", source: DOCUMENTATION }, "Every change of a step's state is an event", async () => {
    const { StepIds: [stepId] = [] } = await new EMRClient(client).send(
      new AddJobFlowStepsCommand({
        JobFlowId: CLUSTER,
        Steps: [simulatedStep("load", { ActionOnFailure: "CONTINUE" })],
      }),
    );
    const got = await events(3);
    expect(got.map(({ detail }) => detail.state)).to.deep.equal(["PENDING", "RUNNING", "COMPLETED"]);
    const [{ detail, resources, ...envelope }] = got;
    expect(envelope).to.deep.include({ source: "aws.emr", "detail-type": "EMR Step Status Change" });
    expect(resources).to.deep.equal([]);
    const { message, ...fields } = detail;
    const step = { stepId, name: "load", clusterId: CLUSTER, actionOnFailure: "CONTINUE" };
    expect(fields).to.deep.equal({ severity: "INFO", state: "PENDING", ...step });
    const minute =
      /^Step s-\w+ \(load\) was added to Amazon EMR cluster j-\w+ \(spark\) at [\d-]{10} \d\d:\d\d UTC and /;
    expect(message)
      .to.match(minute)
      .and.to.match(/is pending execution\.$/);
  });

  testFact(
    { service: "EMR Serverless", source: DOCUMENTATION },
    "Every change of a job run's state is an event",
    async () => {
      const { jobRunId, arn } = await new EMRServerlessClient(client).send(
        new StartJobRunCommand({
          applicationId: APPLICATION,
          executionRoleArn: JOB_ROLE,
          jobDriver: { hive: { query: "SELECT 1" } },
        }),
      );
      const states = ["SUBMITTED", "SCHEDULED", "RUNNING", "SUCCESS"];
      const got = await events(states.length);
      expect(got.map(({ detail }) => detail.state)).to.deep.equal(states);
      expect(got.map(({ detail }) => detail.previousState)).to.deep.equal([undefined, ...states.slice(0, -1)]);
      expect(got[1]["detail-type"]).to.equal("EMR Serverless Job Run State Change");
      const { detail } = got[1];
      expect(detail).to.deep.include({ jobRunId, applicationId: APPLICATION, arn, releaseLabel: "emr-7.10.0" });
      expect(detail.updatedAt).to.match(/^\d{4}-\d\d-\d\dT/);
    },
  );

  it("reaches Batch as a job, by a rule with a job queue as its target", async () => {
    const BatchParameters = { JobDefinition: "work", JobName: "from-event" };
    await served.rule("shop", { Arn: `${JOBS}:job-queue/main`, BatchParameters });
    await served.put({ Source: "shop" });
    const [{ detail }] = await events(4);
    expect(detail.jobName).to.equal("from-event");
  });

  testFact(
    { service: "EventBridge", source: recordedByLocalstack("2026-03") },
    "A log group gets the event as the message of a log event",
    async () => {
      const logs = new CloudWatchLogsClient(client);
      const logGroupName = "/aws/events/shop";
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      await served.rule("logged", { Arn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${logGroupName}` });
      const [id] = await served.put({ Source: "logged" });
      const list = async () => (await logs.send(new FilterLogEventsCommand({ logGroupName }))).events ?? [];
      await until(async () => (await list()).length > 0);
      const [{ message = "" } = {}] = await list();
      expect(JSON.parse(message)).to.deep.include({ id, source: "logged", detail: {} });
    },
  );
});
