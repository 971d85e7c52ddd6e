import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { policyOf } from "../access";

/** What a key is for. */
export interface KeyArgs {
  description: string;
  /**
   * What services may do with it, as statements of a policy; for everybody else, the account's IAM decides.
   * @default nothing
   */
  statements?: object[];
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A KMS key that AWS rotates each year. The account's IAM decides who may use it.
 * @see AWS KMS Developer Guide, "Default key policy"
 */
export function createKey(
  name: string,
  { description, statements = [], tags }: KeyArgs,
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): kms.Key {
  const { accountId } = getCallerIdentityOutput({}, { parent: opts.parent });
  const { partition } = getPartitionOutput({}, { parent: opts.parent });
  const account = {
    Effect: "Allow",
    Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  const policy = policyOf([account, ...statements]);
  return new kms.Key(name, { description, enableKeyRotation: true, policy, tags }, opts);
}
