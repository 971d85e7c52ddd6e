import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { closedSecurityGroup, fixedDescription } from "../../network/securityGroup";
import type { EmrClusterArgs } from "./args";

/** The security groups of a cluster in private subnets. */
export interface SecurityGroups {
  primary: ec2.SecurityGroup;
  /** For core and task nodes. */
  core: ec2.SecurityGroup;
  /** For the network interfaces through which EMR reaches the nodes. */
  service: ec2.SecurityGroup;
}

/**
 * The tags that AmazonEMRServicePolicy_v2 looks for on the cluster, its security groups and its subnets.
 * @see Amazon EMR Management Guide, "Tagging resources to use managed policies"
 */
export function managedTags({ tags }: EmrClusterArgs): pulumi.Output<Record<string, string>> {
  const managed: Record<string, string> = { "for-use-with-amazon-emr-managed-policies": "true" };
  return pulumi.output(tags).apply((own) => ({ ...own, ...managed }));
}

/**
 * EMR itself adds the rules that let the nodes talk to each other, and its service to them: the nodes' groups must
 * begin without such rules, and those that it adds are left alone. The rules of the service's group are known, so EMR
 * has nothing to add.
 * @see Amazon EMR Management Guide, "Working with Amazon EMR-managed security groups"
 */
export function createSecurityGroups(
  name: string,
  args: EmrClusterArgs,
  opts: pulumi.CustomResourceOptions,
): SecurityGroups {
  const { vpcId } = args;
  const tags = managedTags(args);
  const nodes = (kind: string, description: string) =>
    closedSecurityGroup(
      `${name}-${kind}`,
      { vpcId, description, revokeRulesOnDelete: true, tags },
      { ...opts, ignoreChanges: ["ingress"] },
    );
  const primary = nodes("primary", `Primary nodes of ${name}`);
  const core = nodes("core", `Core and task nodes of ${name}`);
  const tcp = (port: number) => ({ protocol: "tcp", fromPort: port, toPort: port });
  const service = new ec2.SecurityGroup(
    `${name}-service`,
    {
      description: `Way of EMR to the nodes of ${name}`,
      vpcId,
      ingress: [{ ...tcp(9443), securityGroups: [primary.id], description: "Primary nodes that report to EMR" }],
      egress: [{ ...tcp(8443), securityGroups: [primary.id, core.id], description: "Agents of EMR on the nodes" }],
      revokeRulesOnDelete: true,
      tags,
    },
    { ...opts, ignoreChanges: fixedDescription },
  );
  return { primary, core, service };
}
