import * as batch from "@pulumi/aws/batch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { trustPolicy } from "../access";
import { graviton5Families, gravitonFamilies } from "../graviton/families";
import { Workload } from "../graviton/workload";
import { attachManagedPolicy } from "../managedPolicy";
import { closedSecurityGroup } from "../network/securityGroup";
import type { ComputeEnvironmentArgs, GravitonBatchArgs } from "./args";
import { AllocationStrategy, ComputeType } from "./args";
import { retriedDeletion } from "./deletion";

/** The resources that machines need. */
export interface Surroundings {
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The instances' profile; Fargate has none. */
  instanceProfile?: iam.InstanceProfile;
  /** Resources that must exist from before the first machine starts until the last one is gone. */
  dependsOn: pulumi.Resource[];
}

export function isFargate({ type }: ComputeEnvironmentArgs): boolean {
  return type === ComputeType.Fargate || type === ComputeType.FargateSpot;
}

export function isSpot({ type }: ComputeEnvironmentArgs): boolean {
  return type === ComputeType.Spot || type === ComputeType.FargateSpot;
}

/** Whether jobs run on Fargate; if so, all of the queue's environments do. */
export function runsOnFargate({ environments }: GravitonBatchArgs): boolean {
  return environments.some(isFargate);
}

/** The families that an environment gets without `instanceTypes`. */
export function familiesOf({ workload = Workload.General, graviton5 }: ComputeEnvironmentArgs): readonly string[] {
  return (graviton5 ? graviton5Families : gravitonFamilies)[workload];
}

/** The part of an environment's name after the component's name. */
export function environmentName({ name, type }: ComputeEnvironmentArgs): string {
  return name ?? type.toLowerCase().replace("_", "-");
}

/** The machines' own security group, in which the nodes of multi-node jobs can communicate. */
export function createSecurityGroup(
  name: string,
  vpcId: pulumi.Input<string>,
  { jobs, tags }: GravitonBatchArgs,
  opts: pulumi.CustomResourceOptions,
): ec2.SecurityGroup {
  const haveNodes = Object.values(jobs).some(({ nodes }) => nodes !== undefined);
  const members = haveNodes ? "Nodes of one job" : undefined;
  return closedSecurityGroup(
    name,
    { vpcId, description: `Machines that run the jobs of ${name}`, members, tags },
    opts,
  );
}

/** The role and profile of ECS container instances. @see AWS Batch User Guide, "Amazon ECS instance role" */
export function createInstanceProfile(
  name: string,
  { permissionsBoundary, tags }: GravitonBatchArgs,
  opts: pulumi.CustomResourceOptions,
): { instanceProfile: iam.InstanceProfile; attachment: iam.RolePolicyAttachment } {
  const assumeRolePolicy = trustPolicy("ec2.amazonaws.com");
  const role = new iam.Role(`${name}-instance`, { assumeRolePolicy, permissionsBoundary, tags }, opts);
  const policy = "service-role/AmazonEC2ContainerServiceforEC2Role";
  const attachment = attachManagedPolicy(`${name}-instance`, role, policy, opts);
  const instanceProfile = new iam.InstanceProfile(`${name}-instance`, { role: role.name, tags }, opts);
  return { instanceProfile, attachment };
}

/**
 * One environment. It names no service role, so Batch uses its service-linked role, and creates it if the account has
 * none yet. Batch can update an environment in place only with that role, and the role cannot be changed later. The
 * environment's name is not fixed either, so that a replacement is created and added to the queue before the old one is
 * deleted, which is tried until Batch allows it.
 * @see AWS Batch API, UpdateComputeEnvironment
 */
export function createEnvironment(
  name: string,
  environment: ComputeEnvironmentArgs,
  { subnetIds, tags }: GravitonBatchArgs,
  around: Surroundings,
  opts: pulumi.CustomResourceOptions,
): batch.ComputeEnvironment {
  const ownName = `${name}-${environmentName(environment)}`;
  const { type, maxVcpus, instanceUpdate } = environment;
  const onInstances = isFargate(environment)
    ? undefined
    : instanceResources(environment, createLaunchTemplate(ownName, environment, around, tags, opts), around, tags);
  return new batch.ComputeEnvironment(
    ownName,
    {
      type: "MANAGED",
      state: "ENABLED",
      // Instances get their security groups from the launch template.
      computeResources: {
        type,
        maxVcpus,
        subnets: subnetIds,
        ...(onInstances ?? { securityGroupIds: around.securityGroupIds }),
      },
      updatePolicy: onInstances && {
        terminateJobsOnUpdate: instanceUpdate?.terminateJobs ?? false,
        jobExecutionTimeoutMinutes: instanceUpdate?.timeoutMinutes ?? 30,
      },
      tags,
    },
    { ...opts, dependsOn: around.dependsOn, hooks: retriedDeletion() },
  );
}

function instanceResources(
  environment: ComputeEnvironmentArgs,
  template: ec2.LaunchTemplate,
  { instanceProfile }: Surroundings,
  tags: GravitonBatchArgs["tags"],
) {
  const { minVcpus = 0, instanceTypes, imageId } = environment;
  const spot = isSpot(environment);
  const strategy = spot ? AllocationStrategy.SpotPriceCapacityOptimized : AllocationStrategy.BestFitProgressive;
  return {
    minVcpus,
    instanceTypes: instanceTypes ?? [...familiesOf(environment)],
    allocationStrategy: environment.allocationStrategy ?? strategy,
    bidPercentage: environment.bidPercentage,
    placementGroup: environment.placementGroup,
    ec2Configurations: [{ imageType: "ECS_AL2023", imageIdOverride: imageId }],
    instanceRole: instanceProfile?.arn,
    // A number, because Batch resolves `$Latest` again only when something else changes.
    launchTemplate: { launchTemplateId: template.id, version: pulumi.interpolate`${template.latestVersion}` },
    tags,
  };
}

function createLaunchTemplate(
  name: string,
  { volumeSize = 30 }: ComputeEnvironmentArgs,
  { securityGroupIds }: Surroundings,
  tags: GravitonBatchArgs["tags"],
  opts: pulumi.CustomResourceOptions,
): ec2.LaunchTemplate {
  return new ec2.LaunchTemplate(
    name,
    {
      description: `Instances of ${name}`,
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      // Jobs use the host's network, so one hop reaches them and whatever they start; their permissions come from their
      // role.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      networkInterfaces: [{ deviceIndex: 0, associatePublicIpAddress: "false", securityGroups: securityGroupIds }],
      tagSpecifications: tags && [{ resourceType: "volume", tags }],
      tags,
    },
    // A component that is renamed keeps its instances, which any change to the template would replace.
    { ...opts, ignoreChanges: ["description"] },
  );
}
