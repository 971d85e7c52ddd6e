import { expect } from "chai";
import { policyDocument } from "../../../components/access";
import type { DataBucketAccessLevel, DataBucketAccessOptions } from "../../../components/data/access";
import type { DataBucketArgs } from "../../../components/data/args";
import { DataBucket } from "../../../components/data/dataBucket";
import { rules } from "../../../policies/policies";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";
import { violations } from "../../helpers/policies/policies";

const s3 = (kind: string) => `aws:s3/bucket${kind}:Bucket${kind}`;
const arn = "arn:aws:s3:eu-west-1:123456789012:raw-1234567";
const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1";

describe("DataBucket", () => {
  beforeEach(startMocks);

  async function made(kind: string, args: DataBucketArgs = {}) {
    new DataBucket("raw", args);
    return inputsOf(s3(kind));
  }

  async function statements(level: DataBucketAccessLevel, options: DataBucketAccessOptions = {}, args = {}) {
    const access = new DataBucket("raw", args).access(level, options);
    const policy = await resolved(policyDocument(access.statements));
    return JSON.parse(policy).Statement as Record<string, object>[];
  }

  it("is a bucket that is deleted only when empty, with a resource for each of its settings", async () => {
    expect(await made("")).to.deep.equal({});
    const types = (await resources()).map(({ type }) => type).filter((type) => type.startsWith("aws:"));
    expect(types).to.have.members([
      ...["", "PublicAccessBlock", "OwnershipControls", "Policy", "Versioning"].map(s3),
      ...["ServerSideEncryptionConfiguration", "LifecycleConfiguration"].map(s3),
    ]);
  });

  it("has the name, the tags and the `forceDestroy` that it is given", async () => {
    const args = { bucketName: "acme-raw", forceDestroy: true, tags: { team: "a" } };
    expect(await made("", args)).to.deep.equal({ bucket: "acme-raw", forceDestroy: true, tags: { team: "a" } });
  });

  it("is closed to the public, and everything in it belongs to the account", async () => {
    expect(await made("PublicAccessBlock")).to.deep.equal({
      bucket: "raw-1234567",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const { rule } = await inputsOf(s3("OwnershipControls"));
    expect(rule).to.deep.equal({ objectOwnership: "BucketOwnerEnforced" });
  });

  it("accepts requests over TLS only", async () => {
    const { policy } = await made("Policy");
    expect(JSON.parse(policy).Statement).to.deep.equal([
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("lets S3 write this account's access logs when told to", async () => {
    const { policy } = await made("Policy", { takesAccessLogs: true });
    const [logs] = JSON.parse(policy).Statement;
    expect(logs).to.deep.equal({
      Sid: "AccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${arn}/access/*`,
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
  });

  it("has its requests logged by day in another bucket", async () => {
    const logs = new DataBucket("logs", { takesAccessLogs: true });
    expect(await made("Logging", { accessLogBucket: logs.bucketName })).to.deep.equal({
      bucket: "raw-1234567",
      targetBucket: "logs-1234567",
      targetPrefix: "access/",
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
    });
  });

  it("is encrypted with S3's key, or with the customer's through a bucket key", async () => {
    expect((await made("ServerSideEncryptionConfiguration")).rules).to.deep.equal([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    await startMocks();
    expect((await made("ServerSideEncryptionConfiguration", { kmsKeyArn })).rules).to.deep.equal([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("keeps old versions, unless told not to", async () => {
    expect((await made("Versioning")).versioningConfiguration).to.deep.equal({ status: "Enabled" });
    await startMocks();
    const without = await made("Versioning", { versioning: false });
    expect(without.versioningConfiguration).to.deep.equal({ status: "Suspended" });
  });

  it("cleans up after itself, at the times it is given", async () => {
    const cleanUp = {
      id: "clean-up",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      noncurrentVersionExpiration: { noncurrentDays: 30 },
      expiration: { expiredObjectDeleteMarker: true },
    };
    expect((await made("LifecycleConfiguration")).rules).to.deep.equal([cleanUp]);
    await startMocks();
    const lifecycle = [
      { prefix: "events/", expireDays: 400, transitions: [{ days: 30, storageClass: "STANDARD_IA" as const }] },
      { expireDays: 10 },
    ];
    const changed = await made("LifecycleConfiguration", { oldVersionDays: 3, incompleteUploadDays: 1, lifecycle });
    expect(changed.rules).to.deep.equal([
      {
        ...cleanUp,
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        noncurrentVersionExpiration: { noncurrentDays: 3 },
      },
      {
        id: "rule-1",
        status: "Enabled",
        filter: { prefix: "events/" },
        expiration: { days: 400 },
        transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
      },
      { id: "rule-2", status: "Enabled", filter: { prefix: "" }, expiration: { days: 10 } },
    ]);
  });

  it("notifies EventBridge of objects when told to", async () => {
    expect(await made("Notification", { eventBridge: true })).to.deep.equal({
      bucket: "raw-1234567",
      eventbridge: true,
    });
  });

  it("gives its objects' addresses as Spark writes them", async () => {
    const bucket = new DataBucket("raw");
    expect(await resolved(bucket.uri("events/"))).to.equal("s3://raw-1234567/events/");
    expect(await resolved(bucket.uri())).to.equal("s3://raw-1234567/");
  });

  it("grants reading, writing or both, and no more", async () => {
    expect(await statements("read")).to.deep.equal([
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${arn}/*`] },
      { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [arn] },
    ]);
    expect(await statements("write")).to.deep.equal([
      { Effect: "Allow", Action: ["s3:PutObject", "s3:AbortMultipartUpload"], Resource: [`${arn}/*`] },
    ]);
    const [objects, list, ...others] = await statements("readWrite");
    expect(objects?.Action).to.have.members(
      ["GetObject", "PutObject", "DeleteObject", "AbortMultipartUpload"].map((action) => `s3:${action}`),
    );
    expect(list?.Action).to.deep.equal(["s3:ListBucket"]);
    expect(others).to.deep.equal([]);
  });

  it("grants a single folder: its objects, EMR's marker for it, and its listing", async () => {
    const keys = [`${arn}/events`, `${arn}/events/*`, `${arn}/events_$folder$`];
    expect(await statements("read", { prefix: "events/" })).to.deep.equal([
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: keys },
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: [arn],
        Condition: { StringLike: { "s3:prefix": "events/*" } },
      },
    ]);
    expect(await statements("read", { prefix: "events" })).to.deep.equal(
      await statements("read", { prefix: "events/" }),
    );
  });

  it("has S3 report missing objects of a folder when told to, which the names of all objects are the price of", async () => {
    const [, list] = await statements("read", { prefix: "events/", reportsMissing: true });
    expect(list?.Condition).to.deep.equal({ StringLikeIfExists: { "s3:prefix": "events/*" } });
    expect(await statements("read", { reportsMissing: true })).to.deep.equal(await statements("read"));
  });

  it("grants the customer key in other partitions", async () => {
    const hosts = { "aws-cn": "cn-north-1.amazonaws.com.cn", "aws-us-gov": "us-gov-west-1.amazonaws.com" };
    for (const [partition, host] of Object.entries({ ...hosts, "aws-eusc": "eusc-de-east-1.amazonaws.eu" })) {
      const region = host.split(".")[0];
      const key = kmsKeyArn.replace("aws:kms:eu-west-1", `${partition}:kms:${region}`);
      const statement = (await statements("read", {}, { kmsKeyArn: key })).at(-1);
      expect(statement?.Condition).to.deep.equal({ StringEquals: { "kms:ViaService": `s3.${host}` } });
    }
  });

  it("grants the customer key, through S3 only", async () => {
    const conditions = { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } };
    const key = { Effect: "Allow", Resource: [kmsKeyArn], Condition: conditions };
    expect((await statements("read", {}, { kmsKeyArn })).at(-1)).to.deep.equal({ ...key, Action: ["kms:Decrypt"] });
    for (const level of ["write", "readWrite"] as const) {
      const last = (await statements(level, {}, { kmsKeyArn })).at(-1);
      expect(last).to.deep.equal({ ...key, Action: ["kms:GenerateDataKey", "kms:Decrypt"] });
    }
  });

  it("passes its name to a function", async () => {
    const bucket = new DataBucket("raw");
    expect(await resolved(bucket.access("read").environment)).to.deep.equal({ BUCKET_NAME: "raw-1234567" });
    const { environment } = bucket.access("write", { environmentName: "RAW" });
    expect(await resolved(environment)).to.deep.equal({ RAW: "raw-1234567" });
  });

  it("refuses folders that IAM would interpret differently", () => {
    const bucket = new DataBucket("raw");
    for (const prefix of ["/events", "events/*", "e?", "$" + "{aws:username}/"]) {
      expect(() => bucket.access("read", { prefix }), prefix).to.throw('write a folder without `*`, such as "events/"');
    }
  });

  const tiers = (...transitions: [days: number, storageClass: string][]): DataBucketArgs => ({
    lifecycle: [
      { transitions: transitions.map(([days, storageClass]) => ({ days, storageClass: storageClass as never })) },
    ],
  });
  const cases: [what: string, args: DataBucketArgs, path: string, reason: RegExp][] = [
    ["a short name", { bucketName: "ab" }, "bucketName", /write 3 to 63 lower-case letters/],
    ["a name with dots", { bucketName: "acme.raw" }, "bucketName", /"acme\.raw"; write/],
    ["a name that AWS reserves", { bucketName: "xn--raw" }, "bucketName", /write 3 to 63/],
    ["keeping versions for no time", { oldVersionDays: 0 }, "oldVersionDays", /is 0; write/],
    ["days of versions without versioning", { versioning: false, oldVersionDays: 3 }, "oldVersionDays", /leave it out/],
    ["aborting uploads at once", { incompleteUploadDays: 0 }, "incompleteUploadDays", /is 0; write/],
    ["a key's alias", { kmsKeyArn: "alias/data" }, "kmsKeyArn", /write a key's full ARN/],
    ["an ARN as a name", { accessLogBucket: "arn:aws:s3:::logs" }, "accessLogBucket", /write a bucket's name, such as/],
    ["access logs with a key", { takesAccessLogs: true, kmsKeyArn }, "kmsKeyArn", /keeps S3 from writing/],
    ["logs of logs", { takesAccessLogs: true, accessLogBucket: "logs" }, "accessLogBucket", /leave it out/],
    [
      "a rule that does nothing",
      { lifecycle: [{ prefix: "a/" }] },
      "lifecycle[0]",
      /write `expireDays` or `transitions`/,
    ],
    [
      "a duplicate rule",
      { lifecycle: [{ expireDays: 1 }, { prefix: "", expireDays: 2 }] },
      "lifecycle[1].prefix",
      /one rule/,
    ],
    ["a leading slash", { lifecycle: [{ prefix: "/a", expireDays: 1 }] }, "lifecycle[0].prefix", /write "a"/],
    ["expiring at once", { lifecycle: [{ expireDays: 0 }] }, "lifecycle[0].expireDays", /is 0; write/],
    ["an unknown class", tiers([1, "COLD"]), "lifecycle[0].transitions[0].storageClass", /"COLD"; write "STANDARD_IA"/],
    [
      "29 days to infrequent access",
      tiers([29, "STANDARD_IA"]),
      "lifecycle[0].transitions[0].days",
      /write 30 days or more/,
    ],
    [
      "29 days in infrequent access",
      tiers([30, "STANDARD_IA"], [59, "GLACIER"]),
      "lifecycle[0].transitions[1].days",
      /write 60 days or more/,
    ],
    [
      "two moves in a day",
      tiers([5, "GLACIER_IR"], [5, "GLACIER"]),
      "lifecycle[0].transitions[1].days",
      /write 6 days or more/,
    ],
    [
      "a move back",
      tiers([1, "GLACIER"], [100, "GLACIER_IR"]),
      "lifecycle[0].transitions[1].storageClass",
      /is "GLACIER_IR"; after "GLACIER" write DEEP_ARCHIVE/,
    ],
    [
      "expiring before the last move",
      { lifecycle: [{ expireDays: 90, transitions: [{ days: 90, storageClass: "GLACIER" }] }] },
      "lifecycle[0].expireDays",
      /write more than 90/,
    ],
  ];
  for (const [what, args, path, reason] of cases) {
    it(`refuses ${what}`, async () => {
      const [first, ...others] = mistakes(() => new DataBucket("raw", args));
      expect(first?.[0]).to.equal(path);
      expect(first?.[1]).to.match(reason);
      expect(others).to.deep.equal([]);
      expect(await resources()).to.deep.equal([]);
    });
  }

  it("refuses component names that S3 would refuse, unless `bucketName` is given", () => {
    expect(mistakes(() => new DataBucket("Raw"))[0]?.[1]).to.match(/"Raw" has characters that AWS refuses/);
    expect(mistakes(() => new DataBucket("a".repeat(56)))[0]?.[1]).to.match(/write at most 55/);
    expect(mistakes(() => new DataBucket("Raw", { bucketName: "raw" }))).to.deep.equal([]);
  });

  it("accepts each class after the ones before it, from the first day that S3 does", () => {
    const classes = ["STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];
    const days = [30, 60, 61, 62, 63];
    expect(
      mistakes(() => new DataBucket("raw", tiers(...classes.map((one, i) => [days[i] ?? 0, one] as [number, string])))),
    ).to.deep.equal([]);
    expect(mistakes(() => new DataBucket("cold", tiers([0, "GLACIER"])))).to.deep.equal([]);
  });

  it("violates no policy", async () => {
    const logs = new DataBucket("logs", { takesAccessLogs: true });
    new DataBucket("raw", { kmsKeyArn, accessLogBucket: logs.bucketName, eventBridge: true });
    const all = (await resources()).filter(({ type }) => type.startsWith("aws:"));
    expect(all).to.have.lengthOf(16);
    const found = await Promise.all(
      all.map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });
});
