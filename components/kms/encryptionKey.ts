import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import type * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { principalIn } from "../access";
import { ComponentResource } from "../resource";
import { createKey } from "./key";

/** Arguments of {@link EncryptionKey}. */
export interface EncryptionKeyArgs {
  /** What it is for. @default the component's name */
  description?: string;
  /** Tags of the key. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A customer managed key for data at rest: pass its `keyArn` to buckets, tables, clusters and logs as their
 * `kmsKeyArn`. AWS rotates it each year. Roles of this account may be granted its use; in the region, CloudWatch Logs
 * may use it for the account's log groups, and EMR Serverless for the logs that it keeps of the account's jobs.
 */
export class EncryptionKey extends ComponentResource<EncryptionKeyArgs, EncryptionKey> {
  /** The key's ARN. */
  declare readonly keyArn: pulumi.Output<string>;
  /** The key itself. */
  declare readonly key: kms.Key;

  constructor(name: string, args: EncryptionKeyArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super({ type: "EncryptionKey", outputs: ["keyArn"] }, name, args, opts);
  }

  protected create(name: string, args: EncryptionKeyArgs): void {
    const { description = name, tags } = args;
    const statements = servicesMay({ parent: this });
    const key = createKey(name, { description, statements, tags }, this.guarded());
    this.set({ key, keyArn: key.arn });
  }
}

/**
 * Services that use the key by themselves, not with their callers' permissions.
 * @see Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS"
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html
 */
function servicesMay(opts: pulumi.InvokeOptions): object[] {
  const { accountId } = getCallerIdentityOutput({}, opts);
  const { partition } = getPartitionOutput({}, opts);
  const { region } = getRegionOutput({}, opts);
  const groups = pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:*`;
  const applications = pulumi.interpolate`arn:${partition}:emr-serverless:${region}:${accountId}:/applications/*`;
  return [
    {
      Effect: "Allow",
      Principal: { Service: principalIn(partition, pulumi.interpolate`logs.${region}`) },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": groups } },
    },
    {
      Effect: "Allow",
      Principal: { Service: "emr-serverless.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { ArnLike: { "aws:SourceArn": applications } },
    },
  ];
}
