import { account, hexOf } from "../../engine/context";
import { partitionOf } from "../../engine/partition";
import { listTags } from "../core/tags";
import { CODES, type Instance, type InstanceState } from "./instance";

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export function describeState(state: InstanceState): object {
  return { Code: CODES[state], Name: state };
}

/** Each instance has a reservation of its own. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Reservation.html */
export function describeReservation(instance: Instance): object {
  const reservation = `r-${hexOf(`reservation/${instance.id}`, 17)}`;
  return { ReservationId: reservation, OwnerId: account, Groups: [], Instances: [describeInstance(instance)] };
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html */
function describeInstance(instance: Instance): object {
  const { id, definition, state, publicIp, tags } = instance;
  const { region, profileArn, privateIp } = definition;
  const dashed = (address: string) => address.replaceAll(".", "-");
  return {
    InstanceId: id,
    ImageId: definition.image,
    State: describeState(state),
    PrivateDnsName: `ip-${dashed(privateIp)}.${region}.compute.internal`,
    PublicDnsName: publicIp ? `ec2-${dashed(publicIp)}.${region}.compute.${partitionOf(region).dnsSuffix}` : "",
    ...transitionOf(instance),
    KeyName: definition.keyName,
    AmiLaunchIndex: 0,
    ProductCodes: [],
    InstanceType: definition.type,
    LaunchTime: instance.launchedAt,
    Placement: { AvailabilityZone: definition.zone, GroupName: "", Tenancy: "default" },
    Monitoring: { State: "disabled" },
    SubnetId: definition.subnetId,
    VpcId: definition.vpcId,
    PrivateIpAddress: privateIp,
    PublicIpAddress: publicIp,
    Architecture: instance.architecture,
    RootDeviceType: "ebs",
    RootDeviceName: "/dev/xvda",
    BlockDeviceMappings: [],
    VirtualizationType: "hvm",
    Hypervisor: "xen",
    InstanceLifecycle: definition.spot && "spot",
    IamInstanceProfile: profileArn && { Arn: profileArn, Id: `AIPA${hexOf(profileArn, 17).toUpperCase()}` },
    SecurityGroups: definition.securityGroupIds.map((GroupId) => ({ GroupId, GroupName: GroupId })),
    SourceDestCheck: true,
    Tags: listTags(tags),
  };
}

/** Why an instance does not run. */
function transitionOf({ state, enteredAt }: Instance): object {
  if (state === "running" || state === "pending") return { StateTransitionReason: "" };
  const time = new Date(enteredAt).toISOString().replace("T", " ").replace(/\..*/, " GMT");
  const code = "Client.UserInitiatedShutdown";
  return {
    StateTransitionReason: `User initiated (${time})`,
    StateReason: { Code: code, Message: `${code}: User initiated shutdown` },
  };
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceStatus.html */
export function describeStatus({ id, definition, state }: Instance): object {
  const Status = state === "running" ? "ok" : state === "pending" ? "initializing" : "not-applicable";
  const check = state === "running" ? "passed" : "initializing";
  const status = { Status, ...(Status !== "not-applicable" && { Details: [{ Name: "reachability", Status: check }] }) };
  return {
    InstanceId: id,
    AvailabilityZone: definition.zone,
    InstanceState: describeState(state),
    InstanceStatus: status,
    SystemStatus: status,
  };
}
