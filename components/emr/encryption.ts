import * as emr from "@pulumi/aws/emr";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../access";
import { securityConfigurationOf } from "../pure/emr/security";
import type { EmrClusterArgs } from "./args";

/**
 * A key for the data at rest. It leaves it to the account's IAM who may use it: the cluster's roles are given what EMR
 * asks for in policies of their own.
 * @see AWS KMS Developer Guide, "Default key policy"
 */
export function createKey(
  name: string,
  { tags }: EmrClusterArgs,
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): kms.Key {
  const { accountId } = getCallerIdentityOutput({}, { parent: opts.parent });
  const { partition } = getPartitionOutput({}, { parent: opts.parent });
  const policy = pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
  return new kms.Key(name, { description: `Data of the cluster ${name}`, enableKeyRotation: true, policy, tags }, opts);
}

export function createSecurityConfiguration(
  name: string,
  { security = {} }: EmrClusterArgs,
  kmsKeyArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): emr.SecurityConfiguration {
  const names = { kmsKeyArn, certificates: security.certificates };
  const configuration = pulumi.jsonStringify(securityConfigurationOf<pulumi.Input<string>>(security, names));
  return new emr.SecurityConfiguration(name, { configuration }, opts);
}

/** What KMS's console gives a user of a key. @see Amazon EMR Management Guide, "Create keys and certificates for data encryption" */
export function keyUseStatement(kmsKeyArn: pulumi.Input<string>): Statement {
  return {
    actions: [
      ...["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
      ...["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"],
    ],
    resources: [kmsKeyArn],
  };
}

/** Lets EC2 go on using the key for the volumes that EMR has made. */
export function keyGrantStatement(kmsKeyArn: pulumi.Input<string>): Statement {
  return {
    actions: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
    resources: [kmsKeyArn],
    conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
  };
}
