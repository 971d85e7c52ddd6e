import { asMap, asText, asTexts, type Settings } from "../core/resources";
import type { Cluster } from "./cluster";
import { idOf } from "./ids";
import { type Nodes, readConfigurations } from "./model";
import type { Step } from "./step";

/** A cluster as DescribeCluster shows it. @see https://docs.aws.amazon.com/emr/latest/APIReference/API_Cluster.html */
export function describeCluster(cluster: Cluster): object {
  const { settings, fleets, stepConcurrency, terminationProtected, autoTerminate } = cluster.definition;
  const { releaseLabel, logUri, serviceRole, autoscalingRole, securityConfiguration, scaleDownBehavior } = settings;
  return present({
    ...summarizeCluster(cluster),
    Ec2InstanceAttributes: describeEc2(asMap(settings.ec2Attributes)),
    InstanceCollectionType: fleets ? "INSTANCE_FLEET" : "INSTANCE_GROUP",
    LogUri: logUri,
    LogEncryptionKmsKeyId: settings.logEncryptionKmsKeyId,
    ReleaseLabel: releaseLabel,
    AutoTerminate: autoTerminate,
    TerminationProtected: terminationProtected,
    UnhealthyNodeReplacement: settings.unhealthyNodeReplacement,
    VisibleToAllUsers: settings.visibleToAllUsers ?? true,
    Applications: asTexts(settings.applications).map((Name) => ({ Name })),
    Tags: Object.entries(asMap(settings.tagsAll)).map(([Key, Value]) => ({ Key, Value: String(Value) })),
    ServiceRole: serviceRole,
    MasterPublicDnsName: settings.masterPublicDns,
    Configurations: readConfigurations(settings.configurationsJson ?? settings.configurations),
    SecurityConfiguration: securityConfiguration,
    AutoScalingRole: autoscalingRole,
    ScaleDownBehavior: scaleDownBehavior,
    CustomAmiId: settings.customAmiId,
    EbsRootVolumeSize: settings.ebsRootVolumeSize,
    OSReleaseLabel: settings.osReleaseLabel,
    StepConcurrencyLevel: stepConcurrency,
  });
}

/** A cluster as ListClusters shows it. */
export function summarizeCluster({ definition, state, createdAt, endedAt, ending }: Cluster): Settings {
  return {
    Id: definition.id,
    Name: definition.name,
    Status: {
      State: state,
      StateChangeReason: ending
        ? { Code: ending.code, Message: ending.message }
        : { Message: state === "RUNNING" ? "Running step" : "Cluster ready to run steps." },
      Timeline: { CreationDateTime: createdAt, ReadyDateTime: createdAt, EndDateTime: endedAt },
    },
    NormalizedInstanceHours: 0,
    ClusterArn: definition.arn,
  };
}

function describeEc2(attributes: Settings): object {
  const { additionalMasterSecurityGroups, additionalSlaveSecurityGroups } = attributes;
  const requested = asTexts(attributes.subnetIds);
  return present({
    Ec2KeyName: attributes.keyName,
    Ec2SubnetId: attributes.subnetId ?? requested[0],
    RequestedEc2SubnetIds: requested,
    IamInstanceProfile: attributes.instanceProfile,
    EmrManagedMasterSecurityGroup: attributes.emrManagedMasterSecurityGroup,
    EmrManagedSlaveSecurityGroup: attributes.emrManagedSlaveSecurityGroup,
    ServiceAccessSecurityGroup: attributes.serviceAccessSecurityGroup,
    AdditionalMasterSecurityGroups: (asText(additionalMasterSecurityGroups) ?? "").split(",").filter(Boolean),
    AdditionalSlaveSecurityGroups: (asText(additionalSlaveSecurityGroups) ?? "").split(",").filter(Boolean),
  });
}

/** A step as DescribeStep and ListSteps show it. @see https://docs.aws.amazon.com/emr/latest/APIReference/API_Step.html */
export function describeStep({ id, config, state, reason, failure, createdAt, startedAt, endedAt }: Step): object {
  const { name, actionOnFailure, jar, mainClass, args, properties, executionRoleArn } = config;
  return {
    Id: id,
    Name: name,
    Config: { Jar: jar, MainClass: mainClass, Args: args, Properties: properties },
    ActionOnFailure: actionOnFailure,
    Status: {
      State: state,
      StateChangeReason: reason === undefined ? {} : { Code: "NONE", Message: reason },
      FailureDetails: failure && {
        Reason: failure.reason,
        Message: (failure.exception ?? failure.output) || undefined,
        LogFile: failure.logFile,
      },
      Timeline: { CreationDateTime: createdAt, StartDateTime: startedAt, EndDateTime: endedAt },
    },
    ExecutionRoleArn: executionRoleArn,
  };
}

/** The instances of a cluster. @see https://docs.aws.amazon.com/emr/latest/APIReference/API_Instance.html */
export function describeInstances(cluster: Cluster, nodes: Nodes[]): Settings[] {
  return nodes.flatMap((one) => {
    const markets = [...Array(one.onDemand).fill("ON_DEMAND"), ...Array(one.spot).fill("SPOT")];
    return markets.map((market: string, index) => describeInstance(cluster, one, market, index));
  });
}

function describeInstance({ definition, endedAt, createdAt }: Cluster, nodes: Nodes, Market: string, index: number) {
  const seed = `${nodes.id} ${index}`;
  const position = definition.nodes.indexOf(nodes);
  const address = [10, 0, position, index + 10];
  return {
    Id: idOf("ci-", 13, seed),
    Ec2InstanceId: `i-${Buffer.from(idOf("", 9, seed))
      .toString("hex")
      .slice(0, 17)}`,
    PrivateDnsName: `ip-${address.join("-")}.ec2.internal`,
    PrivateIpAddress: address.join("."),
    Status: {
      State: endedAt === undefined ? "RUNNING" : "TERMINATED",
      StateChangeReason: {},
      Timeline: { CreationDateTime: createdAt, ReadyDateTime: createdAt },
    },
    ...(definition.fleets ? { InstanceFleetId: nodes.id } : { InstanceGroupId: nodes.id }),
    Market,
    InstanceType: nodes.instanceType,
    EbsVolumes: [],
  };
}

/** Without the empty texts that stand for omitted settings in the outputs. */
function present(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ""));
}
