import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import {
  DataBucket,
  EmrCluster,
  EmrServerless,
  EncryptionKey,
  GravitonBatch,
  ItemsTable,
  JobSubmission,
  JobTrigger,
  LambdaFunction,
  Network,
} from "../../components";
import { create, examples } from "../helpers/components/examples";
import { failuresUnderGuideMocks } from "../helpers/components/guideMocks";

describe("under the mocks of Pulumi's guide", () => {
  for (const [index, [type, args]] of examples.entries()) {
    it(`a component is created, with undefined for values that AWS would compute: ${type}, example ${index}`, async () => {
      expect(await failuresUnderGuideMocks(() => create(type, args))).to.deep.equal([]);
    });
  }

  it("components work together, and functions may use all of them", async () => {
    const program = () => {
      const { keyArn: kmsKeyArn } = new EncryptionKey("data");
      const bucket = new DataBucket("data", { kmsKeyArn });
      const table = new ItemsTable("items", { kmsKeyArn, stream: "NEW_IMAGE" });
      const network = new Network("network");
      const place = { vpcId: network.vpcId, subnetIds: network.privateSubnetIds };
      const secret = pulumi.output<string>(undefined as unknown as string);
      const batch = new GravitonBatch("jobs", {
        ...place,
        environments: [{ type: "SPOT", maxVcpus: 4 }],
        jobs: { one: { image: pulumi.interpolate`${bucket.bucketName}`, secrets: { TOKEN: secret } } },
        alarmTopicArns: [secret],
      });
      new JobTrigger("nightly", { batch, schedule: "rate(1 day)" });
      new JobSubmission("now", { batch });
      const logUri = bucket.uri("logs");
      const security = { kmsKeyArn, runtimeRoles: { etl: [bucket.access("read")] } };
      const cluster = new EmrCluster("spark", { ...place, releaseLabel: "emr-7.10.0", logUri, security });
      const spark = new EmrServerless("spark", { releaseLabel: "emr-7.10.0", kmsKeyArn });
      new LambdaFunction("all", {
        entry: "handlers/items.ts",
        access: [
          ...[bucket.access("readWrite"), table.access("crud"), table.access("stream")],
          ...[batch.access(["submit", "read", "terminate"]), cluster.access("addSteps"), spark.access("startJob")],
        ],
        fileSystem: { accessPointArn: secret, mountPath: "/mnt/a" },
        vpc: { subnetIds: network.privateSubnetIds, securityGroupIds: ["sg-1"] },
        onFailure: { destinationArn: secret },
      });
    };
    expect(await failuresUnderGuideMocks(program)).to.deep.equal([]);
  });
});
