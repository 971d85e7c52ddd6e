import { expect } from "chai";
import { StorageClass } from "../../../components/data/args";
import { DataBucket } from "../../../components/data/dataBucket";
import { type Answer, type Call, callService } from "../../helpers/aws/callService";
import { type Moto, pythonHas, startMoto } from "../../helpers/aws/moto";
import { type Registered, resources, startMocks } from "../../helpers/components/mocks";

const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012";

/** Names that differ from the API's by more than a capital letter. */
const apiNames: Record<string, string> = {
  id: "ID",
  sseAlgorithm: "SSEAlgorithm",
  kmsMasterKeyId: "KMSMasterKeyID",
};

/** Inputs under the API's names. */
function asApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asApi);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    apiNames[name] ?? name.charAt(0).toUpperCase() + name.slice(1),
    asApi(inner),
  ]);
  return Object.fromEntries(entries);
}

type Inputs = Registered["inputs"];

/** The calls that the provider makes for each resource, in the order that S3 accepts. */
const calls: [type: string, operation: string, parameters: (inputs: Inputs) => Inputs][] = [
  ["bucket:Bucket", "CreateBucket", () => ({ CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } })],
  [
    "bucketPublicAccessBlock:BucketPublicAccessBlock",
    "PutPublicAccessBlock",
    (inputs) => ({ PublicAccessBlockConfiguration: asApi(inputs) }),
  ],
  [
    "bucketOwnershipControls:BucketOwnershipControls",
    "PutBucketOwnershipControls",
    ({ rule }) => ({ OwnershipControls: { Rules: [asApi(rule)] } }),
  ],
  [
    "bucketPolicy:BucketPolicy",
    "PutBucketPolicy",
    ({ policy }) => ({ Policy: policy.replaceAll("arn:aws:s3:eu-west-1:123456789012:", "arn:aws:s3:::") }),
  ],
  [
    "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "PutBucketEncryption",
    (inputs) => ({ ServerSideEncryptionConfiguration: asApi(inputs) }),
  ],
  [
    "bucketVersioning:BucketVersioning",
    "PutBucketVersioning",
    ({ versioningConfiguration }) => ({ VersioningConfiguration: asApi(versioningConfiguration) }),
  ],
  [
    "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "PutBucketLifecycleConfiguration",
    (inputs) => ({ LifecycleConfiguration: asApi(inputs) }),
  ],
  [
    "bucketLogging:BucketLogging",
    "PutBucketLogging",
    (inputs) => ({ BucketLoggingStatus: { LoggingEnabled: asApi(inputs) } }),
  ],
  [
    "bucketNotification:BucketNotification",
    "PutBucketNotificationConfiguration",
    ({ eventbridge }) => ({ NotificationConfiguration: eventbridge ? { EventBridgeConfiguration: {} } : {} }),
  ],
];

/** The calls that create the resources, all of one kind before those of the next. */
function requestsOf(all: Registered[]): Call[] {
  return calls.flatMap(([type, operation, parameters]) =>
    all
      .filter((one) => one.type === `aws:s3/${type}`)
      .map(
        ({ name, inputs: { bucket = `${name}-1234567`, ...inputs } }): Call => [
          operation,
          { Bucket: bucket, ...parameters(inputs) },
        ],
      ),
  );
}

const Bucket = "raw-1234567";
const object = { Bucket, Key: "events/a.json" };

/** Queries about the finished bucket. moto treats every denial as unconditional. */
const questions: Call[] = [
  ["GetPublicAccessBlock", { Bucket }],
  ["GetBucketOwnershipControls", { Bucket }],
  ["GetBucketPolicy", { Bucket }],
  ["GetBucketLifecycleConfiguration", { Bucket }],
  ["GetBucketLogging", { Bucket }],
  ["DeleteBucketPolicy", { Bucket }],
  ["PutObject", { ...object, Body: "1" }],
  ["PutObject", { ...object, Body: "2" }],
  ["GetObject", object],
  ["ListObjectVersions", { Bucket }],
];

describe("what DataBucket registers, before botocore and moto", function () {
  this.timeout(60_000);
  let moto: Moto;
  let answers: Answer;

  before(async function () {
    if (!pythonHas("moto.server")) return this.skip();
    moto = await startMoto();
    await startMocks();
    const logs = new DataBucket("logs", { takesAccessLogs: true });
    const staging = { prefix: "staging/", expireDays: 3 };
    const transitions = [
      { days: 30, storageClass: StorageClass.InfrequentAccess },
      { days: 60, storageClass: StorageClass.GlacierInstantRetrieval },
      { days: 365, storageClass: StorageClass.DeepArchive },
    ];
    const lifecycle = [staging, { expireDays: 800, transitions }];
    new DataBucket("raw", { kmsKeyArn, accessLogBucket: logs.bucketName, eventBridge: true, lifecycle });
    const requests = requestsOf(await resources());
    expect(requests).to.have.lengthOf(16);
    const given = (await callService(moto.endpoint, "s3", [...requests, ...questions])).slice(requests.length);
    answers = Object.fromEntries(questions.map(([operation], index) => [operation, given[index]]));
  });
  after(() => moto?.stop());

  it("is closed and belongs to the account", () => {
    const { PublicAccessBlockConfiguration } = answers.GetPublicAccessBlock;
    expect(Object.values(PublicAccessBlockConfiguration)).to.deep.equal([true, true, true, true]);
    const { OwnershipControls } = answers.GetBucketOwnershipControls;
    expect(OwnershipControls.Rules).to.deep.equal([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    const [tlsOnly] = JSON.parse(answers.GetBucketPolicy.Policy).Statement;
    expect(tlsOnly.Resource).to.deep.equal([`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`]);
  });

  it("encrypts an object with the customer key, and keeps what it overwrites", () => {
    expect(answers.GetObject).to.include({ Body: "2", ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyArn });
    expect(answers.ListObjectVersions.Versions).to.have.lengthOf(2);
  });

  it("moves, expires and cleans up objects", () => {
    const [cleanUp, staging, tiers] = answers.GetBucketLifecycleConfiguration.Rules;
    expect(cleanUp).to.deep.include({
      Status: "Enabled",
      Expiration: { ExpiredObjectDeleteMarker: true },
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    });
    expect(staging).to.deep.include({ Filter: { Prefix: "staging/" }, Expiration: { Days: 3 } });
    const classes = tiers.Transitions.map((one: Answer) => one.StorageClass);
    expect(classes).to.deep.equal(["STANDARD_IA", "GLACIER_IR", "DEEP_ARCHIVE"]);
  });

  it("logs its requests in the other bucket", () => {
    const { LoggingEnabled } = answers.GetBucketLogging;
    expect(LoggingEnabled).to.include({ TargetBucket: "logs-1234567", TargetPrefix: "access/" });
  });
});
