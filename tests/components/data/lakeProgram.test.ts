import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type Graph, resourcesOfType, reveal, runProgram } from "../../../offline";
import { get } from "../../helpers/offline/program";
import { temporaryFolder } from "../../helpers/temporaryFolder";

const root = path.resolve(__dirname, "../../..");

const program = `
import { Parameter } from "@pulumi/aws/ssm";
import { DataLake, EmrServerless } from "pulumi-graviton";
const lake = new DataLake("lake", { code: "jobs", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" }, { protect: true });
const access = [lake.raw.access("read", { prefix: "events/" }), lake.results.access("readWrite"), lake.code.access("read")];
const spark = new EmrServerless("spark", { releaseLabel: "emr-7.10.0", access });
new Parameter("role", { type: "String", value: spark.jobRoleArn });
new Parameter("bucket", { type: "String", value: lake.raw.bucketArn });
export const { scriptUris } = lake;
export const events = lake.raw.uri("events/");
export const { environment } = spark.access("startJob");
`;

describe("a program with a DataLake and EmrServerless", function () {
  this.timeout(60_000);
  const directory = temporaryFolder();
  let graph: Graph;

  before(async () => {
    fs.mkdirSync(path.join(directory, "jobs"));
    fs.writeFileSync(path.join(directory, "jobs/daily.py"), "print(1)\n");
    fs.writeFileSync(path.join(directory, "Pulumi.yaml"), "name: lake\nruntime: nodejs\nmain: index.ts\n");
    fs.writeFileSync(path.join(directory, "index.ts"), program);
    fs.symlinkSync(path.join(root, "node_modules"), path.join(directory, "node_modules"));
    graph = await runProgram({ directory });
  });

  it("outputs where its scripts and its data are, and what is needed to start a job", () => {
    const { scriptUris, events, environment } = reveal(graph.outputs) as Record<string, Record<string, string>>;
    expect(scriptUris?.["daily.py"]).to.match(/^s3:\/\/lake-code-[0-9a-f]{7}\/code\/[0-9a-f]{16}\/daily\.py$/);
    expect(events).to.match(/^s3:\/\/lake-raw-[0-9a-f]{7}\/events\/$/);
    expect(environment).to.have.keys("APPLICATION_ID", "JOB_ROLE_ARN");
  });

  it("writes into a bucket only once it is closed, encrypted and versioned, and leaves old code in place", () => {
    const { dependencies, options } = get(graph, "lake-daily.py");
    const kinds = ["Policy", "OwnershipControls", "ServerSideEncryptionConfiguration", "Versioning"];
    for (const kind of kinds) {
      expect(dependencies).to.include(get(graph, "lake-code", `aws:s3/bucket${kind}:Bucket${kind}`).urn);
    }
    expect(options.retainOnDelete).to.equal(true);
  });

  /** The resource that comes first is among the other's dependencies. */
  const orders: [what: string, first: [name: string, type: string], then: [name: string, type: string]][] = [
    [
      "a policy after public access is blocked",
      ["lake-raw", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
      ["lake-raw", "aws:s3/bucketPolicy:BucketPolicy"],
    ],
    [
      "rules about versions after versioning",
      ["lake-raw", "aws:s3/bucketVersioning:BucketVersioning"],
      ["lake-raw", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"],
    ],
    [
      "resources with the bucket's ARN after the bucket is closed",
      ["lake-raw", "aws:s3/bucketPolicy:BucketPolicy"],
      ["bucket", "aws:ssm/parameter:Parameter"],
    ],
    [
      "what starts jobs after their role has its policy",
      ["spark", "aws:iam/rolePolicy:RolePolicy"],
      ["role", "aws:ssm/parameter:Parameter"],
    ],
  ];
  for (const [what, first, then] of orders) {
    it(`creates ${what}`, () => {
      expect(get(graph, ...then).dependencies).to.include(get(graph, ...first).urn);
    });
  }

  it("has S3 log only where it is already allowed to", () => {
    const policy = get(graph, "lake-logs", "aws:s3/bucketPolicy:BucketPolicy").urn;
    for (const { dependencies } of resourcesOfType(graph, "aws:s3/bucketLogging:BucketLogging")) {
      expect(dependencies).to.include(policy);
    }
  });

  it("lets only jobs do what they are granted, in existing buckets", () => {
    const { policy } = reveal(get(graph, "spark", "aws:iam/rolePolicy:RolePolicy").inputs) as { policy: string };
    const resources = JSON.parse(policy).Statement.flatMap(({ Resource }: { Resource: string[] }) => Resource);
    expect(resources).to.include.members(
      ["", "/events/*"].map((keys) => `${String(get(graph, "lake-raw", "aws:s3/bucket:Bucket").outputs.arn)}${keys}`),
    );
  });

  it("protects the buckets when told to, but not the code, which changes replace", () => {
    expect(get(graph, "lake-daily.py").protect).to.equal(false);
    for (const bucket of resourcesOfType(graph, "aws:s3/bucket:Bucket")) expect(bucket.protect).to.equal(true);
  });

  it("has the same resources in a first preview, when nothing that AWS computes is known", async () => {
    const preview = await runProgram({ directory, unknowns: true });
    expect(preview.resources.map(({ urn }) => urn)).to.have.members(graph.resources.map(({ urn }) => urn));
    expect(get(preview, "lake-daily.py").inputs.key).to.match(/daily\.py$/);
  });
});
