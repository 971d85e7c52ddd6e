import type * as aws from "@pulumi/aws";
import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";

type Rule = aws.types.input.ec2.SecurityGroupIngress;

/** The port that AWS's services answer on. */
export const https = { protocol: "tcp", fromPort: 443, toPort: 443 };
const anything = { protocol: "-1", fromPort: 0, toPort: 0 };

/** All addresses of a VPC, those included that were added to it later. */
export function vpcCidrBlocks(vpcId: pulumi.Input<string>, opts: pulumi.InvokeOptions): pulumi.Output<string[]> {
  const { cidrBlockAssociations } = ec2.getVpcOutput({ id: vpcId }, opts);
  // A program's own tests often mock look-ups with nothing.
  return cidrBlockAssociations.apply((associations = []) => associations.map(({ cidrBlock }) => cidrBlock));
}

/** Arguments of {@link closedSecurityGroup}. */
export interface ClosedSecurityGroupArgs {
  vpcId: pulumi.Input<string>;
  /** Whose group it is. AWS cannot change it: with another one comes another group. */
  description: string;
  /** Who is let in. @default nobody */
  ingress?: Rule[];
  /** Lets the group's members talk to each other, and says who they are. @default they may not */
  members?: string;
  /**
   * Empties the group before it is deleted: where a service adds rules of its own, as EMR does, two groups name each
   * other and neither can go. Such a group also needs `ignoreChanges` of what the service adds to. @default false
   */
  revokeRulesOnDelete?: boolean;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A security group that lets nobody in but whom it is told to, and out HTTPS and what stays inside the VPC. */
export function closedSecurityGroup(
  name: string,
  { vpcId, description, ingress = [], members, revokeRulesOnDelete, tags }: ClosedSecurityGroupArgs,
  opts: pulumi.CustomResourceOptions,
): ec2.SecurityGroup {
  const between = members === undefined ? [] : [{ ...anything, self: true, description: members }];
  const cidrBlocks = vpcCidrBlocks(vpcId, { parent: opts.parent });
  return new ec2.SecurityGroup(
    name,
    {
      description,
      vpcId,
      ingress: [...ingress, ...between],
      egress: [
        { ...https, cidrBlocks: ["0.0.0.0/0"], description: "HTTPS, to AWS services" },
        { ...anything, cidrBlocks, description: "Inside the VPC" },
        ...between,
      ],
      revokeRulesOnDelete,
      tags,
    },
    opts,
  );
}
