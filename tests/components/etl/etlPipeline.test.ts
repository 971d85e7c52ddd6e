import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { GravitonBatch } from "../../../components/batch/gravitonBatch";
import { EmrCluster } from "../../../components/emr/cluster/emrCluster";
import { EmrServerless } from "../../../components/emr/serverless/emrServerless";
import type { EtlPipelineArgs } from "../../../components/etl/args";
import { EtlPipeline } from "../../../components/etl/etlPipeline";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";
import { batchArgs } from "../batch/batchArgs";

const account = "123456789012";
const arnOf = (service: string, name: string) => `arn:aws:${service}:eu-west-1:${account}:${name}-1234567`;
const bucket = { bucketName: "uploads", events: "existing" } as const;
const place = { releaseLabel: "emr-7.10.0", vpcId: "vpc-1", subnetIds: ["subnet-1"] };
const roles = { loader: [], cleaner: [] };

const job = () => ({ batch: new GravitonBatch("main", batchArgs()) });
const cluster = (security = {}) => new EmrCluster("spark", { ...place, logUri: "s3://logs/", security });
const application = () => new EmrServerless("spark", place);
const script = "s3://code/load.py";

describe("EtlPipeline", () => {
  beforeEach(startMocks);

  const pipeline = (args: Partial<EtlPipelineArgs>) => new EtlPipeline("etl", { bucket, ...args });

  const pattern = async (rule: string) =>
    JSON.parse((await inputsOf("aws:cloudwatch/eventRule:EventRule", rule)).eventPattern);

  const variables = async () => (await inputsOf("aws:lambda/function:Function", "etl")).environment.variables;

  async function allowed(): Promise<string[]> {
    const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy", "etl");
    return JSON.parse(policy).Statement.flatMap(({ Action }: { Action: string[] }) => Action);
  }

  it("sends the objects' events and the changes of their work to one queue, which a function reads", async () => {
    const one = pipeline({ bucket: { ...bucket, prefix: "in/", suffix: ".csv" }, job: job() });
    expect(await pattern("etl")).to.deep.equal({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["uploads"] }, object: { key: [{ wildcard: "in/*.csv" }] } },
    });
    expect(await pattern("etl-changes")).to.deep.equal({
      source: ["aws.batch"],
      "detail-type": ["Batch Job State Change"],
      detail: { jobName: [{ prefix: "etl-1234567-" }], status: ["RUNNING", "SUCCEEDED", "FAILED"] },
    });
    for (const target of ["etl", "etl-changes"]) {
      expect(await inputsOf("aws:cloudwatch/eventTarget:EventTarget", target)).to.deep.equal({
        rule: `${target}-1234567`,
        arn: await resolved(one.queueArn),
        deadLetterConfig: { arn: arnOf("sqs", "etl-dead-letters") },
        retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 },
      });
    }
    expect(await inputsOf("aws:lambda/eventSourceMapping:EventSourceMapping")).to.deep.include({
      eventSourceArn: arnOf("sqs", "etl"),
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: 2 },
    });
  });

  it("lets only its rules send to its queues", async () => {
    pipeline({ job: job() });
    for (const queue of ["etl", "etl-dead-letters"]) {
      const { policy } = await inputsOf("aws:sqs/queuePolicy:QueuePolicy", queue);
      const senders = JSON.parse(policy).Statement.flatMap((statement: { Effect: string; Condition: object }) =>
        statement.Effect === "Allow" ? [statement.Condition] : [],
      );
      const rules = ["etl", "etl-changes"].map((rule) => arnOf("cloudwatch", rule));
      expect(senders).to.deep.equal(rules.map((arn) => ({ ArnEquals: { "aws:SourceArn": arn } })));
    }
  });

  it("keeps failed events until they have been received as often as they should be", async () => {
    pipeline({ job: job(), maximumReceives: 3, retentionDays: 30 });
    const { visibilityTimeoutSeconds, redrivePolicy } = await inputsOf("aws:sqs/queue:Queue", "etl");
    const { timeout } = await inputsOf("aws:lambda/function:Function", "etl");
    expect(visibilityTimeoutSeconds).to.equal(6 * timeout);
    expect(JSON.parse(redrivePolicy).maxReceiveCount).to.equal(3);
    const life = String(3 * visibilityTimeoutSeconds);
    expect(await variables()).to.include({ MESSAGE_LIFE_SECONDS: life, RETENTION_DAYS: "30" });
  });

  it("submits jobs, of the definition's size or another, and no others", async () => {
    const environment = { MODE: pulumi.output("full") };
    pipeline({ job: { ...job(), arraySize: 4, environment, parameters: { from: "{uri}" } } });
    const { SUBMISSION, ...others } = await variables();
    expect(JSON.parse(SUBMISSION)).to.deep.equal({ environment: { MODE: "full" }, parameters: { from: "{uri}" } });
    expect(others).to.include({
      JOB_ARRAY_SIZE: "4",
      JOB_QUEUE: arnOf("batch", "main"),
      RUNS_TABLE_NAME: "etl-1234567",
    });
    expect(await allowed())
      .to.include.members(["batch:SubmitJob", "batch:ListJobs"])
      .and.not.include("batch:TerminateJob");
  });

  it("adds steps that run as one of the cluster's roles, and follows those of this name only", async () => {
    const words = ["--deploy-mode", "cluster", script, "{uri}"];
    pipeline({ step: { cluster: cluster({ runtimeRoles: roles }), runtimeRole: "loader", arguments: words } });
    expect(await pattern("etl-changes")).to.deep.equal({
      source: ["aws.emr"],
      "detail-type": ["EMR Step Status Change"],
      detail: { clusterId: ["spark-id"], name: [{ prefix: "etl-1234567-" }] },
    });
    const { SUBMISSION, CLUSTER_ID, EXECUTION_ROLE_ARN } = await variables();
    expect([CLUSTER_ID, EXECUTION_ROLE_ARN]).to.deep.equal(["spark-id", arnOf("iam", "spark-runtime-loader")]);
    expect(JSON.parse(SUBMISSION)).to.deep.equal({ arguments: words });
    expect(await allowed()).to.include.members(["elasticmapreduce:AddJobFlowSteps", "elasticmapreduce:ListSteps"]);
  });

  it("starts jobs of an EMR Serverless application with the object's address", async () => {
    pipeline({ run: { application: application(), script } });
    expect((await pattern("etl-changes")).detail).to.deep.equal({ applicationId: ["spark-id"] });
    expect(JSON.parse((await variables()).SUBMISSION)).to.deep.equal({ script, arguments: ["{uri}"] });
    expect(await allowed()).to.include.members(["emr-serverless:StartJobRun", "emr-serverless:GetJobRun"]);
  });

  it("needs the same of a cluster or an application that is given by its outputs", async () => {
    const { clusterId, clusterArn } = cluster();
    pipeline({ step: { cluster: { clusterId, clusterArn, runtimeRoleArn: "role" }, arguments: [script] } });
    const { applicationId, applicationArn, jobRoleArn } = new EmrServerless("less", place);
    const given = { applicationId, applicationArn, jobRoleArn };
    new EtlPipeline("other", { bucket, run: { application: given, script } });
    expect(await variables()).to.include({ CLUSTER_ID: "spark-id", EXECUTION_ROLE_ARN: "role" });
    const other = (await inputsOf("aws:lambda/function:Function", "other")).environment.variables;
    expect(other).to.include({ APPLICATION_ID: "less-id", JOB_ROLE_ARN: arnOf("iam", "less") });
  });

  it("lets others read the records of runs, which expire", async () => {
    const { environment, statements } = pipeline({ job: job() }).access("read");
    expect(await resolved(environment)).to.deep.equal({ RUNS_TABLE_NAME: "etl-1234567" });
    expect(statements.flatMap(({ actions }) => actions))
      .to.include("dynamodb:Query")
      .and.not.include("dynamodb:PutItem");
    const table = await inputsOf("aws:dynamodb/table:Table");
    expect(table.ttl).to.deep.equal({ attributeName: "expiresAt", enabled: true });
    expect(table.globalSecondaryIndexes[0]).to.include({ name: "byState" });
  });

  it("encrypts the records, the queues, the log and the environment with the customer key", async () => {
    const kmsKeyArn = `arn:aws:kms:eu-west-1:${account}:key/1`;
    pipeline({ job: job(), kmsKeyArn });
    expect((await inputsOf("aws:dynamodb/table:Table")).serverSideEncryption).to.deep.include({ kmsKeyArn });
    for (const queue of ["etl", "etl-dead-letters"]) {
      expect(await inputsOf("aws:sqs/queue:Queue", queue)).to.include({ kmsMasterKeyId: kmsKeyArn });
    }
    expect(await inputsOf("aws:lambda/function:Function", "etl")).to.include({ kmsKeyArn });
  });

  it("turns the bucket's events on when told to", async () => {
    pipeline({ job: job(), bucket: { ...bucket, events: "managed" } });
    expect(await inputsOf("aws:s3/bucketNotification:BucketNotification")).to.deep.equal({
      bucket: "uploads",
      eventbridge: true,
    });
  });

  const wrong: [what: string, args: () => Partial<EtlPipelineArgs>, at: string, reason: RegExp][] = [
    ["no work", () => ({}), "job", /is missing; write it, or `step` or `run`/],
    [
      "two kinds of work",
      () => ({ job: job(), run: { application: application(), script } }),
      "run",
      /cannot be combined with `job`/,
    ],
    ["a job that the batch does not have", () => ({ job: { ...job(), job: "other" } }), "job.batch", /no job "other"/],
    ["a queue without its jobs", () => ({ job: { batch: { queueArn: "q" } } }), "job.batch", /lacks/],
    [
      "a variable that Batch reserves",
      () => ({ job: { ...job(), environment: { AWS_BATCH_A: "1" } } }),
      "job.environment.AWS_BATCH_A",
      /./,
    ],
    [
      "a role that the cluster does not have",
      () => ({ step: { cluster: cluster({ runtimeRoles: roles }), runtimeRole: "other", arguments: [script] } }),
      "step.cluster",
      /no runtime role "other"/,
    ],
    [
      "a cluster without its ARN",
      () => ({ step: { cluster: { clusterId: "j" }, arguments: [script] } }),
      "step.cluster",
      /lacks/,
    ],
    ["a step without arguments", () => ({ step: { cluster: cluster(), arguments: [] } }), "step.arguments", /is empty/],
    [
      "an application without its role",
      () => ({ run: { application: { applicationId: "a" }, script } }),
      "run.application",
      /lacks/,
    ],
    [
      "a script that is not in S3",
      () => ({ run: { application: application(), script: "load.py" } }),
      "run.script",
      /s3:/,
    ],
    ["an empty prefix", () => ({ job: job(), bucket: { ...bucket, prefix: "" } }), "bucket.prefix", /is empty/],
    ["records that end before dead letters do", () => ({ job: job(), retentionDays: 14 }), "retentionDays", /15/],
  ];
  for (const [what, args, at, reason] of wrong) {
    it(`refuses ${what}, before anything is registered`, async () => {
      const found = mistakes(() => pipeline(args()));
      expect(found.map(([path]) => path)).to.deep.equal([at]);
      expect(found[0]?.[1]).to.match(reason);
      expect((await resources()).map(({ type }) => type)).not.to.include("graviton:index:EtlPipeline");
    });
  }

  it("refuses a name that is too long for its rules", () => {
    const name = "e".repeat(50);
    const [[at, reason] = []] = mistakes(() => new EtlPipeline(name, { bucket, job: job() }));
    expect([at, reason]).to.deep.equal([
      "name",
      `"${name}-changes" has 58 characters; write at most 56, as AWS allows 64 and Pulumi adds 8`,
    ]);
  });
});
