import type { Resource } from "../../../../offline/engine/graph";
import { inputsOf } from "../../../helpers/components/registered";

type Inputs = ReturnType<typeof inputsOf>;
type Request = Record<string, unknown>;

/** The request that the provider makes from a resource's inputs, whose names differ from the API's. */
export function requestOf(resource: Resource): [operation: string, request: Request] | undefined {
  const make = requests[resource.type];
  if (!make) return undefined;
  const [operation, request] = make(inputsOf(resource), String(resource.outputs.name));
  // Without undefined properties, as on the wire.
  return [operation, JSON.parse(JSON.stringify(request))];
}

const requests: Record<string, (inputs: Inputs, name: string) => [operation: string, request: Request]> = {
  "aws:emr/cluster:Cluster": (inputs, name) => ["RunJobFlow", runJobFlow(inputs, name)],
  "aws:emr/securityConfiguration:SecurityConfiguration": ({ configuration }, name) => [
    "CreateSecurityConfiguration",
    { Name: name, SecurityConfiguration: configuration },
  ],
  "aws:emr/instanceFleet:InstanceFleet": ({ clusterId, ...fleet }) => [
    "AddInstanceFleet",
    { ClusterId: clusterId, InstanceFleet: fleetOf(fleet, "TASK") },
  ],
  "aws:emr/instanceGroup:InstanceGroup": ({ clusterId, ...group }) => [
    "AddInstanceGroups",
    { JobFlowId: clusterId, InstanceGroups: [groupOf(group, "TASK")] },
  ],
  "aws:emr/managedScalingPolicy:ManagedScalingPolicy": ({ clusterId, computeLimits: [limits] }) => {
    const { maximumOndemandCapacityUnits, ...others } = limits;
    const ComputeLimits = {
      ...(capitals(others) as Request),
      MaximumOnDemandCapacityUnits: maximumOndemandCapacityUnits,
    };
    return ["PutManagedScalingPolicy", { ClusterId: clusterId, ManagedScalingPolicy: { ComputeLimits } }];
  },
};

function runJobFlow(inputs: Inputs, name: string): Request {
  const { ec2Attributes, tags, bootstrapActions, configurationsJson } = inputs;
  const scripts = bootstrapActions?.map(({ name: Name, path, args }: Inputs) => ({
    Name,
    ScriptBootstrapAction: { Path: path, Args: args ?? [] },
  }));
  return {
    Name: name,
    ReleaseLabel: inputs.releaseLabel,
    Applications: inputs.applications.map((Name: string) => ({ Name })),
    Instances: {
      ...instancesOf(inputs),
      KeepJobFlowAliveWhenNoSteps: inputs.keepJobFlowAliveWhenNoSteps,
      TerminationProtected: inputs.terminationProtection,
      UnhealthyNodeReplacement: inputs.unhealthyNodeReplacement,
      Ec2SubnetId: ec2Attributes.subnetId,
      Ec2SubnetIds: ec2Attributes.subnetIds,
      EmrManagedMasterSecurityGroup: ec2Attributes.emrManagedMasterSecurityGroup,
      EmrManagedSlaveSecurityGroup: ec2Attributes.emrManagedSlaveSecurityGroup,
      ServiceAccessSecurityGroup: ec2Attributes.serviceAccessSecurityGroup,
    },
    JobFlowRole: ec2Attributes.instanceProfile,
    ServiceRole: inputs.serviceRole,
    SecurityConfiguration: inputs.securityConfiguration,
    KerberosAttributes: capitals(inputs.kerberosAttributes),
    Configurations: configurationsJson && JSON.parse(configurationsJson),
    BootstrapActions: scripts,
    Steps: capitals(inputs.steps),
    StepConcurrencyLevel: inputs.stepConcurrencyLevel,
    AutoTerminationPolicy: capitals(inputs.autoTerminationPolicy),
    PlacementGroupConfigs: capitals(inputs.placementGroupConfigs),
    CustomAmiId: inputs.customAmiId,
    EbsRootVolumeSize: inputs.ebsRootVolumeSize,
    LogUri: inputs.logUri,
    LogEncryptionKmsKeyId: inputs.logEncryptionKmsKeyId,
    VisibleToAllUsers: true,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function instancesOf({ masterInstanceFleet, coreInstanceFleet, masterInstanceGroup, coreInstanceGroup }: Inputs) {
  return masterInstanceFleet
    ? { InstanceFleets: [fleetOf(masterInstanceFleet, "MASTER"), fleetOf(coreInstanceFleet, "CORE")] }
    : { InstanceGroups: [groupOf(masterInstanceGroup, "MASTER"), groupOf(coreInstanceGroup, "CORE")] };
}

function fleetOf({ instanceTypeConfigs, launchSpecifications, ...fleet }: Inputs, InstanceFleetType: string): Request {
  const { onDemandSpecifications, spotSpecifications } = launchSpecifications;
  return {
    ...(capitals(fleet) as Request),
    InstanceFleetType,
    InstanceTypeConfigs: instanceTypeConfigs.map(({ ebsConfigs, ...one }: Inputs) => ({
      ...(capitals(one) as Request),
      EbsConfiguration: ebsOf(ebsConfigs),
    })),
    LaunchSpecifications: {
      OnDemandSpecification: capitals(onDemandSpecifications?.[0]),
      SpotSpecification: capitals(spotSpecifications?.[0]),
    },
  };
}

function groupOf({ ebsConfigs, ...group }: Inputs, InstanceRole: string): Request {
  return { ...(capitals(group) as Request), InstanceRole, Market: "ON_DEMAND", EbsConfiguration: ebsOf(ebsConfigs) };
}

function ebsOf(volumes: Inputs[] = []): Request {
  const configs = volumes.map(({ size, type, iops, volumesPerInstance }) => ({
    VolumesPerInstance: volumesPerInstance,
    VolumeSpecification: { SizeInGB: size, VolumeType: type, Iops: iops },
  }));
  return { EbsBlockDeviceConfigs: configs };
}

/** The value with names that begin with a capital letter. */
function capitals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitals);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key.replace(/^./, (first) => first.toUpperCase()),
    capitals(inner),
  ]);
  return Object.fromEntries(entries);
}
