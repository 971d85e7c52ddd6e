import { architectureRule, ofKind } from "./rule";

const requirementsPage =
  "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_InstanceRequirementsRequest.html";
const requirements = "managedInstancesProvider.instanceLaunchTemplate.instanceRequirements";

const isForManagedCapacity = {
  path: "requiresCompatibilities[]",
  isOneOf: ["FARGATE", "MANAGED_INSTANCES"],
  orMissing: true,
};

const ecs = architectureRule({
  name: "ecs-arm64",
  description: "ECS tasks and their capacity use ARM64.",
  severity: "high",
  tags: ["arm64", "containers"],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html",
  remediationSteps:
    'Write runtimePlatform: { cpuArchitecture: "ARM64" }, and build the images for arm64. ECS does not run Windows ' +
    "on arm64: exempt Windows tasks.",
  properties: [
    // A task for EC2 only runs on its cluster's instances.
    ofKind("architecture", "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html", {
      "aws:ecs/taskDefinition:TaskDefinition": [
        { path: "runtimePlatform.cpuArchitecture", missing: { when: isForManagedCapacity, write: "ARM64" } },
      ],
    }),
    ofKind("instanceType", requirementsPage, {
      "aws:ecs/capacityProvider:CapacityProvider": [`${requirements}.allowedInstanceTypes[]`],
    }),
    // If any manufacturer is allowed, the task definition decides.
    ofKind("cpuManufacturer", requirementsPage, {
      "aws:ecs/capacityProvider:CapacityProvider": [`${requirements}.cpuManufacturers[]`],
    }),
  ],
});

const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";
const nodeGroupPage = "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html";

const eks = architectureRule({
  name: "eks-arm64",
  description: "EKS node groups run on Graviton.",
  severity: "high",
  tags: ["arm64", "containers"],
  url: "https://docs.aws.amazon.com/eks/latest/userguide/eks-optimized-ami.html",
  remediationSteps: "Use Graviton types and an ARM_64 AMI type, such as AL2023_ARM_64_STANDARD.",
  properties: [
    ofKind("instanceType", nodeGroupPage, {
      [nodeGroupType]: [
        { path: "instanceTypes[]", missing: { unless: ["launchTemplate"], write: "a type such as m7g.large" } },
      ],
    }),
    // If it is missing, the instance types or the launch template's image decide.
    ofKind("amiType", nodeGroupPage, { [nodeGroupType]: ["amiType"] }),
    ofKind("nodePool", "https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html", {
      "aws:eks/cluster:Cluster": ["computeConfig.nodePools[]"],
    }),
  ],
  machines: { [nodeGroupType]: { launchTemplates: ["launchTemplate"] } },
});

const computePage = "https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html";

const codebuild = architectureRule({
  name: "codebuild-arm64",
  description: "CodeBuild builds on Graviton.",
  severity: "high",
  tags: ["arm64", "containers"],
  url: computePage,
  remediationSteps: "Use ARM_CONTAINER and an aarch64 image, so that native builds target arm64.",
  properties: [
    ofKind("buildEnvironment", computePage, {
      "aws:codebuild/project:Project": ["environment.type"],
      "aws:codebuild/fleet:Fleet": ["environmentType"],
    }),
    ofKind("instanceType", computePage, { "aws:codebuild/fleet:Fleet": ["computeConfiguration.instanceType"] }),
    ofKind("buildImage", "https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html", {
      "aws:codebuild/project:Project": ["environment.image"],
    }),
  ],
});

const imageBuilder = architectureRule({
  name: "imagebuilder-arm64",
  description: "Image Builder builds on Graviton.",
  severity: "medium",
  tags: ["arm64", "containers"],
  url: "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-infra-config.html",
  remediationSteps: "Use Graviton types and a parent image for arm64.",
  properties: [
    // If there are none, Image Builder picks a type that suits the parent image.
    ofKind(
      "instanceType",
      "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateInfrastructureConfiguration.html",
      { "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": ["instanceTypes[]"] },
    ),
  ],
});

const pushPage = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-multi-architecture-image.html";

const ofBuilder = { means: "the architecture of the machine that builds the image", write: "linux/arm64" };
const builtIfGiven = { path: "build.platform", missing: { ...ofBuilder, given: "build.context" } };

const containerImage = architectureRule({
  name: "container-image-arm64",
  description: "Container images are built for linux/arm64.",
  severity: "high",
  tags: ["arm64", "containers"],
  url: pushPage,
  remediationSteps:
    "Build for linux/arm64, alone or together with other platforms. Lambda accepts only single-platform images.",
  properties: [
    ofKind("platform", pushPage, {
      "docker-build:index:Image": [
        { path: "platforms[]", isAnyEnough: true, missing: { ...ofBuilder, write: '["linux/arm64"]' } },
      ],
      "docker:index/image:Image": [{ path: "build.platform", missing: ofBuilder }],
      // The Pulumi CLI shows a pack this component without its inputs, and the docker-build Image created from them.
      "awsx:ecr:Image": [{ path: "platform", missing: { ...ofBuilder, given: "repositoryUrl" } }],
      "docker:index/registryImage:RegistryImage": [builtIfGiven],
      // An image that is only pulled is for the Docker host, whose architecture is not known.
      "docker:index/remoteImage:RemoteImage": ["platform", builtIfGiven],
    }),
  ],
});

export const containerRules = [ecs, eks, codebuild, imageBuilder, containerImage];
