import * as ec2 from "@pulumi/aws/ec2";
import type * as types from "@pulumi/aws/types";
import type * as pulumi from "@pulumi/pulumi";

type Rule = types.input.ec2.SecurityGroupIngress;

/** The port of AWS's services. */
export const https = { protocol: "tcp", fromPort: 443, toPort: 443 };
const anything = { protocol: "-1", fromPort: 0, toPort: 0 };

/** All addresses of a VPC, including those added later. */
export function vpcCidrBlocks(vpcId: pulumi.Input<string>, opts: pulumi.InvokeOptions): pulumi.Output<string[]> {
  const { cidrBlockAssociations } = ec2.getVpcOutput({ id: vpcId }, opts);
  // A program's own tests often mock look-ups with empty results.
  return cidrBlockAssociations.apply((associations = []) => associations.map(({ cidrBlock }) => cidrBlock));
}

/** AWS cannot change a group's description: a component that is renamed keeps its groups, and what runs in them. */
export const fixedDescription = ["description"];

/** Arguments of {@link closedSecurityGroup}. */
export interface ClosedSecurityGroupArgs {
  vpcId: pulumi.Input<string>;
  /** Whose group it is; it stays as it was when the group was created. */
  description: string;
  /** Who is allowed in. @default nobody */
  ingress?: Rule[];
  /** Lets the group's members talk to each other, and says who they are. @default they may not */
  members?: string;
  /**
   * Empties the group before it is deleted: where a service adds its own rules, as EMR does, two groups name each other
   * and neither can be deleted. Such a group also needs `ignoreChanges` for what the service adds to. @default false
   */
  revokeRulesOnDelete?: boolean;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A security group that allows inbound traffic only as specified, and outbound only HTTPS and traffic within the VPC. */
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
    { ...opts, ignoreChanges: [...(opts.ignoreChanges ?? []), ...fixedDescription] },
  );
}
