import { type ArchitectureProperty, Kind } from "../property";
import { rows } from "./rows";

const ecs = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference";
const eks = "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html";
const codebuild = "https://docs.aws.amazon.com/codebuild/latest/userguide";

const isForManagedCapacity = {
  path: "requiresCompatibilities[]",
  isOneOf: ["FARGATE", "MANAGED_INSTANCES"],
  orMissing: true,
};

/** Container orchestration, and what builds images of containers and machines. */
export const containerProperties: ArchitectureProperty[] = [
  ...rows(
    { policy: "ecs-arm64", kind: Kind.Architecture, source: `${ecs}/API_RuntimePlatform.html` },
    // A task for EC2 alone runs on what its cluster has.
    {
      "aws:ecs/taskDefinition:TaskDefinition": [
        { path: "runtimePlatform.cpuArchitecture", missing: { when: isForManagedCapacity, write: "ARM64" } },
      ],
    },
  ),
  ...rows(
    { policy: "ecs-arm64", kind: Kind.InstanceType, source: `${ecs}/API_InstanceRequirementsRequest.html` },
    {
      "aws:ecs/capacityProvider:CapacityProvider": [
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.allowedInstanceTypes[]",
      ],
    },
  ),
  ...rows(
    { policy: "ecs-arm64", kind: Kind.CpuManufacturer, source: `${ecs}/API_InstanceRequirementsRequest.html` },
    // With any maker allowed, the task definition decides.
    {
      "aws:ecs/capacityProvider:CapacityProvider": [
        "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements.cpuManufacturers[]",
      ],
    },
  ),

  ...rows(
    { policy: "eks-arm64", kind: Kind.InstanceType, source: eks },
    {
      "aws:eks/nodeGroup:NodeGroup": [
        { path: "instanceTypes[]", missing: { unless: ["launchTemplate"], write: "a type such as m7g.large" } },
      ],
    },
  ),
  ...rows(
    // Without one, the instance types or the launch template's image decide.
    { policy: "eks-arm64", kind: Kind.AmiType, source: eks },
    { "aws:eks/nodeGroup:NodeGroup": ["amiType"] },
  ),
  ...rows(
    {
      policy: "eks-arm64",
      kind: Kind.NodePool,
      source: "https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html",
    },
    { "aws:eks/cluster:Cluster": ["computeConfig.nodePools[]"] },
  ),

  ...rows(
    {
      policy: "codebuild-arm64",
      kind: Kind.BuildEnvironment,
      source: `${codebuild}/build-env-ref-compute-types.html`,
    },
    {
      "aws:codebuild/project:Project": ["environment.type"],
      "aws:codebuild/fleet:Fleet": ["environmentType"],
    },
  ),
  ...rows(
    { policy: "codebuild-arm64", kind: Kind.InstanceType, source: `${codebuild}/build-env-ref-compute-types.html` },
    { "aws:codebuild/fleet:Fleet": ["computeConfiguration.instanceType"] },
  ),
  ...rows(
    { policy: "codebuild-arm64", kind: Kind.BuildImage, source: `${codebuild}/build-env-ref-available.html` },
    { "aws:codebuild/project:Project": ["environment.image"] },
  ),

  ...rows(
    {
      policy: "imagebuilder-arm64",
      kind: Kind.InstanceType,
      source: "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateInfrastructureConfiguration.html",
    },
    // Without any, Image Builder picks what fits the parent image.
    { "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": ["instanceTypes[]"] },
  ),
  ...rows(
    // Without one, the machine that builds decides.
    {
      policy: "container-image-arm64",
      kind: Kind.Platform,
      source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-multi-architecture-image.html",
    },
    {
      "docker-build:index:Image": [{ path: "platforms[]", isAnyEnough: true }],
      "docker:index/image:Image": ["build.platform"],
      "awsx:ecr:Image": ["platform"],
      "docker:index/registryImage:RegistryImage": ["build.platform"],
      "docker:index/remoteImage:RemoteImage": ["platform", "build.platform"],
    },
  ),
];
