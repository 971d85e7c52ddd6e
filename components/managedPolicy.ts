import { getPartitionOutput } from "@pulumi/aws/getPartition";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";

/**
 * Gives a role one of AWS's own policies.
 * @param policy its name, with its path if it has one: `service-role/AmazonEC2ContainerServiceforEC2Role`
 */
export function attachManagedPolicy(
  name: string,
  role: iam.Role,
  policy: string,
  opts: pulumi.CustomResourceOptions,
): iam.RolePolicyAttachment {
  const { partition } = getPartitionOutput({}, { parent: opts.parent });
  const policyArn = pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}`;
  return new iam.RolePolicyAttachment(name, { role: role.name, policyArn }, opts);
}
