import * as pulumi from "@pulumi/pulumi";
import { DataLake, EmrServerless, LambdaFunction } from "pulumi-graviton";

const lake = new DataLake("lake", { code: "spark" });
const spark = new EmrServerless("spark", {
  releaseLabel: "emr-7.10.0",
  maximumCapacity: { vcpus: 16, memory: 64 },
  access: [lake.raw.access("read"), lake.results.access("readWrite"), lake.code.access("read")],
});

// Call it on a schedule, from an API, or by hand.
const count = new LambdaFunction("count", {
  entry: "handlers/count.ts",
  access: [spark.access("startJob")],
  environment: {
    SCRIPT: lake.scriptUri("count.py"),
    WORDS: pulumi.interpolate`s3://${lake.rawBucketName}/words/`,
    COUNTS: pulumi.interpolate`s3://${lake.resultsBucketName}/counts/`,
  },
});

export const functionName = count.functionName;
export const { rawBucketName, resultsBucketName } = lake;
