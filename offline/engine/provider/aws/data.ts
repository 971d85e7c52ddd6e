import type { Templates } from "../templates";
import { arn, byName, global } from "./arns";

/** @see https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints */
const dashed = /^(us-(east-1|west-[12]|gov-west-1)|ap-(southeast-[12]|northeast-1)|eu-west-1|sa-east-1)$/;
const website: Templates = {
  websiteDomain: (_get, _input, region) => `s3-website${dashed.test(region) ? "-" : "."}{region}.{dnsSuffix}`,
  websiteEndpoint: "{bucket}.{websiteDomain}",
};
const bucket: Templates = {
  id: "{bucket}",
  arn: global("s3", "{bucket}"),
  bucketDomainName: "{bucket}.s3.{dnsSuffix}",
  bucketRegionalDomainName: "{bucket}.s3.{region}.{dnsSuffix}",
  ...website,
  hostedZoneId: "Z3AQBSTGFYJSTF",
};
/** Resources that configure a bucket, and have its id. */
const bucketParts = [
  "CorsConfiguration",
  "LifecycleConfiguration",
  "Logging",
  "Notification",
  "ObjectLockConfiguration",
  "OwnershipControls",
  "Policy",
  "PublicAccessBlock",
  "ServerSideEncryptionConfiguration",
  "Versioning",
];
const bucketObject: Templates = {
  id: "{bucket}/{key}",
  arn: global("s3", "{bucket}/{key}"),
  etag: "{hex:32}",
  // A bucket without versioning gives none, and there is no checksum unless one is requested.
  versionId: "",
};
const checksums = ["Crc32", "Crc32c", "Crc64nvme", "Sha1", "Sha256"].map((name) => [`checksum${name}`, ""]);

/**
 * Where data is stored and processed: S3, KMS keys and EMR.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-id for ids of keys
 * @see https://docs.aws.amazon.com/cli/latest/reference/emr/describe-cluster.html for ids of clusters, groups and fleets
 * @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_Application.html
 */
export const dataTemplates: Record<string, Templates> = {
  "aws:emr/cluster:Cluster": {
    id: "j-{CHARS:13}",
    arn: arn("elasticmapreduce", "cluster/{id}"),
    clusterState: "WAITING",
    masterPublicDns: "ec2-203-0-113-20.{region}.compute.{dnsSuffix}",
  },
  "aws:emr/instanceFleet:InstanceFleet": {
    id: "if-{CHARS:13}",
    provisionedOnDemandCapacity: (get) => Number(get("targetOnDemandCapacity")),
    provisionedSpotCapacity: (get) => Number(get("targetSpotCapacity")),
  },
  "aws:emr/instanceGroup:InstanceGroup": {
    id: "ig-{CHARS:13}",
    instanceCount: 1,
    runningInstanceCount: (get) => Number(get("instanceCount")),
    status: "RUNNING",
  },
  "aws:emr/managedScalingPolicy:ManagedScalingPolicy": { id: "{clusterId}" },
  "aws:emrserverless/application:Application": {
    id: "00{chars:14}",
    arn: arn("emr-serverless", "/applications/{id}"),
    architecture: "X86_64",
  },
  "aws:kms/alias:Alias": byName("kms", "{name}", {
    targetKeyArn: (get) =>
      /^arn:/.test(String(get("targetKeyId"))) ? "{targetKeyId}" : arn("kms", "key/{targetKeyId}"),
  }),
  "aws:kms/key:Key": {
    id: (get) => (get("multiRegion") ? "mrk-{hex:32}" : "{guid}"),
    keyId: "{id}",
    arn: arn("kms", "key/{id}"),
  },
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketObject:BucketObject": bucketObject,
  "aws:s3/bucketObjectv2:BucketObjectv2": { ...bucketObject, ...Object.fromEntries(checksums) },
  "aws:s3/bucketV2:BucketV2": bucket,
  ...Object.fromEntries(
    ["", "V2"].map((version) => [
      `aws:s3/bucketWebsiteConfiguration${version}:BucketWebsiteConfiguration${version}`,
      { id: "{bucket}", ...website },
    ]),
  ),
  ...Object.fromEntries(bucketParts.map((part) => [`aws:s3/bucket${part}:Bucket${part}`, { id: "{bucket}" }])),
};
