import * as emr from "@pulumi/aws/emr";
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../../access";
import type { EmrClusterArgs } from "./args";
import { securityConfigurationOf } from "./rules/security";

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

/**
 * What KMS's console grants a user of a key.
 * @see Amazon EMR Management Guide, "Create keys and certificates for data encryption"
 */
export function keyUseStatement(kmsKeyArn: pulumi.Input<string>): Statement {
  return {
    actions: [
      ...["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
      ...["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"],
    ],
    resources: [kmsKeyArn],
  };
}

/** Lets EC2 keep using the key for the volumes that EMR has created. */
export function keyGrantStatement(kmsKeyArn: pulumi.Input<string>): Statement {
  return {
    actions: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
    resources: [kmsKeyArn],
    conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
  };
}
