import { expect } from "chai";
import type { ComputeEnvironmentArgs, GravitonBatchArgs } from "../../../components/batch/args";
import { GravitonBatch } from "../../../components/batch/gravitonBatch";
import { rules } from "../../../policies/policies";
import { inputsOf, type Registered, resolved, resources, startMocks } from "../../helpers/components/mocks";
import { violations } from "../../helpers/policies/policies";
import { batchArgs, image, onFargate, withJob } from "./batchArgs";

type Inputs = Registered["inputs"];

const environmentType = "aws:batch/computeEnvironment:ComputeEnvironment";
const definitionType = "aws:batch/jobDefinition:JobDefinition";
const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}-1234567`;

describe("GravitonBatch", () => {
  beforeEach(startMocks);

  async function environment(changes: Partial<ComputeEnvironmentArgs> = {}) {
    new GravitonBatch("main", batchArgs({ environments: [{ type: "SPOT", maxVcpus: 16, ...changes }] }));
    return inputsOf(environmentType);
  }

  async function definition(args: GravitonBatchArgs): Promise<Inputs> {
    new GravitonBatch("main", args);
    const inputs = await inputsOf(definitionType);
    return { ...inputs, container: JSON.parse(inputs.containerProperties ?? "{}") };
  }

  async function policy(name: string) {
    return JSON.parse((await inputsOf("aws:iam/rolePolicy:RolePolicy", name)).policy).Statement;
  }

  it("runs jobs on Graviton Spot instances of Amazon Linux 2023, without a fixed name or service role", async () => {
    const { computeResources, ...inputs } = await environment();
    const { launchTemplate, ...machines } = computeResources;
    expect(launchTemplate.launchTemplateId).to.equal("main-spot-id");
    expect({ ...inputs, computeResources: machines }).to.deep.equal({
      type: "MANAGED",
      state: "ENABLED",
      computeResources: {
        type: "SPOT",
        maxVcpus: 16,
        minVcpus: 0,
        subnets: ["subnet-1"],
        instanceTypes: ["m8g", "m7g", "m6g"],
        allocationStrategy: "SPOT_PRICE_CAPACITY_OPTIMIZED",
        ec2Configurations: [{ imageType: "ECS_AL2023" }],
        instanceRole: arn("iam", "main-instance"),
      },
      updatePolicy: { terminateJobsOnUpdate: false, jobExecutionTimeoutMinutes: 30 },
    });
  });

  it("starts instances with an encrypted disk, IMDSv2, no public address and the given security groups", async () => {
    await environment({ volumeSize: 100 });
    expect(await inputsOf("aws:ec2/launchTemplate:LaunchTemplate")).to.deep.include({
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: 100, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      networkInterfaces: [{ deviceIndex: 0, associatePublicIpAddress: "false", securityGroups: ["sg-1"] }],
    });
  });

  it("chooses families by workload, and the cheapest that fit for On-Demand", async () => {
    const { computeResources } = await environment({ type: "EC2", workload: "cpu" });
    expect(computeResources).to.deep.include({
      type: "EC2",
      instanceTypes: ["c8g", "c7g", "c6g"],
      allocationStrategy: "BEST_FIT_PROGRESSIVE",
    });
  });

  for (const [type, allocationStrategy] of [
    ["EC2", "BEST_FIT_PROGRESSIVE_ORDERED"],
    ["SPOT", "SPOT_CAPACITY_OPTIMIZED_PRIORITIZED"],
  ] as const) {
    it(`takes ${allocationStrategy} on ${type}`, async () => {
      const { computeResources } = await environment({ type, allocationStrategy, instanceTypes: ["m7g", "m8g"] });
      expect(computeResources).to.deep.include({ allocationStrategy, instanceTypes: ["m7g", "m8g"] });
    });
  }

  it("runs on Graviton5 only, if asked to", async () => {
    const { computeResources } = await environment({ workload: "memory", graviton5: true });
    expect(computeResources.instanceTypes).to.deep.equal(["r9g"]);
  });

  it("passes on the other settings of instances", async () => {
    const { computeResources, updatePolicy } = await environment({
      minVcpus: 4,
      instanceTypes: ["g5g.xlarge", "default_arm64"],
      allocationStrategy: "SPOT_CAPACITY_OPTIMIZED",
      bidPercentage: 60,
      imageId: "ami-1",
      placementGroup: "near",
      instanceUpdate: { terminateJobs: true, timeoutMinutes: 1440 },
      volumeSize: 20_000,
    });
    expect(computeResources).to.deep.include({
      minVcpus: 4,
      instanceTypes: ["g5g.xlarge", "default_arm64"],
      allocationStrategy: "SPOT_CAPACITY_OPTIMIZED",
      bidPercentage: 60,
      ec2Configurations: [{ imageType: "ECS_AL2023", imageIdOverride: "ami-1" }],
      placementGroup: "near",
    });
    expect(updatePolicy).to.deep.equal({ terminateJobsOnUpdate: true, jobExecutionTimeoutMinutes: 1440 });
  });

  it("has nothing about instances on Fargate", async () => {
    const { computeResources, ...others } = await environment({ type: "FARGATE_SPOT", maxVcpus: 8 });
    expect(others).to.deep.equal({ type: "MANAGED", state: "ENABLED" });
    expect(computeResources).to.deep.equal({
      type: "FARGATE_SPOT",
      maxVcpus: 8,
      subnets: ["subnet-1"],
      securityGroupIds: ["sg-1"],
    });
    const types = (await resources()).map(({ type }) => type);
    expect(types).to.not.include.members(["aws:ec2/launchTemplate:LaunchTemplate"]);
    expect(types).to.not.include.members(["aws:iam/instanceProfile:InstanceProfile"]);
  });

  it("creates a closed security group in a VPC, open only among the nodes of a job", async () => {
    const ec2: Partial<GravitonBatchArgs> = {
      environments: [{ type: "EC2", maxVcpus: 16 }],
      vpcId: "vpc-1",
      securityGroupIds: undefined,
    };
    new GravitonBatch("one", batchArgs(ec2));
    new GravitonBatch("many", withJob({ nodes: { count: 2 } }, ec2));
    const one = await inputsOf("aws:ec2/securityGroup:SecurityGroup", "one");
    expect(one).to.include({ vpcId: "vpc-1" });
    expect(one.ingress).to.deep.equal([]);
    expect(one.egress[0]).to.include({ protocol: "tcp", fromPort: 443, toPort: 443 });
    const { ingress } = await inputsOf("aws:ec2/securityGroup:SecurityGroup", "many");
    expect(ingress).to.deep.equal([
      { protocol: "-1", fromPort: 0, toPort: 0, self: true, description: "Nodes of one job" },
    ]);
  });

  it("queues jobs for its environments in order, and cancels stuck ones", async () => {
    const environments: ComputeEnvironmentArgs[] = [
      { type: "SPOT", maxVcpus: 16 },
      { type: "EC2", maxVcpus: 4, name: "rest" },
    ];
    new GravitonBatch("main", batchArgs({ environments, priority: 7, stuckJobs: { noCapacity: 0, tooLarge: 900 } }));
    const limit = { state: "RUNNABLE", action: "CANCEL" };
    expect(await inputsOf("aws:batch/jobQueue:JobQueue")).to.deep.equal({
      state: "ENABLED",
      priority: 7,
      computeEnvironmentOrders: [
        { order: 1, computeEnvironment: arn("batch", "main-spot") },
        { order: 2, computeEnvironment: arn("batch", "main-rest") },
      ],
      jobStateTimeLimitActions: [
        { ...limit, reason: "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE", maxTimeSeconds: 900 },
        { ...limit, reason: "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", maxTimeSeconds: 600 },
      ],
    });
  });

  it("cancels stuck jobs after four hours without capacity, otherwise after ten minutes, by default", async () => {
    new GravitonBatch("main", batchArgs());
    const { jobStateTimeLimitActions } = await inputsOf("aws:batch/jobQueue:JobQueue");
    expect(jobStateTimeLimitActions.map(({ maxTimeSeconds }: Inputs) => maxTimeSeconds)).to.deep.equal([
      14_400, 600, 600,
    ]);
  });

  it("queues jobs for Fargate in a queue of another name, as Batch cannot convert a queue", async () => {
    new GravitonBatch("main", onFargate());
    const { computeEnvironmentOrders } = await inputsOf("aws:batch/jobQueue:JobQueue", "main-fargate");
    expect(computeEnvironmentOrders).to.have.lengthOf(1);
  });

  it("uses another queue name for fair share, too", async () => {
    const shares = [{ identifier: "gold*", weight: 0.5 }, { identifier: "other" }];
    const { schedulingPriority } = await definition(batchArgs({ fairShare: { shares, computeReservation: 10 } }));
    expect(schedulingPriority).to.equal(0);
    expect((await inputsOf("aws:batch/schedulingPolicy:SchedulingPolicy")).fairSharePolicy).to.deep.equal({
      shareDistributions: [
        { shareIdentifier: "gold*", weightFactor: 0.5 },
        { shareIdentifier: "other", weightFactor: 1 },
      ],
      shareDecaySeconds: 3600,
      computeReservation: 10,
    });
    const queue = await inputsOf("aws:batch/jobQueue:JobQueue", "main-fair-share");
    expect(queue.schedulingPolicyArn).to.equal(arn("batch", "main"));
  });

  it("defines a job with a timeout, retries for Spot and no other failure, and its own log and roles", async () => {
    const { container, containerProperties: _, ...inputs } = await definition(batchArgs());
    expect(inputs).to.deep.equal({
      type: "container",
      platformCapabilities: ["EC2"],
      timeout: { attemptDurationSeconds: 3600 },
      retryStrategy: {
        attempts: 3,
        evaluateOnExits: [
          { action: "RETRY", onStatusReason: "Host EC2*" },
          { action: "EXIT", onReason: "*" },
        ],
      },
      propagateTags: true,
      deregisterOnNewRevision: false,
    });
    expect(container).to.deep.equal({
      image,
      jobRoleArn: arn("iam", "main-summarise"),
      executionRoleArn: arn("iam", "main-summarise-execution"),
      resourceRequirements: [
        { type: "VCPU", value: "1" },
        { type: "MEMORY", value: "2048" },
      ],
      environment: [{ name: "AWS_REGION", value: "eu-west-1" }],
      secrets: [],
      readonlyRootFilesystem: false,
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": "/aws/batch/main-summarise-1", "awslogs-stream-prefix": "job" },
      },
    });
    expect(await inputsOf("aws:cloudwatch/logGroup:LogGroup")).to.include({ retentionInDays: 30 });
  });

  it("passes on the other settings of a job, its own retry rules first", async () => {
    const own = { action: "RETRY", onExitCode: "75" } as const;
    const { container, ...inputs } = await definition(
      withJob(
        {
          command: ["run", "Ref::day"],
          parameters: { day: "today" },
          vcpus: 2,
          memory: 512,
          gpus: 1,
          environment: { A: "1", AWS_REGION: "eu-west-2" },
          access: [{ environment: { TABLE_NAME: "items" }, statements: [] }],
          timeout: 60,
          attempts: 5,
          retryRules: [own],
          readonlyRootFilesystem: true,
          propagateTags: false,
        },
        { environments: [{ type: "EC2", maxVcpus: 16, instanceTypes: ["g5g.xlarge"], imageId: "ami-1" }] },
      ),
    );
    expect(inputs).to.deep.include({
      parameters: { day: "today" },
      timeout: { attemptDurationSeconds: 60 },
      propagateTags: false,
    });
    expect(inputs.retryStrategy).to.deep.include({ attempts: 5 });
    expect(inputs.retryStrategy.evaluateOnExits).to.have.lengthOf(3);
    expect(inputs.retryStrategy.evaluateOnExits[0]).to.deep.equal(own);
    expect(container).to.deep.include({ command: ["run", "Ref::day"], readonlyRootFilesystem: true });
    expect(container.resourceRequirements).to.deep.include.members([
      { type: "VCPU", value: "2" },
      { type: "GPU", value: "1" },
    ]);
    expect(container.environment).to.deep.equal([
      { name: "AWS_REGION", value: "eu-west-2" },
      { name: "TABLE_NAME", value: "items" },
      { name: "A", value: "1" },
    ]);
  });

  it("sets arm64 on Fargate, which otherwise runs a job on x86", async () => {
    const { container, ...inputs } = await definition(onFargate({ vcpus: 0.5, memory: 1024, ephemeralStorage: 50 }));
    expect(inputs.platformCapabilities).to.deep.equal(["FARGATE"]);
    expect(inputs.retryStrategy.evaluateOnExits[0].onStatusReason).to.equal("Your Spot Task was interrupted*");
    expect(container).to.deep.include({
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
      networkConfiguration: { assignPublicIp: "DISABLED" },
      fargatePlatformConfiguration: { platformVersion: "LATEST" },
      ephemeralStorage: { sizeInGiB: 50 },
    });
  });

  it("defines multi-node jobs", async () => {
    const nodes = { count: 3, instanceType: "c7g.large" };
    const { type, nodeProperties } = await definition(
      withJob({ nodes }, { environments: [{ type: "EC2", maxVcpus: 16 }] }),
    );
    const { nodeRangeProperties, ...properties } = JSON.parse(nodeProperties);
    expect(type).to.equal("multinode");
    expect(properties).to.deep.equal({ numNodes: 3, mainNode: 0 });
    expect(nodeRangeProperties).to.have.lengthOf(1);
    expect(nodeRangeProperties[0].targetNodes).to.equal("0:");
    expect(nodeRangeProperties[0].container).to.include({ image, instanceType: "c7g.large" });
  });

  it("lets the execution role pull this image, read these secrets and write this log, and no more", async () => {
    const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3";
    const parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter/level";
    const secrets = { PASSWORD: `${secret}:password::`, LEVEL: parameter };
    const { container } = await definition(
      withJob({ secrets, secretsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/k" }),
    );
    expect(container.secrets).to.deep.equal([
      { name: "PASSWORD", valueFrom: `${secret}:password::` },
      { name: "LEVEL", valueFrom: parameter },
    ]);
    const granted = (await policy("main-summarise-execution")).map(
      ({ Action, Resource }: { Action: string[]; Resource: string[] }) => [Action[0], Resource],
    );
    expect(granted).to.deep.equal([
      ["logs:CreateLogStream", ["arn:aws:cloudwatch:eu-west-1:123456789012:/aws/batch/main-summarise-1:*"]],
      ["ecr:GetAuthorizationToken", ["*"]],
      ["ecr:BatchCheckLayerAvailability", ["arn:aws:ecr:eu-west-1:123456789012:repository/summarise"]],
      ["secretsmanager:GetSecretValue", [secret]],
      ["ssm:GetParameters", [parameter]],
      ["kms:Decrypt", ["arn:aws:kms:eu-west-1:123456789012:key/k"]],
    ]);
  });

  it("gives the job's role the permissions of its access", async () => {
    const statements = [{ actions: ["dynamodb:GetItem"], resources: ["arn:aws:dynamodb:::table/t"] }];
    new GravitonBatch("main", withJob({ access: [{ environment: {}, statements }] }));
    expect(await policy("main-summarise")).to.deep.equal([
      { Effect: "Allow", Action: ["dynamodb:GetItem"], Resource: ["arn:aws:dynamodb:::table/t"] },
    ]);
  });

  it("notifies topics of failed jobs and blocked queues, and of notices that were not delivered", async () => {
    new GravitonBatch("main", batchArgs({ alarmTopicArns: ["arn:topic"] }));
    const pattern = async (name: string) =>
      JSON.parse((await inputsOf("aws:cloudwatch/eventRule:EventRule", name)).eventPattern);
    expect(await pattern("main-failed")).to.deep.equal({
      source: ["aws.batch"],
      "detail-type": ["Batch Job State Change"],
      detail: { status: ["FAILED"], arrayProperties: { index: [{ exists: false }] }, jobQueue: [arn("batch", "main")] },
    });
    expect(await pattern("main-blocked")).to.deep.equal({
      source: ["aws.batch"],
      "detail-type": ["Batch Job Queue Blocked"],
      detail: { jobQueue: [arn("batch", "main")] },
    });
    expect(await inputsOf("aws:cloudwatch/eventTarget:EventTarget", "main-blocked-0")).to.deep.equal({
      arn: "arn:topic",
      rule: "main-blocked-1234567",
      inputTransformer: {
        inputPaths: {
          name: "$.detail.jobName",
          id: "$.detail.jobId",
          queue: "$.detail.jobQueue",
          reason: "$.detail.statusReason",
        },
        inputTemplate: '"Job <name> (<id>) blocks the queue <queue>: <reason>"',
      },
    });
    const alarm = await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "main-undelivered");
    expect(alarm.metricQueries[1].metric).to.deep.include({
      namespace: "AWS/Events",
      metricName: "FailedInvocations",
      dimensions: { RuleName: "main-failed-1234567" },
    });
  });

  it("notifies nobody by default", async () => {
    new GravitonBatch("main", batchArgs());
    expect((await resources()).filter(({ type }) => type.startsWith("aws:cloudwatch/event"))).to.deep.equal([]);
  });

  it("tags everything, including the instances and their disks", async () => {
    const tags = { team: "a" };
    const args = { tags, vpcId: "vpc-1", securityGroupIds: undefined, fairShare: { shares: [{ identifier: "a" }] } };
    new GravitonBatch("main", batchArgs({ ...args, alarmTopicArns: ["arn:topic"] }));
    const untaggable = /rolePolicy|EventTarget|^graviton:/;
    const taggable = (await resources()).filter(({ type }) => !untaggable.test(type));
    expect(taggable.filter(({ inputs }) => inputs.tags?.team !== "a").map(({ type }) => type)).to.deep.equal([]);
    expect((await inputsOf(environmentType)).computeResources.tags).to.deep.equal(tags);
    const { tagSpecifications } = await inputsOf("aws:ec2/launchTemplate:LaunchTemplate");
    expect(tagSpecifications).to.deep.equal([{ resourceType: "volume", tags }]);
  });

  it("outputs its name and ARNs", async () => {
    const batch = new GravitonBatch("main", batchArgs());
    expect(await resolved(batch.queueName)).to.equal("main-1234567");
    expect(await resolved(batch.jobDefinitionArns)).to.deep.equal({ summarise: arn("batch", "main-summarise") });
  });

  it("violates no policy on instances, on Fargate and on several nodes", async () => {
    const alarmTopicArns = ["arn:aws:sns:eu-west-1:123456789012:alarms"];
    const given = { alarmTopicArns, vpcId: "vpc-1", securityGroupIds: undefined };
    const ec2: Partial<GravitonBatchArgs> = { environments: [{ type: "EC2", maxVcpus: 16 }] };
    new GravitonBatch("spot", batchArgs(given));
    new GravitonBatch("nodes", withJob({ nodes: { count: 2 } }, { ...given, ...ec2 }));
    new GravitonBatch("fargate", { ...onFargate(), ...given });
    const all = (await resources()).filter(({ type }) => type.startsWith("aws:"));
    expect(all).to.have.length.above(30);
    const found = await Promise.all(
      all.map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });
});
