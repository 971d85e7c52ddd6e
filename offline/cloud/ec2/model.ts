import { account, hexOf } from "../../engine/context";
import type { Graph } from "../../engine/graph";
import { partitionOf } from "../../engine/partition";
import { ownArn } from "../core/arns";
import {
  asList,
  asMap,
  asNumber,
  asStrings,
  asText,
  asTexts,
  hasType,
  ownResources,
  type Settings,
} from "../core/resources";

/** An instance as the program describes it. */
export interface InstanceDefinition {
  id: string;
  /** The resource's name. */
  name: string;
  arn: string;
  region: string;
  type: string;
  image: string;
  subnetId?: string;
  vpcId?: string;
  zone: string;
  privateIp: string;
  /** While it runs. */
  publicIp?: string;
  keyName?: string;
  profileArn?: string;
  securityGroupIds: string[];
  /** The kind of its Spot request; absent for On-Demand. */
  spot?: string;
  hibernates: boolean;
  /** `disableApiStop` and `disableApiTermination`. */
  mayNotBe: ("stopped" | "terminated")[];
  tags: Record<string, string>;
  /** The name of its Auto Scaling group, which replaces it once it stops. */
  group?: string;
}

/** An Auto Scaling group as the program describes it. */
export interface GroupDefinition {
  name: string;
  desired: number;
  /** @param number how many instances the group has launched before */
  launch(number: number): InstanceDefinition;
}

const INSTANCE = "aws:ec2/instance:Instance";
const GROUP = "aws:autoscaling/group:Group";

export function hasInstances(graph: Graph): boolean {
  return hasType(INSTANCE)(graph) || hasType(GROUP)(graph);
}

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/ec2/instance/ */
export function readInstances(graph: Graph): InstanceDefinition[] {
  return ownResources(graph, INSTANCE).map(({ name, urn, settings, resource: { inputs } }) => {
    const all = { ...templateOf(graph, asMap(settings.launchTemplate)), ...withoutEmpty(settings) };
    const id = asText(settings.id) ?? idOf(urn);
    const publicIp = inputs.associatePublicIpAddress === false ? undefined : asText(settings.publicIp);
    return { ...describe(graph, all, name, id), publicIp, tags: asStrings(settings.tagsAll ?? settings.tags) };
  });
}

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/autoscaling/group/ */
export function readGroups(graph: Graph): GroupDefinition[] {
  return ownResources(graph, GROUP).map(({ name: own, urn, settings, resource: { inputs } }) => {
    const name = asText(settings.name) ?? own;
    const subnets = asTexts(settings.vpcZoneIdentifiers);
    const template = templateOfGroup(graph, settings);
    const tags = { ...tagsOf(settings, template), "aws:autoscaling:groupName": name };
    return {
      name,
      // What a program omits is 0 in the outputs, but AWS's default is the minimum.
      desired: asNumber(inputs.desiredCapacity) ?? asNumber(settings.minSize) ?? 0,
      launch: (number) => {
        const subnetId = subnets[number % subnets.length];
        const all = { ...template, ...(subnetId && { subnetId }) };
        return { ...describe(graph, all, own, idOf(`${urn}/${number}`)), tags, group: name };
      },
    };
  });
}

function idOf(seed: string): string {
  return `i-${hexOf(seed, 17)}`;
}

/** What a program omits is missing, false or empty in the outputs. */
function withoutEmpty(settings: Settings): Settings {
  const isGiven = (value: unknown) =>
    Boolean(value) && (typeof value !== "object" || Object.keys(Object(value)).length > 0);
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => isGiven(value)));
}

/** The settings of a launch template that is named by its id or its name. */
function templateOf(graph: Graph, { id, name, launchTemplateId = id, launchTemplateName = name }: Settings): Settings {
  const wanted = [launchTemplateId, launchTemplateName].filter(Boolean);
  const found = ownResources(graph, "aws:ec2/launchTemplate:LaunchTemplate").find(({ settings }) =>
    wanted.some((one) => [settings.id, settings.name].includes(one)),
  );
  return withoutEmpty(found?.settings ?? {});
}

/** With a mixed instances policy, every instance has the first of its types. */
function templateOfGroup(graph: Graph, settings: Settings): Settings {
  const mixed = asMap(asMap(settings.mixedInstancesPolicy).launchTemplate);
  const [first] = asList(mixed.overrides);
  const template = templateOf(graph, {
    ...asMap(settings.launchTemplate),
    ...asMap(mixed.launchTemplateSpecification),
  });
  return { ...template, ...(first?.instanceType !== undefined && { instanceType: first.instanceType }) };
}

function tagsOf(group: Settings, template: Settings): Record<string, string> {
  const specifications = asList(template.tagSpecifications).filter(({ resourceType }) => resourceType === "instance");
  const propagated = asList(group.tags).filter(({ propagateAtLaunch }) => propagateAtLaunch === true);
  return Object.assign(
    {},
    ...specifications.map(({ tags }) => asStrings(tags)),
    ...propagated.map(({ key, value }) => asStrings({ [String(key)]: value })),
  );
}

function describe(graph: Graph, settings: Settings, name: string, id: string): InstanceDefinition {
  const { region } = graph;
  const [network = {}] = asList(settings.networkInterfaces);
  const subnetId = asText(settings.subnetId) ?? asText(network.subnetId);
  const subnet = ownResources(graph, "aws:ec2/subnet:Subnet").find(({ settings: { id: one } }) => one === subnetId);
  const market = asMap(settings.instanceMarketOptions);
  const image = asText(settings.ami) ?? asText(settings.imageId) ?? name;
  return {
    id,
    name,
    arn: ownArn("ec2", region, `instance/${id}`),
    region,
    type: asText(settings.instanceType) ?? "t4g.micro",
    // Such as `resolve:ssm:/aws/service/ami-amazon-linux-latest/…`.
    image: image.startsWith("ami-") ? image : `ami-${hexOf(image, 17)}`,
    subnetId,
    vpcId: asText(subnet?.settings.vpcId),
    zone: asText(settings.availabilityZone) ?? asText(subnet?.settings.availabilityZone) ?? `${region}a`,
    privateIp: asText(settings.privateIp) ?? `10.0.${addressOf(id)}`,
    keyName: asText(settings.keyName),
    profileArn: profileOf(region, settings.iamInstanceProfile),
    securityGroupIds: asTexts(settings.vpcSecurityGroupIds ?? network.securityGroups),
    spot: market.marketType === "spot" ? (asText(asMap(market.spotOptions).spotInstanceType) ?? "one-time") : undefined,
    hibernates: settings.hibernation === true || asMap(settings.hibernationOptions).configured === true,
    mayNotBe: [
      ...(settings.disableApiStop === true ? ["stopped" as const] : []),
      ...(settings.disableApiTermination === true ? ["terminated" as const] : []),
    ],
    tags: {},
  };
}

/** The last two numbers of an instance's address. */
function addressOf(id: string): string {
  return [2, 4].map((start) => (Number.parseInt(id.slice(start, start + 2), 16) % 250) + 4).join(".");
}

/** An instance names its profile; a launch template gives its ARN or its name. */
function profileOf(region: string, profile: unknown): string | undefined {
  const { arn, name = asText(profile) } = asMap(profile);
  if (name === undefined) return asText(arn);
  return asText(arn) ?? `arn:${partitionOf(region).partition}:iam::${account}:instance-profile/${name}`;
}
