import * as ec2 from "@pulumi/aws/ec2";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import { Vpc } from "@pulumi/awsx/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import { Mistakes } from "./validation";

/** How private subnets reach the Internet, for container images and AWS's own services. */
export const Nat = {
  /** Not at all: for endpoints of one's own. */
  None: "None",
  /** Through one gateway for all zones: it fails with its zone. */
  Single: "Single",
  /** Through one gateway for each zone. */
  OnePerZone: "OnePerAz",
} as const;
export type Nat = (typeof Nat)[keyof typeof Nat];

/** Arguments of {@link Network}. */
export interface NetworkArgs {
  /** A VPC that is there already; then `subnetIds` too, and nothing else. @default a new one */
  vpcId?: pulumi.Input<string>;
  /** Private subnets of that VPC, in two zones or more, with a way to ECR, CloudWatch Logs and ECS. */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Addresses of the new VPC, /16 to /24. @default "10.0.0.0/16" */
  cidrBlock?: string;
  /** Zones of the new VPC, 1–6. @default 2 */
  zones?: number;
  /** How its private subnets reach the Internet. @default "Single" */
  nat?: Nat;
  /** Tags of every resource that has them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Where machines run: a new VPC with public and private subnets, with free endpoints for S3 and DynamoDB so that their
 * traffic passes no NAT gateway, or a VPC that is there already.
 */
export class Network extends pulumi.ComponentResource {
  /** The VPC. */
  declare readonly vpcId: pulumi.Output<string>;
  /** Subnets without addresses on the Internet: where jobs belong. */
  declare readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Subnets with addresses on the Internet; none of a VPC that was there already. */
  declare readonly publicSubnetIds: pulumi.Output<string[]>;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: NetworkArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    checkNetwork(args).throwIfAny(Network, name);
    const known = { vpcId: undefined, privateSubnetIds: undefined, publicSubnetIds: undefined };
    super("pulumi-graviton:index:Network", name, opts?.urn ? known : {}, opts);
    if (opts?.urn) return;

    const vpc = args.vpcId === undefined ? this.createVpc(name, args) : undefined;
    this.vpcId = pulumi.output(vpc?.vpcId ?? args.vpcId ?? "");
    this.privateSubnetIds = pulumi.output(vpc?.privateSubnetIds ?? args.subnetIds ?? []);
    this.publicSubnetIds = pulumi.output(vpc?.publicSubnetIds ?? []);
    if (vpc) this.createEndpoints(name, vpc, args);

    const { vpcId, privateSubnetIds, publicSubnetIds } = this;
    this.registerOutputs({ vpcId, privateSubnetIds, publicSubnetIds });
  }

  private createVpc(name: string, { cidrBlock, zones = 2, nat = Nat.Single, tags }: NetworkArgs): Vpc {
    return new Vpc(
      name,
      {
        cidrBlock: cidrBlock ?? "10.0.0.0/16",
        numberOfAvailabilityZones: zones,
        natGateways: { strategy: nat },
        enableDnsHostnames: true,
        tags,
      },
      { parent: this },
    );
  }

  private createEndpoints(name: string, vpc: Vpc, { tags }: NetworkArgs): void {
    const { region } = getRegionOutput({}, { parent: this });
    const routeTableIds = vpc.routeTables.apply((tables) => tables.map(({ id }) => id));
    for (const service of ["s3", "dynamodb"]) {
      const serviceName = pulumi.interpolate`com.amazonaws.${region}.${service}`;
      const endpointArgs = { vpcId: vpc.vpcId, serviceName, vpcEndpointType: "Gateway", routeTableIds, tags };
      new ec2.VpcEndpoint(`${name}-${service}`, endpointArgs, { parent: this });
    }
  }
}

function checkNetwork({ vpcId, subnetIds, cidrBlock, zones, nat }: NetworkArgs): Mistakes {
  const mistakes = new Mistakes();
  const isThere = vpcId !== undefined;
  mistakes.check(isThere || subnetIds === undefined, "subnetIds", "is for a VPC that is there; write `vpcId` too");
  mistakes.check(!isThere || subnetIds !== undefined, "subnetIds", "is missing; write the VPC's private subnets");
  mistakes.check(
    !Array.isArray(subnetIds) || subnetIds.length > 0,
    "subnetIds",
    "is empty; write the VPC's private subnets, in two zones or more",
  );
  for (const [key, value] of Object.entries({ cidrBlock, zones, nat })) {
    mistakes.check(!isThere || value === undefined, key, "is for a new VPC; leave it out beside `vpcId`");
  }
  const [, size] = /^(?:\d{1,3}\.){3}\d{1,3}\/(\d+)$/.exec(cidrBlock ?? "10.0.0.0/16") ?? [];
  const fits = size !== undefined && Number(size) >= 16 && Number(size) <= 24;
  mistakes.check(fits, "cidrBlock", `is "${cidrBlock}"; write addresses such as 10.0.0.0/16, from /16 to /24`);
  mistakes.range(zones, "zones", 1, 6);
  mistakes.oneOf(nat, "nat", Nat);
  return mistakes;
}
