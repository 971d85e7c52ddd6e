import { type ArchitectureProperty, Kind } from "../property";
import { rows } from "./rows";

const ec2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const autoScaling = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference";
const batch = "https://docs.aws.amazon.com/batch/latest/APIReference";

const isOnFargate = { path: "platformCapabilities[]", isOneOf: ["FARGATE"] };

/** Functions, virtual machines, and the services that put up machines of the user's choice: Batch, EMR, GameLift. */
export const computeProperties: ArchitectureProperty[] = [
  ...rows(
    {
      policy: "lambda-arm64",
      kind: Kind.Architecture,
      source: "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
    },
    { "aws:lambda/function:Function": [{ path: "architectures[]", missing: { write: '["arm64"]' } }] },
  ),
  ...rows(
    {
      policy: "lambda-arm64",
      kind: Kind.Architecture,
      source: "https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html",
    },
    // A layer that names no architecture is offered to functions of either.
    { "aws:lambda/layerVersion:LayerVersion": [{ path: "compatibleArchitectures[]", isAnyEnough: true }] },
  ),
  ...rows(
    {
      policy: "lambda-arm64",
      kind: Kind.Architecture,
      source:
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-capacityprovider-instancerequirements.html",
    },
    {
      "aws:lambda/capacityProvider:CapacityProvider": [
        { path: "instanceRequirements[].architectures[]", missing: { write: '["arm64"]' } },
      ],
    },
  ),
  ...rows(
    {
      policy: "lambda-arm64",
      kind: Kind.InstanceType,
      source: "https://docs.aws.amazon.com/lambda/latest/api/API_InstanceRequirements.html",
    },
    { "aws:lambda/capacityProvider:CapacityProvider": ["instanceRequirements[].allowedInstanceTypes[]"] },
  ),
  ...rows(
    {
      policy: "lambda-arm64",
      kind: Kind.Architecture,
      source: "https://docs.aws.amazon.com/lambda/latest/microvm-api/API_CpuConfiguration.html",
    },
    {
      "aws:lambda/microvmsImage:MicrovmsImage": ["cpuConfigurations[].architecture"],
      "aws:lambdamicrovms/image:Image": ["cpuConfigurations[].architecture"],
    },
  ),

  ...rows(
    { policy: "ec2-arm64", kind: Kind.InstanceType, source: `${ec2}/API_RunInstances.html` },
    {
      "aws:ec2/instance:Instance": [
        { path: "instanceType", missing: { unless: ["launchTemplate"], write: "a type such as m7g.large" } },
      ],
      "aws:ec2/spotInstanceRequest:SpotInstanceRequest": [
        { path: "instanceType", missing: { unless: ["launchTemplate"], write: "a type such as m7g.large" } },
      ],
    },
  ),
  ...rows(
    { policy: "ec2-arm64", kind: Kind.InstanceType, source: `${ec2}/API_RequestLaunchTemplateData.html` },
    // What uses the template can name the type, so a template without one is none of x86_64.
    {
      "aws:ec2/launchTemplate:LaunchTemplate": ["instanceType", "instanceRequirements.allowedInstanceTypes[]"],
    },
  ),
  ...rows(
    { policy: "ec2-arm64", kind: Kind.InstanceType, source: `${ec2}/API_FleetLaunchTemplateOverridesRequest.html` },
    {
      "aws:ec2/fleet:Fleet": [
        "launchTemplateConfigs[].overrides[].instanceType",
        "launchTemplateConfigs[].overrides[].instanceRequirements.allowedInstanceTypes[]",
      ],
    },
  ),
  ...rows(
    { policy: "ec2-arm64", kind: Kind.InstanceType, source: `${ec2}/API_SpotFleetRequestConfigData.html` },
    {
      "aws:ec2/spotFleetRequest:SpotFleetRequest": [
        "launchSpecifications[].instanceType",
        "launchTemplateConfigs[].overrides[].instanceType",
        "launchTemplateConfigs[].overrides[].instanceRequirements.allowedInstanceTypes[]",
      ],
    },
  ),
  ...rows(
    // With any maker allowed, the architecture of the machine image decides: absence is not x86_64.
    { policy: "ec2-arm64", kind: Kind.CpuManufacturer, source: `${ec2}/API_InstanceRequirementsRequest.html` },
    {
      "aws:ec2/launchTemplate:LaunchTemplate": ["instanceRequirements.cpuManufacturers[]"],
      "aws:ec2/fleet:Fleet": ["launchTemplateConfigs[].overrides[].instanceRequirements.cpuManufacturers[]"],
      "aws:ec2/spotFleetRequest:SpotFleetRequest": [
        "launchTemplateConfigs[].overrides[].instanceRequirements.cpuManufacturers[]",
      ],
    },
  ),
  ...rows(
    { policy: "ec2-arm64", kind: Kind.InstanceType, source: `${ec2}/API_CreateCapacityReservation.html` },
    { "aws:ec2/capacityReservation:CapacityReservation": ["instanceType"] },
  ),
  ...rows(
    { policy: "ec2-arm64", kind: Kind.InstanceType, source: `${ec2}/API_AllocateHosts.html` },
    { "aws:ec2/dedicatedHost:DedicatedHost": ["instanceFamily", "instanceType"] },
  ),
  ...rows(
    { policy: "ec2-arm64", kind: Kind.Architecture, source: `${ec2}/API_RegisterImage.html` },
    // AWS would take i386; the provider gives x86_64.
    { "aws:ec2/ami:Ami": [{ path: "architecture", missing: { write: "arm64" } }] },
  ),

  ...rows(
    { policy: "autoscaling-arm64", kind: Kind.InstanceType, source: `${autoScaling}/API_LaunchTemplateOverrides.html` },
    {
      "aws:autoscaling/group:Group": [
        "mixedInstancesPolicy.launchTemplate.overrides[].instanceType",
        "mixedInstancesPolicy.launchTemplate.overrides[].instanceRequirements.allowedInstanceTypes[]",
      ],
    },
  ),
  ...rows(
    {
      policy: "autoscaling-arm64",
      kind: Kind.CpuManufacturer,
      source: `${autoScaling}/API_InstanceRequirements.html`,
    },
    {
      "aws:autoscaling/group:Group": [
        "mixedInstancesPolicy.launchTemplate.overrides[].instanceRequirements.cpuManufacturers[]",
      ],
    },
  ),
  ...rows(
    {
      policy: "autoscaling-arm64",
      kind: Kind.InstanceType,
      source: `${autoScaling}/API_CreateLaunchConfiguration.html`,
    },
    { "aws:ec2/launchConfiguration:LaunchConfiguration": ["instanceType"] },
  ),

  ...rows(
    { policy: "batch-arm64", kind: Kind.InstanceType, source: `${batch}/API_ComputeResource.html` },
    { "aws:batch/computeEnvironment:ComputeEnvironment": ["computeResources.instanceTypes[]"] },
  ),
  ...rows(
    { policy: "batch-arm64", kind: Kind.Architecture, source: `${batch}/API_RuntimePlatform.html` },
    // Jobs on EC2 run on what their compute environment has.
    {
      "aws:batch/jobDefinition:JobDefinition": [
        {
          path: "containerProperties{}.runtimePlatform.cpuArchitecture",
          missing: { unless: ["ecsProperties"], when: isOnFargate, write: "ARM64" },
        },
        {
          path: "ecsProperties{}.taskProperties[].runtimePlatform.cpuArchitecture",
          missing: { unless: ["containerProperties"], when: isOnFargate, write: "ARM64" },
        },
        "nodeProperties{}.nodeRangeProperties[].container.runtimePlatform.cpuArchitecture",
        "nodeProperties{}.nodeRangeProperties[].ecsProperties.taskProperties[].runtimePlatform.cpuArchitecture",
      ],
    },
  ),
  ...rows(
    { policy: "batch-arm64", kind: Kind.InstanceType, source: `${batch}/API_ContainerProperties.html` },
    {
      "aws:batch/jobDefinition:JobDefinition": [
        "containerProperties{}.instanceType",
        "nodeProperties{}.nodeRangeProperties[].container.instanceType",
      ],
    },
  ),
  ...rows(
    { policy: "batch-arm64", kind: Kind.InstanceType, source: `${batch}/API_NodeRangeProperty.html` },
    { "aws:batch/jobDefinition:JobDefinition": ["nodeProperties{}.nodeRangeProperties[].instanceTypes[]"] },
  ),
  ...rows(
    {
      policy: "batch-arm64",
      kind: Kind.InstanceType,
      source: "https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_BatchContainerOverrides.html",
    },
    { "aws:pipes/pipe:Pipe": ["targetParameters.batchJobParameters.containerOverrides.instanceType"] },
  ),

  ...rows(
    {
      policy: "emr-arm64",
      kind: Kind.EmrInstanceType,
      source: "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-supported-instance-types.html",
    },
    {
      "aws:emr/cluster:Cluster": [
        "masterInstanceGroup.instanceType",
        "coreInstanceGroup.instanceType",
        "masterInstanceFleet.instanceTypeConfigs[].instanceType",
        "coreInstanceFleet.instanceTypeConfigs[].instanceType",
      ],
      "aws:emr/instanceGroup:InstanceGroup": ["instanceType"],
      "aws:emr/instanceFleet:InstanceFleet": ["instanceTypeConfigs[].instanceType"],
    },
  ),
  ...rows(
    {
      policy: "emr-serverless-arm64",
      kind: Kind.Architecture,
      source: "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/architecture.html",
    },
    { "aws:emrserverless/application:Application": [{ path: "architecture", missing: { write: "ARM64" } }] },
  ),
  ...rows(
    {
      policy: "gamelift-arm64",
      kind: Kind.InstanceType,
      source: "https://docs.aws.amazon.com/gamelift/latest/developerguide/gamelift-ec2-instances.html",
    },
    {
      "aws:gamelift/fleet:Fleet": ["ec2InstanceType"],
      "aws:gamelift/gameServerGroup:GameServerGroup": ["instanceDefinitions[].instanceType"],
    },
  ),
];
