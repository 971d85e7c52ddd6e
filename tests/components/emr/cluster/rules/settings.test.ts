import { expect } from "chai";
import { applicationsOf } from "../../../../../components/emr/cluster/rules/applications";
import { type Configuration, configurationsOf } from "../../../../../components/emr/cluster/rules/configurations";
import { idleTimeoutOf } from "../../../../../components/emr/cluster/rules/idleTimeout";
import { securityConfigurationOf } from "../../../../../components/emr/cluster/rules/security";
import { emrArgs, withTask } from "../emrArgs";

const label = (releaseLabel: string) => emrArgs({ releaseLabel });

describe("applicationsOf", () => {
  it("is Hadoop and Spark, and only Spark in Spark's own releases, by default", () => {
    expect(applicationsOf(label("emr-7.10.0"))).to.deep.equal(["Hadoop", "Spark"]);
    expect(applicationsOf(label("emr-spark-8.0.0"))).to.deep.equal(["Spark"]);
    expect(applicationsOf(emrArgs({ applications: ["Flink"] }))).to.deep.equal(["Flink"]);
  });
});

describe("idleTimeoutOf", () => {
  it("is an hour, and none if the cluster cannot terminate itself, by default", () => {
    expect(idleTimeoutOf(emrArgs())).to.equal(3600);
    expect(idleTimeoutOf(emrArgs({ idleTimeout: 60 }))).to.equal(60);
    expect(idleTimeoutOf(emrArgs({ idleTimeout: 0 }))).to.equal(0);
    expect(idleTimeoutOf(emrArgs({ applications: ["Spark", "Trino"] }))).to.equal(0);
    expect(idleTimeoutOf(emrArgs({ highAvailability: true }))).to.equal(0);
    expect(idleTimeoutOf(emrArgs({ terminationProtection: true }))).to.equal(0);
  });
});

describe("configurationsOf", () => {
  const labels: Configuration = {
    Classification: "yarn-site",
    Properties: {
      "yarn.node-labels.enabled": "true",
      "yarn.node-labels.am.default-node-label-expression": "CORE",
    },
  };

  it("changes nothing if EMR's own settings are suitable", () => {
    expect(configurationsOf(emrArgs())).to.deep.equal([]);
  });

  it("keeps application masters off task nodes on Spot", () => {
    expect(configurationsOf(withTask({ spot: 2 }))).to.deep.equal([labels]);
    expect(configurationsOf(withTask({ onDemand: 2 }))).to.deep.equal([]);
  });

  it("does not restrict application masters if core nodes are on Spot too, or YARN does not manage all applications", () => {
    expect(configurationsOf(withTask({ spot: 2 }, { core: { onDemand: 1, spot: 1 } }))).to.deep.equal([]);
    expect(configurationsOf(withTask({ spot: 2 }, { applications: ["Spark", "Trino"] }))).to.deep.equal([]);
  });

  it("restricts application masters in releases that do not do so themselves and can scale nevertheless", () => {
    const scaling = { minimum: 1, maximum: 9 };
    const cases: [release: string, scaling: boolean, labelled: boolean][] = [
      ["emr-5.36.1", false, false],
      ["emr-6.15.0", false, true],
      ["emr-6.15.0", true, false],
      ["emr-7.1.0", true, false],
      ["emr-7.2.0", true, true],
    ];
    for (const [releaseLabel, scales, labelled] of cases) {
      const args = withTask({ spot: 2 }, { releaseLabel, ...(scales && { scaling }) });
      expect(configurationsOf(args), `${releaseLabel} ${scales}`).to.deep.equal(labelled ? [labels] : []);
    }
  });

  it("stores two copies of each block if three primary nodes have two or three core nodes", () => {
    const twice = [{ Classification: "hdfs-site", Properties: { "dfs.replication": "2" } }];
    const of = (onDemand: number) => configurationsOf(emrArgs({ highAvailability: true, core: { onDemand } }));
    expect([1, 2, 3, 4].map(of)).to.deep.equal([[], twice, twice, []]);
    expect(configurationsOf(emrArgs({ core: { onDemand: 3 } }))).to.deep.equal([]);
  });

  it("puts the user's settings over the defaults, property by property", () => {
    const own = { "yarn.node-labels.enabled": "false", "yarn.nodemanager.vmem-check-enabled": "false" };
    const configurations = { "yarn-site": own, "spark-defaults": { "spark.sql.shuffle.partitions": "64" } };
    expect(configurationsOf(withTask({ spot: 2 }, { configurations }))).to.deep.equal([
      { Classification: "yarn-site", Properties: { ...labels.Properties, ...own } },
      { Classification: "spark-defaults", Properties: configurations["spark-defaults"] },
    ]);
  });

  it("exports the settings of environments", () => {
    const Properties = { PYSPARK_PYTHON: "/usr/bin/python3" };
    expect(configurationsOf(emrArgs({ configurations: { "spark-env": Properties } }))).to.deep.equal([
      {
        Classification: "spark-env",
        Properties: {},
        Configurations: [{ Classification: "export", Properties }],
      },
    ]);
  });
});

describe("securityConfigurationOf", () => {
  const kmsKeyArn = "arn:aws-cn:kms:cn-north-1:123456789012:key/0a";

  it("always encrypts data at rest and requires IMDSv2", () => {
    expect(securityConfigurationOf({}, { kmsKeyArn })).to.deep.equal({
      EncryptionConfiguration: {
        EnableAtRestEncryption: true,
        AtRestEncryptionConfiguration: {
          S3EncryptionConfiguration: { EncryptionMode: "SSE-KMS", AwsKmsKey: kmsKeyArn },
          LocalDiskEncryptionConfiguration: {
            EncryptionKeyProviderType: "AwsKms",
            AwsKmsKey: kmsKeyArn,
            EnableEbsEncryption: true,
          },
        },
        EnableInTransitEncryption: false,
      },
      InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: 2, HttpPutResponseHopLimit: 1 },
    });
  });

  it("encrypts the traffic between the nodes, given certificates", () => {
    const S3Object = "s3://code/certificates.zip";
    const { EncryptionConfiguration } = securityConfigurationOf({}, { kmsKeyArn, certificates: S3Object }) as {
      EncryptionConfiguration: object;
    };
    expect(EncryptionConfiguration).to.deep.include({
      EnableInTransitEncryption: true,
      InTransitEncryptionConfiguration: {
        TLSCertificateConfiguration: { CertificateProviderType: "PEM", S3Object },
      },
    });
  });

  it("has a key distribution centre if Kerberos is asked for", () => {
    const of = (ticketLifetimeHours?: number) =>
      securityConfigurationOf({ kerberos: { ticketLifetimeHours } }, { kmsKeyArn });
    const authentication = (TicketLifetimeInHours: number) => ({
      AuthenticationConfiguration: {
        KerberosConfiguration: {
          Provider: "ClusterDedicatedKdc",
          ClusterDedicatedKdcConfiguration: { TicketLifetimeInHours },
        },
      },
    });
    expect(of()).to.deep.include(authentication(24));
    expect(of(8)).to.deep.include(authentication(8));
  });

  it("lets steps assume roles, and Lake Formation decide by them", () => {
    const roles = { IAMConfiguration: { EnableApplicationScopedIAMRole: true } };
    expect(securityConfigurationOf({ runtimeRoles: { a: [] } }, { kmsKeyArn })).to.deep.include({
      AuthorizationConfiguration: roles,
    });
    expect(securityConfigurationOf({ runtimeRoles: { a: [] }, lakeFormation: true }, { kmsKeyArn })).to.deep.include({
      AuthorizationConfiguration: { ...roles, LakeFormationConfiguration: { AuthorizedSessionTagValue: "Amazon EMR" } },
    });
  });
});
