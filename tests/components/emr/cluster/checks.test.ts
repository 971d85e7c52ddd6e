import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { emrArgs, itRefuses, itTakes, mistakesOf, type Refused, withStep } from "./emrArgs";

const unknown = pulumi.output("not known yet");
const many = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("an EMR cluster is refused for", () => {
  itRefuses([
    ["an incomplete label", emrArgs({ releaseLabel: "7.10" }), "releaseLabel", /"7.10"; write .* emr-7.10.0$/],
    [
      "a release without IMDSv2",
      emrArgs({ releaseLabel: "emr-6.1.0" }),
      "releaseLabel",
      /IMDSv2 on its nodes; write emr-6.2.0 or later/,
    ],
    [
      "a release before Graviton",
      emrArgs({ releaseLabel: "emr-5.29.0" }),
      "core.size",
      /"xlarge"; emr-5.29.0 does not support m6g; write emr-5.30.0/,
    ],

    ["no applications", emrArgs({ applications: [] }), "applications", /is empty; write some, .* or leave it out/],
    ["an application in lower case", emrArgs({ applications: ["spark"] }), "applications[0]", /write "Spark"/],
    ["an unknown application", emrArgs({ applications: ["Excel"] }), "applications[0]", /does not have; write some of/],
    ["a duplicate application", emrArgs({ applications: ["Hive", "Hive"] }), "applications[1]", /listed twice/],
    [
      "Trino with Presto",
      emrArgs({ applications: ["Presto", "Trino"] }),
      "applications[1]",
      /"Trino" cannot be combined with Presto/,
    ],
    [
      "Trino in a release without it",
      emrArgs({ releaseLabel: "emr-6.3.0", applications: ["Trino"] }),
      "applications[0]",
      /write emr-6.4.0 or later/,
    ],
    [
      "an application that was removed",
      emrArgs({ applications: ["Ganglia"] }),
      "applications[0]",
      /leave it out, or write emr-6.15.0/,
    ],
    ["PrestoSQL in a release with Trino", emrArgs({ applications: ["PrestoSQL"] }), "applications[0]", /write "Trino"/],
    [
      "Hive in a Spark release",
      emrArgs({ releaseLabel: "emr-spark-8.0.0", applications: ["Hive"] }),
      "applications[0]",
      /write an emr-7 release/,
    ],

    ...["Trino", "Presto", "HBase", "Phoenix"].map(
      (application): Refused => [
        `scaling with ${application}`,
        emrArgs({ applications: ["Spark", application], scaling: { minimum: 1, maximum: 4 } }),
        "scaling",
        new RegExp(`YARN, which does not manage ${application}; leave it out`),
      ],
    ),
    [
      "scaling with two of them",
      emrArgs({ applications: ["Trino", "HBase"], scaling: { minimum: 1, maximum: 4 } }),
      "scaling",
      /move Trino and HBase to another cluster$/,
    ],

    [
      "Hive's database in a highly available cluster",
      emrArgs({ highAvailability: true, applications: ["Spark", "Hive"] }),
      "applications[1]",
      /database outside .* as `hive-site`/,
    ],
    [
      "Trino's database in a highly available cluster",
      emrArgs({ highAvailability: true, applications: ["Trino"] }),
      "applications[0]",
      /`trino-connector-hive` or `hive-site`/,
    ],

    ["a short idle timeout", emrArgs({ idleTimeout: 59 }), "idleTimeout", /60 to 604800 seconds, or 0/],
    [
      "an idle timeout with Trino",
      emrArgs({ idleTimeout: 60, applications: ["Trino"] }),
      "idleTimeout",
      /does not manage Trino; write 0/,
    ],
    [
      "an idle timeout with high availability",
      emrArgs({ idleTimeout: 60, highAvailability: true }),
      "idleTimeout",
      /overridden by EMR/,
    ],
    [
      "an idle timeout with termination protection",
      emrArgs({ idleTimeout: 60, terminationProtection: true }),
      "idleTimeout",
      /`terminationProtection` protects; write 0 or leave it out/,
    ],

    ["no steps at a time", emrArgs({ stepConcurrency: 0 }), "stepConcurrency", /1 to 256/],
    [
      "a concurrency that rules out cancelling",
      withStep({ actionOnFailure: "CANCEL_AND_WAIT" }, { stepConcurrency: 2 }),
      "steps[0].actionOnFailure",
      /EMR refuses for concurrent steps; write "CONTINUE"/,
    ],
    [
      "a concurrency that rules out terminating",
      withStep({ actionOnFailure: "TERMINATE_CLUSTER" }, { stepConcurrency: 2 }),
      "steps[0].actionOnFailure",
      /leave out `stepConcurrency`/,
    ],
    [
      "an unknown action of a step",
      withStep({ actionOnFailure: "WAIT" as "CONTINUE" }),
      "steps[0].actionOnFailure",
      /"CONTINUE", /,
    ],
    [
      "257 steps",
      emrArgs({ steps: many(257).map(() => ({ name: "one", command: ["ls"] })) }),
      "steps",
      /has 257; write at most 256/,
    ],
    ["a step without a name", withStep({ name: "" }), "steps[0].name", /1 to 256/],
    ["a step that runs nothing", withStep({ command: undefined }), "steps[0]", /write a `command` or a `jar`/],
    ["a step with an empty command", withStep({ command: [] }), "steps[0].command", /is empty/],
    ["a jar with a command", withStep({ jar: "s3://code/a.jar" }), "steps[0].jar", /write one of/],
    ["a main class with a command", withStep({ mainClass: "a.B" }), "steps[0].mainClass", /combined with `command`/],
    ["a jar's arguments with a command", withStep({ args: ["a"] }), "steps[0].args", /combined with `command`/],
    [
      "17 bootstrap actions",
      emrArgs({ bootstrapActions: many(17).map(() => ({ name: "one", path: "s3://code/a.sh" })) }),
      "bootstrapActions",
      /has 17; write at most 16/,
    ],
    [
      "a bootstrap action that is not in S3",
      emrArgs({ bootstrapActions: [{ name: "one", path: "setup.sh" }] }),
      "bootstrapActions[0].path",
      /"setup.sh"; write the address of a file in S3, s3:\/\/BUCKET\/FILE/,
    ],
    [
      "a bootstrap action without a name",
      emrArgs({ bootstrapActions: [{ name: "", path: "s3://code/a.sh" }] }),
      "bootstrapActions[0].name",
      /1 to 256/,
    ],

    [
      "an unknown classification",
      emrArgs({ configurations: { "spark-default": {} } }),
      "configurations.spark-default",
      /write `spark`, `spark-defaults`/,
    ],
    ["an unknown classification family", emrArgs({ configurations: { kafka: {} } }), "configurations.kafka", /such as/],
    [
      "a catalog for Spark",
      emrArgs({ configurations: { "spark-connector-lake": {} } }),
      "configurations.spark-connector-lake",
      /is not a classification/,
    ],
    [
      "a catalog without a name",
      emrArgs({ applications: ["Trino"], configurations: { "trino-connector": {} } }),
      "configurations.trino-connector",
      /`trino-connector-CATALOG`/,
    ],
    [
      "settings of an application that is not installed",
      emrArgs({ configurations: { "livy-conf": {} } }),
      "configurations.livy-conf",
      /is for Livy, which is not installed here; add it to `applications`/,
    ],

    ["no subnets", emrArgs({ subnetIds: [] }), "subnetIds", /is empty; write the ids/],
    ["subnets left out", emrArgs({ subnetIds: undefined }), "subnetIds", /is missing; write the ids/],
    ["a VPC left out", emrArgs({ vpcId: undefined }), "vpcId", /is missing; write the id of the VPC/],
    ["logs left out", emrArgs({ logUri: undefined }), "logUri", /is missing; write an address in S3, s3:/],
    [
      "logs at a bucket's ARN",
      emrArgs({ logUri: "arn:aws:s3:::logs" }),
      "logUri",
      /write an address in S3, s3:\/\/BUCKET\/PREFIX\//,
    ],
    ["an image that is not an id", emrArgs({ imageId: "ubuntu" }), "imageId", /such as ami-0/],
    [
      "a boundary that is not an ARN",
      emrArgs({ permissionsBoundary: "mine" }),
      "permissionsBoundary",
      /is "mine"; write a policy's ARN/,
    ],
    [
      "a bucket that is not an ARN",
      emrArgs({
        access: [{ environment: {}, statements: [{ actions: ["s3:GetObject"], resources: ["s3://raw/*"] }] }],
      }),
      "access[0].statements",
      /"s3:\/\/raw\/\*", which is not an ARN; write one, such as arn:aws:s3:::raw$/,
    ],
    [
      "an ARN without a bucket",
      emrArgs({
        access: [{ environment: {}, statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::"] }] }],
      }),
      "access[0].statements",
      /"arn:aws:s3:::", which is not an ARN; write one, such as arn:aws:s3:::BUCKET$/,
    ],
    [
      "a role's bucket that is not an ARN",
      emrArgs({
        security: {
          runtimeRoles: { a: [{ environment: {}, statements: [{ actions: ["s3:*"], resources: ["raw"] }] }] },
        },
      }),
      "security.runtimeRoles.a[0].statements",
      /"raw", which is not an ARN/,
    ],
  ]);

  it("a name that IAM would refuse, and reports all mistakes at once", () => {
    const args = emrArgs({ stepConcurrency: 0, rootVolumeSize: 1, subnetIds: [], idleTimeout: 1 });
    const paths = mistakesOf(args, "x y".repeat(20)).map(([path]) => path);
    expect(paths).to.have.members(["name", "name", "stepConcurrency", "subnetIds", "rootVolumeSize", "idleTimeout"]);
  });

  it("mistakes that do not depend on the release, if the label is wrong", () => {
    const paths = mistakesOf(emrArgs({ releaseLabel: "latest", rootVolumeSize: 1 })).map(([path]) => path);
    expect(paths).to.have.members(["releaseLabel", "rootVolumeSize"]);
  });
});

describe("an EMR cluster is accepted", () => {
  itTakes([
    ["with the minimum", emrArgs()],
    [
      "with Hive's tables outside a highly available cluster",
      emrArgs({ highAvailability: true, applications: ["Hive"], configurations: { "hive-site": {} } }),
    ],
    [
      "with Trino",
      emrArgs({ applications: ["Trino"], configurations: { "trino-connector-lake": {}, "trino-env": {} } }),
    ],
    ["with termination protection", emrArgs({ terminationProtection: true, idleTimeout: 0 })],
    ["with concurrent steps", withStep({ actionOnFailure: "CONTINUE" }, { stepConcurrency: 256 })],
    ["with a jar", withStep({ command: undefined, jar: "s3://code/a.jar", mainClass: "a.B", args: ["c"] })],
    ["that terminates when a step fails", withStep({ actionOnFailure: "TERMINATE_CLUSTER" })],
    ["with Spark's own release", emrArgs({ releaseLabel: "emr-spark-8.0.0" })],
    [
      "with what a later release may support",
      emrArgs({
        releaseLabel: "emr-7.99.0",
        applications: ["Spark", "Polaris"],
        configurations: { "polaris-site": {} },
        core: { instanceTypes: ["m9g.xlarge"] },
      }),
    ],
    [
      "with values that are not known yet",
      emrArgs({
        vpcId: unknown,
        subnetIds: pulumi.output([]),
        logUri: unknown,
        imageId: unknown,
        permissionsBoundary: unknown,
        access: [{ environment: {}, statements: [{ actions: ["s3:GetObject"], resources: [unknown] }] }],
        bootstrapActions: [{ name: "one", path: unknown }],
        steps: [{ name: "one", command: [unknown] }],
        security: {
          kmsKeyArn: unknown,
          certificates: unknown,
          kerberos: { realm: "EXAMPLE.COM", kdcAdminPassword: unknown },
        },
      }),
    ],
  ]);
});
