import * as ec2 from "@pulumi/aws/ec2";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import type { Vpc } from "@pulumi/awsx/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import { fromAwsx } from "../awsx";
import { ComponentResource, onceReady } from "../resource";
import { Nat, type NetworkArgs } from "./args";
import { checkNetwork, gatewayServices } from "./checks";
import { endpointName } from "./rules/interfaceServices";
import { fixedDescription, https, vpcCidrBlocks } from "./securityGroup";

/**
 * The network that machines run in: a new VPC with public and private subnets, with free endpoints for S3 and DynamoDB
 * so that their traffic bypasses the NAT gateway, and a default security group that allows no traffic; or an existing
 * VPC.
 */
export class Network extends ComponentResource<NetworkArgs, Network> {
  /** The VPC. */
  declare readonly vpcId: pulumi.Output<string>;
  /** Subnets without public addresses, for jobs. They become available when the endpoints are ready. */
  declare readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Subnets with public addresses; none in an existing VPC. */
  declare readonly publicSubnetIds: pulumi.Output<string[]>;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: NetworkArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["vpcId", "privateSubnetIds", "publicSubnetIds"] as const;
    super({ type: "Network", rules: checkNetwork, outputs }, name, args, opts);
  }

  protected create(name: string, args: NetworkArgs): void {
    const vpc = args.vpcId === undefined ? this.createVpc(name, args) : undefined;
    const vpcId = pulumi.output(vpc?.vpcId ?? args.vpcId ?? "");
    this.set({ vpcId, publicSubnetIds: pulumi.output(vpc?.publicSubnetIds ?? []) });
    if (vpc) this.closeDefaultGroup(name, args);
    const subnetIds = pulumi.output(vpc?.privateSubnetIds ?? args.subnetIds ?? []);
    const routeTableIds = vpc?.routeTables.apply((tables = []) => tables.map(({ id }) => id)) ?? args.routeTableIds;
    const endpoints = [
      ...(routeTableIds ? this.createGatewayEndpoints(name, routeTableIds, args) : []),
      ...(args.interfaceEndpoints?.length ? this.createInterfaceEndpoints(name, subnetIds, args) : []),
    ];
    const routes = vpc && args.nat === Nat.Regional ? this.createRegionalNat(name, vpc, args) : [];
    if (args.nat === Nat.None && !args.interfaceEndpoints) this.warnOfNoWayOut(name);
    // Resources in the subnets are created after the endpoints and routes, and deleted before them.
    this.set({ privateSubnetIds: onceReady(subnetIds, [...endpoints, ...routes]) });
  }

  private createVpc(name: string, args: NetworkArgs): Vpc {
    const { cidrBlock = "10.0.0.0/16", zones = 2, zoneNames, nat = Nat.Single, privateSubnetTags, tags } = args;
    const awsx = fromAwsx(
      "A network with a new VPC",
      () => require("@pulumi/awsx/ec2/vpc") as typeof import("@pulumi/awsx/ec2/vpc"),
    );
    return new awsx.Vpc(
      name,
      {
        cidrBlock,
        ...(zoneNames ? { availabilityZoneNames: zoneNames } : { numberOfAvailabilityZones: zones }),
        natGateways: { strategy: nat === Nat.Regional ? Nat.None : nat },
        // A specification of the public subnets, even an empty one, would make them as large as the private ones.
        subnetStrategy: "AutoMerge",
        subnetSpecs: [{ type: "Private", tags: privateSubnetTags }],
        enableDnsHostnames: true,
        tags,
      },
      this.guarded(),
    );
  }

  /**
   * What awsx lacks: a gateway that is in no subnet. Its routes cover all addresses in two halves, as a route table cannot
   * have two routes to the same addresses: those of the gateways that it replaces are there until the update's end.
   */
  private createRegionalNat(name: string, vpc: Vpc, { zones = 2, zoneNames, tags }: NetworkArgs): ec2.Route[] {
    const { id: natGatewayId } = new ec2.NatGateway(
      name,
      { vpcId: this.vpcId, availabilityMode: "regional", tags },
      { parent: this, dependsOn: vpc.internetGateway },
    );
    const tableIds = privateRouteTableIds(vpc);
    return Array.from({ length: zoneNames?.length ?? zones }, (_, index) => {
      const routeTableId = tableIds.apply((ids) => ids[index] ?? "");
      return ["0.0.0.0/1", "128.0.0.0/1"].map((destinationCidrBlock, half) => {
        const routeName = `${name}-nat-${index + 1}-${half + 1}`;
        return new ec2.Route(routeName, { routeTableId, destinationCidrBlock, natGatewayId }, { parent: this });
      });
    }).flat();
  }

  /** Resources that name no security group get the default one. @see AWS Security Hub, EC2.2 */
  private closeDefaultGroup(name: string, { tags }: NetworkArgs): void {
    new ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: this.vpcId, tags }, { parent: this });
  }

  private warnOfNoWayOut(name: string): void {
    const message =
      `Network "${name}" has neither NAT nor interface endpoints: machines in it reach only S3 and DynamoDB, and ` +
      "cannot start containers. Write the endpoints that they need in `interfaceEndpoints`, or [] if this is intended.";
    pulumi.log.warn(message, this);
  }

  private createGatewayEndpoints(
    name: string,
    routeTableIds: pulumi.Input<pulumi.Input<string>[]>,
    { tags }: NetworkArgs,
  ): ec2.VpcEndpoint[] {
    return gatewayServices.map((service) =>
      this.createEndpoint(name, service, { vpcEndpointType: "Gateway", routeTableIds, tags }),
    );
  }

  private createInterfaceEndpoints(
    name: string,
    subnetIds: pulumi.Output<string[]>,
    { interfaceEndpoints = [], tags }: NetworkArgs,
  ): ec2.VpcEndpoint[] {
    const cidrBlocks = vpcCidrBlocks(this.vpcId, { parent: this });
    const group = new ec2.SecurityGroup(
      `${name}-endpoints`,
      {
        description: `Interface endpoints of ${name}`,
        vpcId: this.vpcId,
        ingress: [{ ...https, cidrBlocks, description: "HTTPS, from inside the VPC" }],
        egress: [],
        tags,
      },
      { parent: this, ignoreChanges: fixedDescription },
    );
    const common = { vpcEndpointType: "Interface", subnetIds, securityGroupIds: [group.id], privateDnsEnabled: true };
    return interfaceEndpoints.map((service) => this.createEndpoint(name, service, { ...common, tags }));
  }

  private createEndpoint(name: string, service: string, args: Omit<ec2.VpcEndpointArgs, "vpcId">): ec2.VpcEndpoint {
    const { region } = getRegionOutput({}, { parent: this });
    const serviceName = region.apply((known) => endpointName(service, known));
    return new ec2.VpcEndpoint(`${name}-${service}`, { vpcId: this.vpcId, serviceName, ...args }, { parent: this });
  }
}

/** The route table of each private subnet. awsx lists one for each of its subnets, in the same order. */
function privateRouteTableIds({ subnets, routeTables, privateSubnetIds }: Vpc): pulumi.Output<(string | undefined)[]> {
  const idsOf = (resources: pulumi.Output<pulumi.CustomResource[]>) =>
    resources.apply((all = []) => pulumi.all(all.map(({ id }) => id)));
  return pulumi
    .all([idsOf(subnets), idsOf(routeTables), privateSubnetIds])
    .apply(([ids, tableIds, privateIds = []]) => privateIds.map((id) => tableIds[ids.indexOf(id)]));
}
