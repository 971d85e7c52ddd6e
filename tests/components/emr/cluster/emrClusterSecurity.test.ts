import { expect } from "chai";
import type { FunctionAccess } from "../../../../components/access";
import type { EmrClusterArgs } from "../../../../components/emr/cluster/args";
import { EmrCluster } from "../../../../components/emr/cluster/emrCluster";
import { rules } from "../../../../policies/policies";
import { inputsOf, type Registered, resources, startMocks } from "../../../helpers/components/mocks";
import { violations } from "../../../helpers/policies/policies";
import { emrArgs, ofGroups, withTask } from "./emrArgs";

const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}-1234567`;
const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const ruleType = "aws:cloudwatch/eventRule:EventRule";

interface Statement {
  Action: string[];
  Resource: string[];
  Condition?: object;
}

const access = (action: string): FunctionAccess[] => [
  { environment: { A: "1" }, statements: [{ actions: [action], resources: ["arn:aws:s3:::raw"] }] },
];

describe("the security and the notices of EmrCluster", () => {
  beforeEach(startMocks);

  async function policy(name: string): Promise<Statement[]> {
    return JSON.parse((await inputsOf("aws:iam/rolePolicy:RolePolicy", name)).policy).Statement;
  }

  /** The resources of a policy's statements, by their first action. */
  async function granted(name: string): Promise<Record<string, string[]>> {
    const statements = (await policy(name)).map(({ Action, Resource }) => [Action[0], Resource]);
    return Object.fromEntries(statements) as Record<string, string[]>;
  }

  async function trusted(name: string) {
    return JSON.parse((await inputsOf("aws:iam/role:Role", name)).assumeRolePolicy).Statement[0];
  }

  async function configuration(changes: Partial<EmrClusterArgs> = {}) {
    new EmrCluster("main", emrArgs(changes));
    const inputs = await inputsOf("aws:emr/securityConfiguration:SecurityConfiguration");
    return JSON.parse(inputs.configuration);
  }

  it("encrypts data at rest with its own, rotated key, and requires IMDSv2", async () => {
    const { EncryptionConfiguration, InstanceMetadataServiceConfiguration } = await configuration();
    const { S3EncryptionConfiguration, LocalDiskEncryptionConfiguration } =
      EncryptionConfiguration.AtRestEncryptionConfiguration;
    expect(S3EncryptionConfiguration).to.deep.equal({ EncryptionMode: "SSE-KMS", AwsKmsKey: arn("kms", "main") });
    expect(LocalDiskEncryptionConfiguration).to.include({ AwsKmsKey: arn("kms", "main"), EnableEbsEncryption: true });
    expect(InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion).to.equal(2);
    const key = await inputsOf("aws:kms/key:Key");
    expect(key.enableKeyRotation).to.equal(true);
    const { Principal } = JSON.parse(key.policy).Statement[0];
    expect(Principal).to.deep.equal({ AWS: "arn:aws:iam::123456789012:root" });
  });

  it("accepts a key and certificates, which the nodes may fetch", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/k";
    const security = { kmsKeyArn, certificates: "s3://code/certificates.zip" };
    const bootstrapActions = [{ name: "prepare", path: "s3://code/prepare.sh" }];
    const { EncryptionConfiguration } = await configuration({ security, bootstrapActions });
    const { S3Object } = EncryptionConfiguration.InTransitEncryptionConfiguration.TLSCertificateConfiguration;
    expect(S3Object).to.equal("s3://code/certificates.zip");
    expect((await resources()).map(({ type }) => type)).to.not.include("aws:kms/key:Key");
    const nodes = await granted("main-nodes");
    expect(nodes["s3:GetObject"]).to.deep.equal(["arn:aws:s3:::code/prepare.sh", "arn:aws:s3:::code/certificates.zip"]);
    expect(nodes["kms:Encrypt"]).to.deep.equal([kmsKeyArn]);
  });

  it("sets up Kerberos", async () => {
    const { AuthenticationConfiguration } = await configuration({
      security: { kerberos: { realm: "EXAMPLE.COM", kdcAdminPassword: "secret", ticketLifetimeHours: 8 } },
    });
    const { ClusterDedicatedKdcConfiguration } = AuthenticationConfiguration.KerberosConfiguration;
    expect(ClusterDedicatedKdcConfiguration).to.deep.equal({ TicketLifetimeInHours: 8 });
    const { kerberosAttributes } = await inputsOf("aws:emr/cluster:Cluster");
    expect(kerberosAttributes).to.deep.equal({ realm: "EXAMPLE.COM", kdcAdminPassword: "secret" });
  });

  it("lets EMR act for this account and region only, start the nodes and encrypt their volumes", async () => {
    await configuration();
    expect((await trusted("main-service")).Condition).to.deep.equal({
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": "arn:aws:elasticmapreduce:eu-west-1:123456789012:*" },
    });
    const { policyArn } = await inputsOf("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    expect(policyArn).to.equal("arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2");
    expect(await granted("main-service")).to.deep.equal({
      "iam:PassRole": [arn("iam", "main-nodes")],
      "kms:Encrypt": [arn("kms", "main")],
      "kms:CreateGrant": [arn("kms", "main")],
    });
    const [passRole, , grants] = await policy("main-service");
    expect(passRole?.Condition).to.deep.equal({ StringLike: { "iam:PassedToService": "ec2.amazonaws.com*" } });
    expect(grants?.Condition).to.deep.equal({ Bool: { "kms:GrantIsForAWSResource": "true" } });
  });

  it("lets the nodes do what access says, write their log, use the key, and no more", async () => {
    await configuration({ access: access("s3:ListBucket") });
    expect(await granted("main-nodes")).to.deep.equal({
      "s3:ListBucket": ["arn:aws:s3:::raw"],
      "s3:PutObject": ["arn:aws:s3:::logs/emr/*"],
      "kms:Encrypt": [arn("kms", "main")],
    });
    const { name, role } = await inputsOf("aws:iam/instanceProfile:InstanceProfile");
    expect(name, "EMR looks for a role with the profile's name").to.equal(role);
  });

  it("lets the nodes send metrics where the CloudWatch agent is installed", async () => {
    await configuration({ applications: ["Spark", "AmazonCloudWatchAgent"] });
    expect((await granted("main-nodes"))["cloudwatch:PutMetricData"]).to.deep.equal(["*"]);
  });

  it("has roles for steps, which the nodes assume", async () => {
    const { AuthorizationConfiguration } = await configuration({
      security: {
        runtimeRoles: { daily: access("s3:GetObject") },
        lakeFormation: true,
        certificates: "s3://code/certificates.zip",
      },
    });
    expect(AuthorizationConfiguration.IAMConfiguration.EnableApplicationScopedIAMRole).to.equal(true);
    const trust = await trusted("main-runtime-daily");
    expect(trust).to.deep.include({
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Principal: { AWS: arn("iam", "main-nodes") },
    });
    expect(await granted("main-runtime-daily")).to.deep.equal({
      "s3:GetObject": ["arn:aws:s3:::raw"],
      "kms:Encrypt": [arn("kms", "main")],
      "lakeformation:GetDataAccess": ["*"],
    });
    expect((await granted("main-nodes"))["sts:AssumeRole"]).to.deep.equal([arn("iam", "main-runtime-daily")]);
  });

  it("limits every role by the boundary", async () => {
    const permissionsBoundary = "arn:aws:iam::123456789012:policy/limit";
    await configuration({ permissionsBoundary, security: { runtimeRoles: { daily: [] } } });
    const roles = (await resources()).filter(({ type }) => type === "aws:iam/role:Role");
    expect(roles.map(({ inputs }) => inputs.permissionsBoundary)).to.deep.equal(
      ["", "", ""].map(() => permissionsBoundary),
    );
  });

  it("notifies topics of failed steps, of a termination by an error, and of notices that were not delivered", async () => {
    await configuration({ alarmTopicArns: [topic] });
    const pattern = async (name: string) => JSON.parse((await inputsOf(ruleType, name)).eventPattern);
    expect(await pattern("main-failed-step")).to.deep.equal({
      source: ["aws.emr"],
      "detail-type": ["EMR Step Status Change"],
      detail: { state: ["FAILED"], clusterId: ["main-id"] },
    });
    expect((await pattern("main-failed-cluster")).detail.state).to.deep.equal(["TERMINATED_WITH_ERRORS"]);
    const { metricQueries } = await inputsOf(alarmType, "main-undelivered");
    expect(metricQueries.slice(1).map((one: Registered["inputs"]) => one.metric.dimensions.RuleName)).to.deep.equal([
      "main-failed-step-1234567",
      "main-failed-cluster-1234567",
    ]);
  });

  it("notifies topics of lost nodes, lost data and full disks", async () => {
    await configuration({ alarmTopicArns: [topic] });
    const lost = await inputsOf(alarmType, "main-lost-nodes");
    expect(lost).to.deep.include({
      namespace: "AWS/ElasticMapReduce",
      metricName: "MRLostNodes",
      dimensions: { JobFlowId: "main-id" },
      threshold: 1,
      alarmActions: [topic],
    });
    expect((await inputsOf(alarmType, "main-missing-blocks")).metricName).to.equal("MissingBlocks");
    expect((await inputsOf(alarmType, "main-full-disks")).threshold).to.equal(80);
    const waiting = await inputsOf(alarmType, "main-waiting");
    expect(waiting).to.deep.include({ metricName: "AppsPending", statistic: "Minimum", evaluationPeriods: 3 });
  });

  const idleAlarms: [what: string, changes: Partial<EmrClusterArgs>, periods?: number][] = [
    ["notifies topics of an idle cluster half an hour after it should have terminated", {}, 18],
    ["notifies topics of an idle cluster after a day if it has no idle timeout", { idleTimeout: 0 }, 288],
    ["does not report a cluster that may be idle for longer than a day", { idleTimeout: 172_800 }],
    ["does not report an idle cluster with Trino, whose work the metric does not include", { applications: ["Trino"] }],
  ];
  for (const [what, changes, periods] of idleAlarms) {
    it(what, async () => {
      await configuration({ ...changes, alarmTopicArns: [topic] });
      const idle = (await resources()).find(({ name }) => name === "main-idle")?.inputs;
      expect(idle?.evaluationPeriods).to.equal(periods);
      if (idle) expect(idle).to.include({ metricName: "IsIdle", statistic: "Minimum", threshold: 1 });
    });
  }

  it("notifies nobody by default", async () => {
    await configuration();
    expect((await resources()).filter(({ type }) => type.startsWith("aws:cloudwatch"))).to.deep.equal([]);
  });

  it("violates no policy with fleets, groups or three primary nodes", async () => {
    const given = { alarmTopicArns: [topic], security: { certificates: "s3://code/certificates.zip" } };
    new EmrCluster("fleets", withTask({ spot: 2 }, { ...given, scaling: { minimum: 1, maximum: 9 } }));
    new EmrCluster("groups", ofGroups({ ...given, task: { onDemand: 1 }, access: access("s3:GetObject") }));
    const lakeFormation = { ...given.security, lakeFormation: true, runtimeRoles: { daily: access("s3:GetObject") } };
    new EmrCluster("lake", emrArgs({ ...given, security: lakeFormation }));
    new EmrCluster("available", emrArgs({ ...given, highAvailability: true }));
    const all = (await resources()).filter(({ type }) => type.startsWith("aws:"));
    expect(all).to.have.length.above(80);
    const found = await Promise.all(
      all.map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });
});
