import { hexOf } from "../../context";
import { type Get, Part, type Template, type Templates } from "../templates";

/** An account has one default VPC in each region, with a subnet in each of three zones. */
export const defaultVpc = (region: string) => `vpc-${hexOf(`default/${region}`, 17)}`;
export const zones = (region: string) => ["a", "b", "c"].map((letter) => `${region}${letter}`);
export const defaultSubnets = (region: string) => zones(region).map((zone) => `subnet-${hexOf(`default/${zone}`, 17)}`);

/** What `awsx.ec2.DefaultVpc` finds: all its subnets are public. */
export const defaultVpcTemplates: Templates = {
  vpcId: (_get, _input, region) => defaultVpc(region),
  publicSubnetIds: (_get, _input, region) => defaultSubnets(region),
  privateSubnetIds: [],
};

type Kind = "public" | "private" | "isolated";

interface Subnet {
  kind: Kind;
  suffix: string;
  zone: string;
  zoneIndex: number;
  cidrBlock?: string;
}

interface Spec {
  type: string;
  name?: string;
  cidrBlocks?: string[];
}

const kinds: Kind[] = ["public", "private", "isolated"];

/** The specified subnets in each zone, public ones first. */
function subnetsOf(get: Get): Subnet[] {
  const names = get("availabilityZoneNames") as string[] | undefined;
  const count = Number(get("numberOfAvailabilityZones") ?? 3);
  const zones = names ?? [..."abcdef"].slice(0, count).map((letter) => `{region}${letter}`);
  return zones.flatMap((zone, zoneIndex) =>
    kinds.flatMap((kind) =>
      specsOf(get)
        .filter(({ type }) => type.toLowerCase() === kind)
        .map(({ name = kind, cidrBlocks }): Subnet => {
          const cidrBlock = cidrBlocks?.[zoneIndex];
          return { kind, suffix: `-${name}-${zoneIndex + 1}`, zone, zoneIndex, ...(cidrBlock && { cidrBlock }) };
        }),
    ),
  );
}

const standard: Spec[] = [{ type: "Private" }, { type: "Public" }];

/** The strategy "AutoMerge" adds to the usual public and private subnets; every other one replaces them. */
function specsOf(get: Get): Spec[] {
  const specs = get("subnetSpecs") as Spec[] | undefined;
  if (!specs) return standard;
  const isGiven = ({ type }: Spec) => specs.some((spec) => spec.type.toLowerCase() === type.toLowerCase());
  return get("subnetStrategy") === "AutoMerge" ? [...standard.filter((spec) => !isGiven(spec)), ...specs] : specs;
}

/** The indexes of the zones with a NAT gateway. */
function gatewayZones(get: Get, input: Get): number[] {
  const { strategy = "OnePerAz" } = (input("natGateways") ?? {}) as { strategy?: string };
  if (strategy.toLowerCase() === "none") return [];
  const subnets = subnetsOf(get);
  const zonesOf = (kind: Kind) => subnets.filter((subnet) => subnet.kind === kind).map(({ zoneIndex }) => zoneIndex);
  const zones = [...new Set(zonesOf("public"))];
  if (zones.length === 0 || zonesOf("private").length === 0) {
    throw new Error(
      `The NAT gateway strategy "${strategy}" needs public and private subnets: specify both, or the strategy "None".`,
    );
  }
  return strategy.toLowerCase() === "single" ? zones.slice(0, 1) : zones;
}

const ec2 = (type: string) => `aws:ec2/${type}:${type.charAt(0).toUpperCase()}${type.slice(1)}`;

/** A resource of that type for each subnet of these kinds. */
const ofSubnets =
  (type: string, inputsOf: (subnet: Subnet) => Templates, wanted: Kind[] = kinds) =>
  (get: Get): Template[] =>
    subnetsOf(get)
      .filter(({ kind }) => wanted.includes(kind))
      .map((subnet) => new Part(ec2(type), subnet.suffix, inputsOf(subnet)));

const subnets = (...wanted: Kind[]) =>
  ofSubnets(
    "subnet",
    ({ zone, cidrBlock }) => ({ vpcId: "{vpcId}", availabilityZone: zone, ...(cidrBlock && { cidrBlock }) }),
    wanted,
  );

const ofZones = (type: string) => (get: Get, input: Get) =>
  gatewayZones(get, input).map((index) => new Part(ec2(type), `-${index + 1}`));

/**
 * What `awsx.ec2.Vpc` creates.
 * @see https://www.pulumi.com/docs/iac/clouds/aws/guides/vpc/
 */
export const vpcTemplates: Templates = {
  vpc: (get) => new Part(ec2("vpc"), "", { cidrBlock: String(get("cidrBlock") ?? "10.0.0.0/16") }, "{vpcId}"),
  subnets: subnets(...kinds),
  publicSubnets: subnets("public"),
  privateSubnets: subnets("private"),
  isolatedSubnets: subnets("isolated"),
  publicSubnetIds: (get) => get("publicSubnets") as string[],
  privateSubnetIds: (get) => get("privateSubnets") as string[],
  isolatedSubnetIds: (get) => get("isolatedSubnets") as string[],
  subnetLayout: (get) => specsOf(get).map(({ type }) => ({ type })),
  routeTables: ofSubnets("routeTable", () => ({ vpcId: "{vpcId}" })),
  // Every inner resource costs a program time, and these are useless to it.
  routes: [],
  routeTableAssociations: [],
  natGateways: ofZones("natGateway"),
  eips: (get, input) => {
    const { elasticIpAllocationIds: own = [] } = (input("natGateways") ?? {}) as { elasticIpAllocationIds?: string[] };
    return own.length > 0 ? [] : ofZones("eip")(get, input);
  },
  vpcEndpoints: (get) =>
    ((get("vpcEndpointSpecs") ?? []) as { serviceName: string }[]).map(
      ({ serviceName }) => new Part(ec2("vpcEndpoint"), `-${serviceName}`, { serviceName, vpcId: "{vpcId}" }),
    ),
};
