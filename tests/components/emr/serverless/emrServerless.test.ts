import { expect } from "chai";
import { policyDocument } from "../../../../components/access";
import type { EmrServerlessArgs } from "../../../../components/emr/serverless/args";
import { EmrServerless } from "../../../../components/emr/serverless/emrServerless";
import { rules } from "../../../../policies/policies";
import { inputsOf, resolved, resources, startMocks } from "../../../helpers/components/mocks";
import { violations } from "../../../helpers/policies/policies";

const applicationType = "aws:emrserverless/application:Application";
const applicationArn = "arn:aws:emrserverless:eu-west-1:123456789012:spark-1234567";
const key = "arn:aws:kms:eu-west-1:123456789012:key/1";
const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";

describe("EmrServerless", () => {
  beforeEach(startMocks);

  const create = (changes: Partial<EmrServerlessArgs> = {}) =>
    new EmrServerless("spark", { releaseLabel: "emr-7.10.0", ...changes });

  async function application(changes: Partial<EmrServerlessArgs> = {}) {
    create(changes);
    return inputsOf(applicationType);
  }

  async function granted(changes: Partial<EmrServerlessArgs> = {}) {
    create(changes);
    return JSON.parse((await inputsOf("aws:iam/rolePolicy:RolePolicy")).policy).Statement;
  }

  it("is Spark on arm64 that starts with a job, stops when idle and has limited capacity", async () => {
    expect(await application()).to.deep.equal({
      type: "spark",
      releaseLabel: "emr-7.10.0",
      architecture: "ARM64",
      maximumCapacity: { cpu: "16 vCPU", memory: "64 GB" },
      initialCapacities: [],
      autoStartConfiguration: { enabled: true },
      autoStopConfiguration: { enabled: true, idleTimeoutMinutes: 15 },
      monitoringConfiguration: {
        cloudwatchLoggingConfiguration: {
          enabled: true,
          logGroupName: "/aws/emr-serverless/spark-1",
          logStreamNamePrefix: "job",
        },
      },
    });
  });

  it("lets job runs wait, and shows what each one costs, if asked to", async () => {
    expect(await application({ scheduler: { maximumRuns: 3 }, jobCostAllocation: true })).to.deep.include({
      schedulerConfiguration: { maxConcurrentRuns: 3, queueTimeoutMinutes: 360 },
      jobLevelCostAllocationConfiguration: { enabled: true },
    });
  });

  it("outputs what it created and nothing more", async () => {
    const { applicationId, applicationArn: arn, jobRoleArn, securityGroup } = create();
    expect(await resolved(applicationId)).to.equal("spark-id");
    expect(await resolved(arn)).to.equal(applicationArn);
    expect(await resolved(jobRoleArn)).to.equal("arn:aws:iam:eu-west-1:123456789012:spark-1234567");
    expect(securityGroup).to.equal(undefined);
  });

  it("keeps workers ready, of the sizes asked for", async () => {
    const { initialCapacities, maximumCapacity } = await application({
      engine: "Hive",
      maximumCapacity: { vcpus: 40, memory: 300, disk: 500 },
      initialCapacity: [
        { type: "HiveDriver", count: 1 },
        { type: "TezTask", count: 2, vcpus: 8, memory: 60, disk: 100 },
      ],
    });
    expect(maximumCapacity).to.deep.equal({ cpu: "40 vCPU", memory: "300 GB", disk: "500 GB" });
    const worker = (workerCount: number, cpu: string, memory: string, disk: string) => ({
      workerCount,
      workerConfiguration: { cpu, memory, disk },
    });
    expect(initialCapacities).to.deep.equal([
      { initialCapacityType: "HiveDriver", initialCapacityConfig: worker(1, "2 vCPU", "8 GB", "20 GB") },
      { initialCapacityType: "TezTask", initialCapacityConfig: worker(2, "8 vCPU", "60 GB", "100 GB") },
    ]);
  });

  it("accepts an image and settings, and neither starts nor stops by itself when told not to", async () => {
    const imageUri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/spark:1";
    const configurations = { "spark-defaults": { "spark.sql.shuffle.partitions": "64" } };
    const inputs = await application({ imageUri, configurations, autoStart: false, idleMinutes: 0, tags: { a: "b" } });
    expect(inputs).to.deep.include({
      imageConfiguration: { imageUri },
      runtimeConfigurations: [
        { classification: "spark-defaults", properties: { "spark.sql.shuffle.partitions": "64" } },
      ],
      autoStartConfiguration: { enabled: false },
      autoStopConfiguration: { enabled: false },
      tags: { a: "b" },
    });
  });

  it("is in a VPC behind its own security group that lets nobody in", async () => {
    const { networkConfiguration } = await application({ vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"] });
    expect(networkConfiguration).to.deep.equal({
      subnetIds: ["subnet-1", "subnet-2"],
      securityGroupIds: ["spark-id"],
    });
    const { ingress, description } = await inputsOf("aws:ec2/securityGroup:SecurityGroup");
    expect({ ingress, description }).to.deep.equal({ ingress: [], description: "Jobs of spark" });
  });

  it("keeps the jobs' logs for 30 days, or as long as it is told to, under the key", async () => {
    create({ logRetentionDays: 365, kmsKeyArn: key });
    const all = await resources();
    const group = all.find(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup")?.inputs;
    expect(group).to.include({ retentionInDays: 365, kmsKeyId: key });
    const { monitoringConfiguration } = all.find(({ type }) => type === applicationType)?.inputs ?? {};
    expect(monitoringConfiguration.cloudwatchLoggingConfiguration.encryptionKeyArn).to.equal(key);
    expect(monitoringConfiguration.managedPersistenceMonitoringConfiguration.encryptionKeyArn).to.equal(key);
    await startMocks();
    create();
    expect((await inputsOf("aws:cloudwatch/logGroup:LogGroup")).retentionInDays).to.equal(30);
  });

  it("lets only its own jobs assume the role", async () => {
    create({ permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" });
    const { assumeRolePolicy, permissionsBoundary } = await inputsOf("aws:iam/role:Role");
    const [{ Principal, Condition }] = JSON.parse(assumeRolePolicy).Statement;
    expect(Principal).to.deep.equal({ Service: "emr-serverless.amazonaws.com" });
    expect(Condition).to.deep.equal({
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": [applicationArn, `${applicationArn}/*`] },
    });
    expect(permissionsBoundary).to.equal("arn:aws:iam::123456789012:policy/boundary");
  });

  it("lets jobs write their own logs, and use what they are given", async () => {
    const access = [
      { environment: {}, statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::raw/*"] }] },
    ];
    const group = "arn:aws:cloudwatch:eu-west-1:123456789012:/aws/emr-serverless/spark-1";
    const statements = await granted({ access });
    expect(statements.map(({ Action, Resource }: Record<string, string[]>) => [Action, Resource])).to.deep.equal([
      [["logs:DescribeLogGroups"], ["arn:aws:cloudwatch:eu-west-1:123456789012:*"]],
      [["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], [`${group}:*`]],
      [["s3:GetObject"], ["arn:aws:s3:::raw/*"]],
    ]);
  });

  it("lets jobs use the key of the logs", async () => {
    const [, log, ofKey] = await granted({ kmsKeyArn: key });
    expect(log.Action).to.include("logs:AssociateKmsKey");
    expect(ofKey).to.deep.include({ Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [key] });
  });

  it("lets a function start, read and cancel job runs with this role, and read them", async () => {
    const spark = create();
    const { environment, statements } = spark.access(["read", "startJob"]);
    expect(await resolved(environment)).to.deep.equal({
      APPLICATION_ID: "spark-id",
      JOB_ROLE_ARN: "arn:aws:iam:eu-west-1:123456789012:spark-1234567",
    });
    const [runs, pass, ...others] = JSON.parse(await resolved(policyDocument(statements))).Statement;
    expect(runs.Action).to.have.members(
      ["StartJobRun", "CancelJobRun", "GetJobRun", "ListJobRuns"].map((action) => `emr-serverless:${action}`),
    );
    expect(runs.Resource).to.deep.equal([applicationArn, `${applicationArn}/jobruns/*`]);
    expect(pass).to.deep.equal({
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: ["arn:aws:iam:eu-west-1:123456789012:spark-1234567"],
      Condition: { StringEquals: { "iam:PassedToService": "emr-serverless.amazonaws.com" } },
    });
    expect(others).to.deep.equal([]);
    const read = spark.access("read", { applicationEnvironmentName: "SPARK" });
    expect(await resolved(read.environment)).to.deep.equal({ SPARK: "spark-id" });
    expect(read.statements.map(({ actions }) => actions)).to.deep.equal([
      ["emr-serverless:GetJobRun", "emr-serverless:ListJobRuns"],
    ]);
  });

  it("lets the caller that starts a job use the key of its logs, as EMR requires", async () => {
    const { statements } = create({ kmsKeyArn: key }).access("startJob");
    expect(statements.at(-1)).to.deep.equal({ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key] });
    expect(create({ kmsKeyArn: key }).access("read").statements).to.have.lengthOf(1);
  });

  it("refuses access on a reference, which does not know the key", () => {
    const urn = "urn:pulumi:stack::project::graviton:index:EmrServerless::spark";
    const reference = new EmrServerless("spark", { releaseLabel: "emr-7.10.0", access: [] }, { urn });
    expect(() => reference.access("read")).to.throw("where the application is created");
  });

  it("notifies the topics of jobs that fail or wait, and of notices that were not delivered", async () => {
    create({ alarmTopicArns: [topic, "other"] });
    const all = await resources();
    const ofType = (type: string) => all.filter((one) => one.type === type);
    const [rule] = ofType("aws:cloudwatch/eventRule:EventRule");
    expect(JSON.parse(rule?.inputs.eventPattern)).to.deep.equal({
      source: ["aws.emr-serverless"],
      "detail-type": ["EMR Serverless Job Run State Change"],
      detail: { applicationId: ["spark-id"], state: ["FAILED", "CANCELLED"] },
    });
    const targets = ofType("aws:cloudwatch/eventTarget:EventTarget");
    expect(targets[0]?.inputs.inputTransformer).to.deep.equal({
      inputPaths: { job: "$.detail.jobRunId", application: "$.detail.applicationId", state: "$.detail.state" },
      inputTemplate: '"Job run <job> of the EMR Serverless application <application> ended <state>"',
    });
    expect(targets.map(({ inputs }) => inputs.arn)).to.deep.equal([topic, "other"]);
    const alarms = ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.map(({ name }) => name)).to.have.members(["spark-undelivered", "spark-waiting"]);
    for (const { inputs } of alarms) expect(inputs.alarmActions).to.deep.equal([topic, "other"]);
    const { metricQueries } = await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "spark-undelivered");
    expect(JSON.stringify(metricQueries)).to.include('{"RuleName":"spark-failed-1234567"}');
    const { dimensions } = await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "spark-waiting");
    expect(dimensions).to.deep.equal({ ApplicationId: "spark-id", ApplicationName: "spark-1234567" });
  });

  it("notifies of waiting jobs after a quarter of an hour in which some job was always waiting", async () => {
    create({ alarmTopicArns: [topic] });
    const waiting = await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "spark-waiting");
    expect(waiting).to.deep.include({ statistic: "Minimum", period: 300, evaluationPeriods: 3, threshold: 1 });
  });

  it("reads the metrics of older releases under their own names, and creates no rule without topics", async () => {
    create({ alarmTopicArns: [topic], releaseLabel: "emr-7.9.0" });
    const { dimensions } = await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "spark-waiting");
    expect(dimensions).to.deep.equal({ ApplicationId: "spark-id" });
    await startMocks();
    create({ alarmTopicArns: [] });
    const types = (await resources()).map(({ type }) => type);
    expect(types.filter((type) => /EventRule|MetricAlarm/.test(type))).to.deep.equal([]);
  });

  it("violates no policy", async () => {
    const network = { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"] };
    const initialCapacity = [{ type: "Driver", count: 1 }];
    const spark = create({ kmsKeyArn: key, alarmTopicArns: [topic], initialCapacity, ...network });
    await resolved(spark.access("startJob").environment);
    const all = (await resources()).filter(({ type }) => type.startsWith("aws:"));
    expect(all).to.have.length.above(8);
    const found = await Promise.all(
      all.map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });
});
