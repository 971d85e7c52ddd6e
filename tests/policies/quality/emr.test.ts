import { expect } from "chai";
import { type Checked, unknown } from "../../helpers/policies/policies";
import { onlySaid, said, unsaid } from "./said";

const cluster = (props: object) => ({ type: "aws:emr/cluster:Cluster", name: "cluster", props });
const application = (props: object) => ({ type: "aws:emrserverless/application:Application", props });

describe("emr-security-configuration", () => {
  const rule = "emr-security-configuration";

  it("requires one, and a location for the logs", async () => {
    for (const value of ["given", unknown]) {
      expect(await said(rule, cluster({ securityConfiguration: value, logUri: value }))).to.deep.equal([]);
    }
    expect(await said(rule, cluster({ logUri: 1 }))).to.deep.equal([
      "securityConfiguration is missing: write the name of an aws.emr.SecurityConfiguration.",
      "logUri must be a string, but is a number.",
    ]);
  });
});

describe("emr-encryption", () => {
  const rule = "emr-encryption";
  const inTransit = { inTransit: true };
  const configuration = (document: unknown) => ({
    type: "aws:emr/securityConfiguration:SecurityConfiguration",
    props: { configuration: typeof document === "string" ? document : JSON.stringify(document) },
  });
  const version = { MinimumInstanceMetadataServiceVersion: 2, HttpPutResponseHopLimit: 1 };
  const good = {
    EncryptionConfiguration: { EnableAtRestEncryption: true, EnableInTransitEncryption: true },
    InstanceMetadataServiceConfiguration: version,
  };

  it("accepts one that encrypts both and requires IMDSv2, or is unknown", async () => {
    expect(await said(rule, configuration(good), inTransit)).to.deep.equal([]);
    expect(await said(rule, configuration(unknown), inTransit)).to.deep.equal([]);
  });

  it("reports each missing setting", async () => {
    expect(
      await said(rule, configuration({ EncryptionConfiguration: { EnableAtRestEncryption: false } }), inTransit),
    ).to.deep.equal([
      "configuration.EncryptionConfiguration.EnableAtRestEncryption is false: write true.",
      "configuration.EncryptionConfiguration.EnableInTransitEncryption is missing: write true.",
      "configuration.InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion is missing: write 2.",
    ]);
  });

  it("requires encryption in transit only if the stack does", async () => {
    const without = {
      ...good,
      EncryptionConfiguration: { EnableAtRestEncryption: true, EnableInTransitEncryption: false },
    };
    expect(await said(rule, configuration(without), inTransit)).to.have.lengthOf(1);
    expect(await said(rule, configuration(without))).to.deep.equal([]);
  });

  it("reports a document that cannot be parsed, once", async () => {
    expect(await onlySaid(rule, configuration("{"))).to.match(/^configuration is not valid JSON/);
    expect(await onlySaid(rule, { ...configuration(""), props: { configuration: [good] } })).to.equal(
      "configuration must be a JSON document, but is a list.",
    );
    const wrong = { ...good, InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: "2" } };
    expect(await onlySaid(rule, configuration(wrong))).to.match(/ must be a number, but is a string\.$/);
  });
});

describe("emr-log-key", () => {
  const rule = "emr-log-key";

  it("applies to logs that are kept", async () => {
    expect(await said(rule, cluster({}))).to.deep.equal([]);
    expect(await said(rule, cluster({ logUri: "s3://logs/", logEncryptionKmsKeyId: unknown }))).to.deep.equal([]);
    expect(await onlySaid(rule, cluster({ logUri: unknown }))).to.match(/^logEncryptionKmsKeyId is missing: /);
  });

  it("checks all kinds of logs of an application", async () => {
    expect(await said(rule, application({}))).to.deep.equal([]);
    expect(await said(rule, application({ monitoringConfiguration: unknown }))).to.deep.equal([]);
    const monitoringConfiguration = {
      s3MonitoringConfiguration: { logUri: "s3://logs/" },
      cloudwatchLoggingConfiguration: { enabled: false },
      managedPersistenceMonitoringConfiguration: { encryptionKeyArn: "arn" },
    };
    expect(await said(rule, application({ monitoringConfiguration }))).to.deep.equal([
      "monitoringConfiguration.s3MonitoringConfiguration.encryptionKeyArn is missing: write the ARN of a KMS key.",
    ]);
  });
});

describe("emr-termination", () => {
  const rule = "emr-termination";

  it("accepts a cluster that terminates, is kept running explicitly, or may be either", async () => {
    for (const props of [
      { autoTerminationPolicy: { idleTimeout: 3600 } },
      { autoTerminationPolicy: unknown },
      { keepJobFlowAliveWhenNoSteps: false },
      { terminationProtection: true },
      { terminationProtection: unknown },
    ]) {
      expect(await said(rule, cluster(props))).to.deep.equal([]);
    }
    expect(
      await unsaid(rule, cluster({ keepJobFlowAliveWhenNoSteps: unknown, terminationProtection: true })),
    ).to.deep.equal([]);
    const props = { keepJobFlowAliveWhenNoSteps: true, terminationProtection: false };
    expect(await onlySaid(rule, cluster(props))).to.match(/^autoTerminationPolicy is missing, /);
  });
});

describe("emr-serverless-auto-stop", () => {
  const rule = "emr-serverless-auto-stop";

  it("accepts AWS's default, and a time within the limit", async () => {
    for (const autoStopConfiguration of [
      undefined,
      unknown,
      { enabled: true, idleTimeoutMinutes: 60 },
      { enabled: unknown },
    ]) {
      expect(await said(rule, application({ autoStopConfiguration }))).to.deep.equal([]);
    }
    const autoStopConfiguration = { enabled: false, idleTimeoutMinutes: 61 };
    expect(await said(rule, application({ autoStopConfiguration }))).to.deep.equal([
      "autoStopConfiguration.enabled is false: write true.",
      "autoStopConfiguration.idleTimeoutMinutes is 61: write a number of minutes up to 60.",
    ]);
    expect(await onlySaid(rule, application({ autoStopConfiguration: true }))).to.equal(
      "autoStopConfiguration must be a map, but is a boolean.",
    );
  });
});

describe("emr-managed-policy-tag", () => {
  const rule = "emr-managed-policy-tag";
  const managed = "arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2";
  const role = { type: "aws:iam/role:Role", name: "service", props: { name: "service-1", arn: "arn:service-1" } };
  const attachment = {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: "service",
    props: { policyArn: managed, role: "service-1" },
  };
  const withTag = (value: unknown) => ({ tags: { "for-use-with-amazon-emr-managed-policies": value } });

  it("accepts a cluster that has the tag, or may have it", async () => {
    for (const props of [withTag("true"), withTag(unknown), { tags: unknown }, { tagsAll: withTag("true").tags }]) {
      expect(await said(rule, [role, attachment, cluster({ serviceRole: "arn:service-1", ...props })])).to.deep.equal(
        [],
      );
    }
  });

  it("reports a cluster without it whose role is known by name or ARN", async () => {
    for (const serviceRole of ["service-1", "arn:service-1"]) {
      expect(await onlySaid(rule, [role, attachment, cluster({ serviceRole, ...withTag("false") })])).to.match(
        /^tags\["for-use-with-amazon-emr-managed-policies"\] is not "true", /,
      );
    }
  });

  it("reports such a cluster's subnets and security groups without it, once each, and no others", async () => {
    const place = (type: string, name: string, props: object) => ({ type: `aws:ec2/${type}`, name, props });
    const places = [
      place("subnet:Subnet", "bare", {}),
      place("subnet:Subnet", "tagged", withTag("true")),
      place("securityGroup:SecurityGroup", "nodes", { tags: {} }),
      place("securityGroup:SecurityGroup", "elsewhere", {}),
    ];
    const ec2Attributes = ["bare", "tagged", "nodes"];
    const inThem = (name: string) => ({
      ...cluster({ serviceRole: "service-1", ...withTag("true") }),
      name,
      propertyDependencies: { ec2Attributes },
    });
    const found = await said(rule, [role, attachment, ...places, inThem("one"), inThem("two")]);
    expect(found).to.have.lengthOf(2);
    const others = { ...inThem("three"), props: { serviceRole: "EMR_DefaultRole" } };
    expect(await said(rule, [role, attachment, ...places, others])).to.deep.equal([]);
  });

  it("recognises roles with unknown names by their dependents, and the role's own managed policies", async () => {
    const unnamed = { ...role, props: { name: unknown, arn: unknown } };
    const attached = { ...attachment, name: "attached", props: { policyArn: managed, role: unknown } };
    const stack: Checked[] = [
      unnamed,
      { ...attached, propertyDependencies: { role: ["service"] } },
      { ...cluster({ serviceRole: unknown }), propertyDependencies: { serviceRole: ["service"] } },
    ];
    expect(await said(rule, stack)).to.have.lengthOf(1);
    const own = { ...role, props: { ...role.props, managedPolicyArns: [managed] } };
    expect(await said(rule, [own, cluster({ serviceRole: "service-1" })])).to.have.lengthOf(1);
  });

  it("cannot judge an unknown policy, if it is attached to the role of a cluster without the tag", async () => {
    const unclear = { ...attachment, props: { policyArn: unknown, role: "service-1" } };
    const inRole = (serviceRole: string, value: string) => cluster({ serviceRole, ...withTag(value) });
    expect(await unsaid(rule, [role, unclear, inRole("service-1", "false")])).to.deep.equal(["policyArn"]);
    expect(await unsaid(rule, [role, unclear, inRole("service-1", "true")])).to.deep.equal([]);
    expect(await unsaid(rule, [role, unclear, inRole("other", "false")])).to.deep.equal([]);
  });

  it("does not apply to other roles and other policies", async () => {
    const other = { ...attachment, props: { policyArn: "arn:aws:iam::aws:policy/Other", role: "service-1" } };
    for (const stack of [
      [role, other, cluster({ serviceRole: "service-1" })],
      [role, attachment, cluster({ serviceRole: "EMR_DefaultRole" })],
      [cluster({ serviceRole: unknown })],
    ]) {
      expect(await said(rule, stack)).to.deep.equal([]);
    }
  });
});
