import * as autoscaling from "@pulumi/aws/autoscaling";
import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../../access";
import { defaultTypes, type FleetGroupArgs, HealthCheck, type WorkerFleetArgs } from "./args";
import type { FleetIdentity } from "./identity";

/** What the machines are made with. */
export interface Surroundings {
  identity: FleetIdentity;
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The tags of the machines and their volumes. */
  tags: pulumi.Output<Record<string, string>>;
}

/** The newest Amazon Linux 2023, which EC2 looks up at each launch: a new image is no change to the template. */
const amazonLinux = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/**
 * The template that all machines are launched by. What AWS can change on a machine without a group is not in its
 * template, because a change of that replaces the machine.
 */
export function createTemplate(
  name: string,
  args: WorkerFleetArgs,
  { identity, securityGroupIds, tags }: Surroundings,
  opts: pulumi.CustomResourceOptions,
): ec2.LaunchTemplate {
  const { imageId = amazonLinux, instanceTypes = defaultTypes, userData, volumeSize = 30, kmsKeyArn } = args;
  const { metadataHopLimit = 1, monitoring = true } = args;
  const network = { deviceIndex: 0, associatePublicIpAddress: "false", securityGroups: securityGroupIds };
  const ofGroup = {
    networkInterfaces: [network],
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
  };
  return new ec2.LaunchTemplate(
    name,
    {
      description: `Instances of ${name}`,
      imageId,
      instanceType: instanceTypes[0],
      iamInstanceProfile: { arn: identity.profile.arn },
      userData: userData === undefined ? undefined : whenKnown(userData, toBase64),
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize, encrypted: "true", kmsKeyId: kmsKeyArn, deleteOnTermination: "true" },
        },
      ],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: metadataHopLimit,
      },
      monitoring: { enabled: monitoring },
      ...(args.group ? ofGroup : { instanceMarketOptions: args.spot ? restartableSpot : undefined }),
      tags: args.tags,
    },
    // A component that is renamed keeps its instances, which any change to the template would replace.
    { ...opts, ignoreChanges: ["description"] },
  );
}

/** Instances of one-time requests cannot be stopped. */
const restartableSpot = {
  marketType: "spot",
  spotOptions: { spotInstanceType: "persistent", instanceInterruptionBehavior: "stop" },
};

/** A computed text is undefined in many programs' own tests. */
function toBase64(text = ""): string {
  return Buffer.from(text).toString("base64");
}

/** The machines as an Auto Scaling group. */
export function createGroup(
  name: string,
  group: FleetGroupArgs,
  args: WorkerFleetArgs,
  template: ec2.LaunchTemplate,
  { identity, tags }: Surroundings,
  opts: pulumi.CustomResourceOptions,
): autoscaling.Group {
  const { minimum, maximum, desired, healthCheck = HealthCheck.Ec2, gracePeriod = 300 } = group;
  const { refresh = true, minimumHealthy = 90 } = group;
  const { subnetIds, instanceTypes = defaultTypes, spot = false } = args;
  // A number, so that the group notices a change.
  const version = pulumi.interpolate`${template.latestVersion}`;
  return new autoscaling.Group(
    name,
    {
      vpcZoneIdentifiers: subnetIds,
      minSize: minimum,
      maxSize: maximum,
      desiredCapacity: desired,
      healthCheckType: healthCheck,
      healthCheckGracePeriod: gracePeriod,
      capacityRebalance: spot,
      mixedInstancesPolicy: {
        launchTemplate: {
          launchTemplateSpecification: { launchTemplateId: template.id, version },
          overrides: instanceTypes.map((instanceType) => ({ instanceType })),
        },
        instancesDistribution: {
          onDemandPercentageAboveBaseCapacity: spot ? 0 : 100,
          onDemandAllocationStrategy: "prioritized",
          spotAllocationStrategy: "price-capacity-optimized",
        },
      },
      instanceRefresh: refresh
        ? { strategy: "Rolling", preferences: { minHealthyPercentage: minimumHealthy } }
        : undefined,
      enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"],
      // The instances have theirs from the template.
      tags: tags.apply((all) => Object.entries(all).map(([key, value]) => ({ key, value, propagateAtLaunch: false }))),
    },
    { ...opts, dependsOn: identity.policies },
  );
}

/** The machines without a group, in the subnets in turn. */
export function createInstances(
  name: string,
  { instances = 0, subnetIds }: WorkerFleetArgs,
  template: ec2.LaunchTemplate,
  { identity, securityGroupIds, tags }: Surroundings,
  opts: pulumi.CustomResourceOptions,
): ec2.Instance[] {
  const launchTemplate = { id: template.id, version: pulumi.interpolate`${template.latestVersion}` };
  return Array.from({ length: instances }, (_, index) => {
    const subnetId = pulumi.output(subnetIds).apply((ids = []) => ids[index % ids.length] ?? "");
    return new ec2.Instance(
      `${name}-${index}`,
      {
        launchTemplate,
        subnetId,
        associatePublicIpAddress: false,
        vpcSecurityGroupIds: securityGroupIds,
        tags,
        volumeTags: tags,
      },
      { ...opts, dependsOn: identity.policies },
    );
  });
}
