import { expect } from "chai";
import type { EmrServerlessArgs, EmrWorkersArgs } from "../../../../components/emr/serverless/args";
import { checkServerless } from "../../../../components/emr/serverless/checks";
import { EmrServerless } from "../../../../components/emr/serverless/emrServerless";
import { mistakes, mistakesIn, resources, startMocks } from "../../../helpers/components/mocks";

const args = (changes: Partial<EmrServerlessArgs>) => ({ releaseLabel: "emr-7.10.0", access: [], ...changes });
const workers = (changes: Partial<EmrWorkersArgs>): Partial<EmrServerlessArgs> => ({
  maximumCapacity: { vcpus: 1000, memory: 8000 },
  initialCapacity: [{ type: "Driver", count: 1, ...changes }],
});
const imageUri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/spark:1";

describe("EmrServerless refuses", () => {
  beforeEach(startMocks);

  const cases: [what: string, changes: Partial<EmrServerlessArgs>, path: string, reason: RegExp][] = [
    [
      "half a release label",
      { releaseLabel: "emr-7.1" },
      "releaseLabel",
      /"emr-7\.1"; write a complete one, such as emr-7\.10\.0/,
    ],
    ["`latest` as a release", { releaseLabel: "latest" }, "releaseLabel", /write a complete one/],
    ["a release before its first", { releaseLabel: "emr-6.5.0" }, "releaseLabel", /write emr-6\.6\.0 or later/],
    ["an engine that does not exist", { engine: "Trino" as "Spark" }, "engine", /"Trino"; write "Spark" or "Hive"/],
    ["Hive in a release without it", { engine: "Hive", releaseLabel: "emr-spark-8.0.0" }, "engine", /lacks; write/],
    ["an image from Docker Hub", { imageUri: "spark:1" }, "imageUri", /write an image in ECR with its tag/],
    ["an image without a tag", { imageUri: imageUri.replace(":1", "") }, "imageUri", /with its tag/],
    [
      "an image in a release without custom ones",
      { imageUri, releaseLabel: "emr-6.8.0" },
      "imageUri",
      /write emr-6\.9\.0 or later/,
    ],
    [
      "waiting job runs in a release without them",
      { scheduler: {}, releaseLabel: "emr-6.15.0" },
      "scheduler",
      /waiting job runs begin with emr-7\.0\.0/,
    ],
    ["too many runs", { scheduler: { maximumRuns: 1001 } }, "scheduler.maximumRuns", /from 1 to 1000 job runs/],
    ["a short wait", { scheduler: { queueTimeoutMinutes: 14 } }, "scheduler.queueTimeoutMinutes", /15 to 720 minutes/],
    ["no vCPUs", { maximumCapacity: { vcpus: 0 } }, "maximumCapacity.vcpus", /is 0; write a whole number/],
    ["half a GiB", { maximumCapacity: { vcpus: 4, memory: 0.5 } }, "maximumCapacity.memory", /is 0\.5; write/],
    ["an empty disk", { maximumCapacity: { vcpus: 4, disk: 0 } }, "maximumCapacity.disk", /is 0; write/],
    ["no workers", workers({ count: 0 }), "initialCapacity[0].count", /is 0; write/],
    ["three vCPUs", workers({ vcpus: 3 }), "initialCapacity[0].vcpus", /is 3; write 1, 2, 4, 8 or 16/],
    ["too little memory", workers({ vcpus: 4, memory: 7 }), "initialCapacity[0].memory", /with 4 vCPUs write 8 to 30/],
    [
      "memory between two steps",
      workers({ vcpus: 8, memory: 18 }),
      "initialCapacity[0].memory",
      /16 to 60 in steps of 4 GiB/,
    ],
    ["a small disk", workers({ disk: 10 }), "initialCapacity[0].disk", /from 20 to 200 GiB/],
    ["a large disk", workers({ disk: 201 }), "initialCapacity[0].disk", /from 20 to 200 GiB/],
    ["another engine's workers", workers({ type: "TezTask" }), "initialCapacity[0].type", /"Driver" or "Executor"/],
    [
      "a duplicate type of workers",
      { initialCapacity: [0, 1].map(() => ({ type: "Driver", count: 1 })) },
      "initialCapacity[1].type",
      /"Driver" is listed before/,
    ],
    [
      "more workers than the default limit",
      { initialCapacity: [{ type: "Executor", count: 9, memory: 4 }] },
      "initialCapacity",
      /has 18 vCPUs in all, but `maximumCapacity` has 16; raise that/,
    ],
    [
      "more memory than the limit",
      { maximumCapacity: { vcpus: 4 }, initialCapacity: [{ type: "Driver", count: 2, memory: 9 }] },
      "initialCapacity",
      /18 GiB of memory in all, but `maximumCapacity` has 16/,
    ],
    [
      "more disk than the limit",
      { maximumCapacity: { vcpus: 4, disk: 30 }, initialCapacity: [{ type: "Driver", count: 2 }] },
      "initialCapacity",
      /40 GiB of disk in all, but `maximumCapacity` has 30/,
    ],
    ["waiting more than a week", { idleMinutes: 10_081 }, "idleMinutes", /0 never stops it/],
    ["a VPC without subnets", { vpcId: "vpc-1" }, "subnetIds", /is missing, although `vpcId` is given/],
    ["subnets without their VPC", { subnetIds: ["subnet-1"] }, "vpcId", /is missing, although `subnetIds` is given/],
    ["no subnets", { vpcId: "vpc-1", subnetIds: [] }, "subnetIds", /is empty; write 1 to 16/],
    ["empty settings", { configurations: { "spark-defaults": {} } }, "configurations.spark-defaults", /is empty/],
    ["a key's alias", { kmsKeyArn: "alias/logs" }, "kmsKeyArn", /write a key's full ARN/],
    [
      "a boundary that is not an ARN",
      { permissionsBoundary: "mine" },
      "permissionsBoundary",
      /is "mine"; write a policy's ARN/,
    ],
    [
      "a bucket that is not an ARN",
      { access: [{ environment: {}, statements: [{ actions: ["s3:GetObject"], resources: ["raw"] }] }] },
      "access[0].statements",
      /"raw", which is not an ARN; write one, such as arn:aws:s3:::raw$/,
    ],
    ["a week and a half of logs", { logRetentionDays: 10 }, "logRetentionDays", /is 10; write 0, 1, 3/],
  ];
  for (const [what, changes, path, reason] of cases) {
    it(what, async () => {
      const [first, ...others] = mistakes(() => new EmrServerless("spark", args(changes)));
      expect(first?.[0]).to.equal(path);
      expect(first?.[1]).to.match(reason);
      expect(others).to.deep.equal([]);
      expect(await resources()).to.deep.equal([]);
    });
  }

  it("a name that AWS would not allow", () => {
    expect(mistakes(() => new EmrServerless("a b", args({})))[0]?.[1]).to.match(/"a b" has characters/);
    expect(mistakes(() => new EmrServerless("a".repeat(57), args({})))[0]?.[1]).to.match(/write at most 56/);
  });

  it("all mistakes at once", () => {
    const wrong = args({ releaseLabel: "7", idleMinutes: -1, vpcId: "vpc-1", ...workers({ disk: 1, vcpus: 5 }) });
    expect(mistakes(() => new EmrServerless("spark", wrong)).map(([path]) => path)).to.have.members([
      "releaseLabel",
      "idleMinutes",
      "subnetIds",
      "initialCapacity[0].disk",
      "initialCapacity[0].vcpus",
    ]);
  });
});

describe("EmrServerless accepts", () => {
  const found = (changes: Partial<EmrServerlessArgs>) =>
    mistakesIn({ type: "EmrServerless", rules: checkServerless }, args(changes));

  /** As AWS lists them, in GiB. */
  const sizes = [
    [1, 2, 3, 4, 5, 6, 7, 8],
    [2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    [4, ...Array.from({ length: 23 }, (_, index) => 8 + index)],
    [8, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60],
    [16, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120],
  ];
  for (const [vcpus = 0, ...memories] of sizes) {
    it(`with ${vcpus} vCPUs the memory that AWS lists, and no other`, () => {
      const candidates = Array.from({ length: 130 }, (_, memory) => memory);
      const taken = candidates.filter((memory) => found(workers({ vcpus, memory })).length === 0);
      expect(taken).to.deep.equal(memories);
      expect(found(workers({ vcpus }))).to.deep.equal([]);
    });
  }

  it("Spark's own releases, digests of images, and as many workers as the limit allows", () => {
    const digest = imageUri.replace(":1", `@sha256:${"0".repeat(64)}`);
    const initialCapacity = [
      { type: "Driver", count: 1 },
      { type: "Executor", count: 7 },
    ];
    expect(found({ releaseLabel: "emr-spark-8.1.0", imageUri: digest, initialCapacity })).to.deep.equal([]);
    expect(found({ releaseLabel: "emr-6.6.0" })).to.deep.equal([]);
  });
});
