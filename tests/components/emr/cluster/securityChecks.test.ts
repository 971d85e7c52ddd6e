import type { EmrClusterArgs } from "../../../../components/emr/cluster/args";
import type { EmrSecurityArgs } from "../../../../components/emr/cluster/securityArgs";
import { emrArgs, itRefuses, itTakes } from "./emrArgs";

function guarded(security: EmrSecurityArgs, changes: Partial<EmrClusterArgs> = {}): EmrClusterArgs {
  return emrArgs({ security, ...changes });
}

const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/0a-1b";
const certificates = "s3://code/certificates.zip";
const kerberos = { realm: "EXAMPLE.COM", kdcAdminPassword: "hush" };
const runtimeRoles = { analyst: [{ environment: {}, statements: [] }] };

describe("the security of an EMR cluster is refused for", () => {
  itRefuses([
    [
      "a key's alias",
      guarded({ kmsKeyArn: "alias/emr" }),
      "security.kmsKeyArn",
      /full ARN, .* neither an id nor an alias/,
    ],
    [
      "certificates on this machine",
      guarded({ certificates: "a.zip" }),
      "security.certificates",
      /"a.zip"; write the address of a file in S3/,
    ],
    [
      "certificates without a file",
      guarded({ certificates: "s3://code" }),
      "security.certificates",
      /write the address of a file in S3/,
    ],
    [
      "a realm in lower case",
      guarded({ kerberos: { ...kerberos, realm: "example.com" } }),
      "security.kerberos.realm",
      /in capitals, such as EXAMPLE.COM/,
    ],
    [
      "an empty password",
      guarded({ kerberos: { ...kerberos, kdcAdminPassword: "" } }),
      "security.kerberos.kdcAdminPassword",
      /write a secret/,
    ],
    [
      "tickets without a lifetime",
      guarded({ kerberos: { ...kerberos, ticketLifetimeHours: 0 } }),
      "security.kerberos.ticketLifetimeHours",
      /is 0; write a whole number of hours, 1 or more/,
    ],
    [
      "Kerberos with high availability",
      guarded({ kerberos }, { highAvailability: true }),
      "security.kerberos",
      /on one primary node/,
    ],
    [
      "Lake Formation in a release without it",
      guarded({ lakeFormation: true, certificates, runtimeRoles }, { releaseLabel: "emr-6.14.0" }),
      "security.lakeFormation",
      /write emr-6.15.0 or later/,
    ],
    [
      "Lake Formation without encryption in transit",
      guarded({ lakeFormation: true, runtimeRoles }),
      "security.lakeFormation",
      /certificates/,
    ],
    [
      "Lake Formation without runtime roles",
      guarded({ lakeFormation: true, certificates }),
      "security.lakeFormation",
      /runtimeRoles/,
    ],
    [
      "Lake Formation without Spark",
      guarded({ lakeFormation: true, certificates, runtimeRoles }, { applications: ["Hive"] }),
      "security.lakeFormation",
      /add Spark/,
    ],
    [
      "runtime roles in a release without them",
      guarded({ runtimeRoles }, { releaseLabel: "emr-6.6.0" }),
      "security.runtimeRoles",
      /write emr-6.7.0 or later/,
    ],
    [
      "runtime roles without Spark or Hive",
      guarded({ runtimeRoles }, { applications: ["Flink"] }),
      "security.runtimeRoles",
      /add one of them/,
    ],
    [
      "runtime roles with high availability",
      guarded({ runtimeRoles }, { highAvailability: true }),
      "security.runtimeRoles",
      /combined with `high/,
    ],
    [
      "no runtime roles",
      guarded({ runtimeRoles: {} }),
      "security.runtimeRoles",
      /is empty; write the names of roles .* or leave it out/,
    ],
    [
      "a runtime role with a space",
      guarded({ runtimeRoles: { "a b": [] } }),
      'security.runtimeRoles["a b"]',
      /characters that IAM refuses/,
    ],
    [
      "a long runtime role",
      guarded({ runtimeRoles: { ["x".repeat(60)]: [] } }),
      `security.runtimeRoles.${"x".repeat(60)}`,
      /write at most 56/,
    ],
  ]);
});

describe("the security of an EMR cluster is accepted", () => {
  itTakes([
    ["with all of it", guarded({ kmsKeyArn, certificates, kerberos, lakeFormation: true, runtimeRoles })],
    ["with runtime roles for Hive", guarded({ runtimeRoles }, { applications: ["Hive"], releaseLabel: "emr-6.7.0" })],
    ["with a key in another partition", guarded({ kmsKeyArn: kmsKeyArn.replace("aws", "aws-cn") })],
  ]);
});
